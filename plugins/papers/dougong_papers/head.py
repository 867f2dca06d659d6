"""What stands on every sheet of a company: its name and logo, the number of the form, foot and watermark, codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from io import BytesIO
from typing import Any

import segno
from dougong import Context, Resource, translator

from .settings import Settings

_ = translator("dougong_papers")

MODULE = "papers"
_LOGO = re.compile(r"/static/([\w-]+)/((?:[\w-]+/)*[\w.-]+\.(svg|png|jpe?g))")
_LARGEST = 1024 * 1024  # bytes of a logo
_STAMP = "%Y-%m-%d %H:%M"


def settings_of(x: Context[Any]) -> Settings:
    found = x.settings_of(MODULE)
    assert isinstance(found, Settings)
    return found


def settings_in(snapshot: Any) -> Settings:
    """The same, where there is no unit of work yet."""
    found = snapshot.settings(MODULE)
    assert isinstance(found, Settings)
    return found


def common(x: Context[Any], title: str, pictures: dict[str, bytes], language: str) -> dict[str, Any]:
    """What each form prints in its head and foot. A logo is added to ``pictures``."""
    own = settings_of(x)
    logo = _logo(x) if own.logo else None
    if logo:
        pictures[logo[0]] = logo[1]
    zone = x.snapshot.sites.zone()
    who = x.person.name if x.person else ""
    printed = _("Printed {when}, {person}").format(when=x.now.astimezone(zone).strftime(_STAMP), person=who)
    return {
        "title": title,
        "company": own.name or x.snapshot.name,
        "lang": language,
        "logo": logo[0] if logo else "",
        "watermark": own.watermark,
        "foot": "　".join(one for one in (str(printed), own.address, own.phone) if one),
        "pages": str(_("Page {page} of {pages}")),
    }


def form_number(x: Context[Any], resource: Resource[Any], number: str) -> str:
    """The number of the form that a company gives to records of this kind; empty: none.

    :param number: of a record, whose letters it may be made of.
    """
    letters = re.match(r"[^\W\d_]*", number)
    parts = {
        "letters": letters[0] if letters else "", "kind": resource.kind.replace(".", "-"), "year": f"{x.now:%Y}",
    }  # fmt: skip
    return settings_of(x).form_number.format_map(parts).strip("- ")


def qr(address: str) -> bytes:
    """A QR code as an SVG file."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=1, scale=4)
    return out.getvalue()


def qr_inline(address: str) -> str:
    """A QR code as an SVG element of a page, black on white; the style sheet gives its size."""
    out = BytesIO()
    made = segno.make(address, error="m", micro=False)
    made.save(
        out, kind="svg", border=2, omitsize=True, light="#fff", xmldecl=False, svgns=True, svgclass=None, lineclass=None
    )
    return out.getvalue().decode()


def _logo(x: Context[Any]) -> tuple[str, bytes] | None:
    """The company's logo, where it is a picture that a theme or a plugin of this server brings."""
    match = _LOGO.fullmatch(x.settings_of("core").logo or "")
    package = _packages(x).get(match[1]) if match else None
    if match is None or package is None:
        return None
    file = resources.files(package).joinpath("static", *match[2].split("/"))
    if ".." in match[2] or not file.is_file():
        return None
    content = file.read_bytes()
    return (f"logo.{match[3]}", content) if len(content) <= _LARGEST else None


def _packages(x: Context[Any]) -> Mapping[str, str]:
    plugins = {name: one.package for name, one in x.registry.plugins.items()}
    return {**plugins, **{name: theme.package for name, theme in x.registry.themes.items()}}


__all__ = ["MODULE", "common", "form_number", "qr", "qr_inline", "settings_in", "settings_of"]
