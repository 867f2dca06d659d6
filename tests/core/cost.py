"""What something costs, in seconds: other work may run beside the tests, and the machine may hold them up."""

from __future__ import annotations

import time

PATIENCE = 60.0  # seconds of waiting that may be other work's, and not the database's with a question of ours

Begun = tuple[float, float]


def begin() -> Begun:
    """Before it."""
    return time.process_time(), time.perf_counter()


def cost(begun: Begun) -> float:
    """This process's work since then; of its waiting, for the database or for its turn, only what nothing else explains."""
    worked, passed = begun
    return max(time.process_time() - worked, time.perf_counter() - passed - PATIENCE)


__all__ = ["begin", "cost"]
