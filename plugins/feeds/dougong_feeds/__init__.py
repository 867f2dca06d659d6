"""Calendar feeds: due dates in the calendar that people use anyway, as a plugin of Dougong like any other."""
