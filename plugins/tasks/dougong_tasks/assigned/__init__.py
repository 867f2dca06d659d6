"""Assigned work, until the assigner has signed it."""
