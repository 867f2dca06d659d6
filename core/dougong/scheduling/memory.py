"""Holds a worker's process to an amount of memory, so that a job that wants more fails by itself (``MemoryError``) instead of
being killed by the operating system together with all that run beside it."""

from __future__ import annotations

import sys

import structlog

log = structlog.get_logger(__name__)

MEGABYTE = 2**20


def hold_to(megabytes: int) -> bool:
    """From now on the process gets no more than this.

    Linux counts what is written to privately (``RLIMIT_DATA``): libraries and files that are mapped do not count, of the
    threads' stacks 8 MB each do. Elsewhere the address space is held (``RLIMIT_AS``), which counts more: give it twice as much.

    :returns: whether the operating system agreed; if not, the log says so.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limits
        log.error("this operating system cannot hold a process to an amount of memory")
        return False
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    _soft, hard = resource.getrlimit(kind)
    try:
        resource.setrlimit(kind, (megabytes * MEGABYTE, hard))
    except (ValueError, OSError) as error:
        log.error("the memory could not be limited", megabytes=megabytes, reason=str(error))
        return False
    return True


__all__ = ["hold_to"]
