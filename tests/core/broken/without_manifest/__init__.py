"""Says nothing of itself."""
