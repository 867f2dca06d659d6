"""Budgeting for Dougong: budgets as grids, approvals, spending within them."""
