from ..declaration.conftest import trial_registry, world

__all__ = ["trial_registry", "world"]
