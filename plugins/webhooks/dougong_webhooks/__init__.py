"""Webhooks: other programs hear of changes in any module, as a plugin of Dougong like any other."""
