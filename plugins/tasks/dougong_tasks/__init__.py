"""Tasks and reports upward for Dougong."""
