"""The workflows: what may be done with templates, routes, plans, tasks and findings."""
