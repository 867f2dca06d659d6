"""Import and export for the records of every module, as a plugin of Dougong like any other."""
