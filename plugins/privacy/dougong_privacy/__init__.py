"""What people may ask of their personal data, and what becomes of it in time, as a plugin of Dougong like any other."""
