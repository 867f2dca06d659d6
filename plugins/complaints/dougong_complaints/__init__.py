"""Complaints 投诉: from registration to the return visit, as a plugin of Dougong like any other."""
