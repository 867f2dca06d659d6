"""What a module has printed in its own way: the form and its words, for whichever module sets PDF documents.

Owns the declaration only. Setting, fonts, head and foot are the printing module's (``plugins/papers``), who may see the record
is judged before ``gather`` is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..words import Lazy

if TYPE_CHECKING:
    from .context import Context


@dataclass(frozen=True)
class Paper:
    """A printed document of a record. Contributed by ``dougong_contributions``.

    :param name: part of its address, of small letters: ``/papers/<module>/<record>/<id>/<name>.pdf``.
    :param kind: of the record. :param label: of the button on the record's page.
    :param form: the form's text: Typst that begins with ``#import "common.typ": *`` and reads ``data.json``. It is the plugin's
        own code; what people wrote comes to it as data alone.
    :param gather: what the form prints of a record that the context's person may see: words, as JSON can hold them. The head of
        every sheet (``title``, ``company``, ``logo``, ``foot``, ``watermark``, ``pages``) is added, unless it is given here.
    :param offered: whether it can be had of this record now; may raise a refusal in words when it is asked for all the same.
    """

    name: str
    kind: str
    label: Lazy
    form: Callable[[], str]
    gather: Callable[[Any, Context[Any]], Mapping[str, Any]]
    offered: Callable[[Any, Context[Any]], bool] = lambda record, x: True

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or not self.name.islower():
            raise ValueError(f"{self.name!r} is no name of a paper")


__all__ = ["Paper"]
