"""Plugins: found by entry point, checked one by one, put in the order of their dependencies, collected in the registry.

A plugin that fails a check is off, with words that say what to do; the platform starts without it.
"""

from .loader import load
from .manifest import Failure, Loaded, Manifest
from .registry import Hooks, Registry

__all__ = ["Failure", "Hooks", "Loaded", "Manifest", "Registry", "load"]
