"""Inspections for Dougong: routes walked on the phone, also without network."""
