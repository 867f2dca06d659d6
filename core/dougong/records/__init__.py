"""Records: what a plugin declares once, and what the core makes of it.

Public names for plugins are those that ``dougong`` itself exports; other packages of the core import the modules.
"""
