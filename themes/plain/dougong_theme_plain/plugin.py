"""The base theme: templates, tokens and static files that every other theme may build on; no logic."""

from __future__ import annotations

from dougong import Manifest, Theme, hookimpl, translator

_ = translator("dougong_theme_plain")

manifest = Manifest(
    name="theme-plain",
    version="0.1.0",
    label=_("Plain"),
    summary=_("The base theme: calm, dense where work is dense, light and dark."),
    licence="Apache-2.0",
    icon="view",
    kind="theme",
)


@hookimpl
def dougong_theme() -> Theme:
    return Theme(name="plain", label=_("Plain"), package="dougong_theme_plain", parent=None)
