"""Why a job failed, in words of people who administer a company and have never seen the code.

What is stored is the exception's name and its place; here it becomes a sentence, with what mends it where somebody can.
"""

from __future__ import annotations

from ..words import Lazy, translator

_ = translator("dougong")

_KNOWN: dict[str, Lazy] = {
    "TimedOut": _("It took longer than it may."),
    "WorkerDied": _("The program that did it ended without a word."),
    "Exhausted": _("The program ended at every try before it was done, perhaps for want of memory."),
    "MemoryError": _("It needed more memory than it may have."),
    "Lost": _("The database was away."),
    "OperationalError": _("The database was away."),
    "Contended": _("Others worked at the same data at the same time."),
    "Unavailable": _("The place where files lie was away."),
    "Unreachable": _("The other side did not answer."),
    "NotFound": _("What it was to work on is gone, or may not be seen."),
}
_OUR_FAULT = _("An error in the program ({kind}). Tell whoever runs Dougong, with the number of the job.")


def why(kind: str | None, words: str | None) -> Lazy | str:
    """The reason of a failure; empty where none was kept.

    :param kind: the exception's name, with or without its module. :param words: ours, where it was a refusal in words.
    """
    if words:
        return words
    if not kind:
        return ""
    name = kind.rpartition(".")[2]
    return _KNOWN.get(name) or _OUR_FAULT.format(kind=name)


__all__ = ["why"]
