"""What ``dougong doctor`` finds, and how a plugin takes part in the looking. ``doctor`` itself looks at the platform."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..words import Lazy


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be.

    :ivar level: ``bad``: a barrier or a part of the platform is down; ``warn``: it works, but should be mended.
    """

    level: str
    text: Lazy
    mend: Lazy


@dataclass(frozen=True)
class Checkup:
    """A plugin's part of ``dougong doctor``, given by ``dougong_contributions``.

    :param look: what is missing on this machine for the plugin to work; reads only, and takes no longer than seconds.
    """

    look: Callable[[], Iterable[Finding]]


__all__ = ["Checkup", "Finding"]
