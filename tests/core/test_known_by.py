"""What a record may be known by: a field that is unique by itself, and that everybody reads who sees the record."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from dougong import Line, Record, field, translator
from sqlalchemy.orm import Mapped

_ = translator(__name__)
SECRET = """
from dougong import Line, Record, field, translator
from sqlalchemy.orm import Mapped

WORD = translator("x")("T")
for name, more in {"a": {"personal": True}, "b": {"reads": "known.secret"}, "c": {"mask": "all"}}.items():
    said = {"code": field(translator("x")("Code"), **more), "__annotations__": {"code": Mapped[Line]}, "__module__": __name__}
    try:
        type(Record)(name, (Record,), said, kind=f"known.{name}", label=WORD, unique=[("code",)], known_by=("code",))
    except TypeError as error:
        print(error)
"""


@pytest.mark.parametrize("unique", [[], [("site_id", "code")]])
def test_what_could_mean_two_is_refused(unique: Any) -> None:
    with pytest.raises(TypeError, match="not unique by itself"):

        class Thing(Record, kind="known.thing", label=_("Thing"), unique=unique, known_by=("code",)):
            code: Mapped[Line] = field(_("Code"))


def test_what_is_not_for_everybody_is_refused() -> None:
    """In a process of its own: the tables that it declares on the way would stay."""
    done = subprocess.run([sys.executable, "-c", SECRET], capture_output=True, text=True, check=True)
    assert done.stdout.count("is not for everybody") == 3, done.stdout + done.stderr
