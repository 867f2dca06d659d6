"""Themes build on one another without meeting; plugins bring templates that a theme may override."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
from dougong.web.themes import Theme, Themes
from dougong.words import Lazy, load_catalogue, locale

FILES = {
    "tt_base/templates/page.html": "base page {{ _('Hello') }} {{ x }}",
    "tt_base/templates/part.html": "base part",
    "tt_base/static/look.css": "base{}",
    "tt_base/static/own.css": "own{}",
    "tt_base/locale/zh.po": 'msgid "Hello"\nmsgstr "您好"\n',
    "tt_child/templates/page.html": "{% include 'tt-base/page.html' %} child {% include 'part.html' %}",
    "tt_child/templates/toys/toy.html": "toy of the theme",
    "tt_child/static/look.css": "child{}",
    "tt_toys/templates/toys/toy.html": "toy",
    "tt_toys/templates/toys/only.html": "only {{ static('toys/toy.svg').partition('?')[0] }}",
    "tt_toys/static/toy.svg": "<svg/>",
}


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        (tmp_path / name.split("/")[0] / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    load_catalogue("tt_base")


@pytest.fixture
def themes(packages: None) -> Themes:
    base = Theme("tt-base", Lazy("Base"), "tt_base")
    child = Theme("tt-child", Lazy("Child"), "tt_child", parent="tt-base")
    return Themes({"tt-base": base, "tt-child": child}, {"toys": "tt_toys"}, default="tt-base")


def address(themes: Themes, theme: str, path: str) -> str:
    return themes.environment(theme).from_string("{{ static(path) }}").render(path=path)


def test_a_child_holds_only_what_differs(themes: Themes) -> None:
    spoken = locale.set("zh")
    assert themes.render("tt-child", "page.html", x="<b>") == "base page 您好 &lt;b&gt; child base part"
    assert themes.render("tt-base", "page.html", x="") == "base page 您好 "
    locale.set("en")
    assert themes.render("tt-base", "page.html", x="") == "base page Hello "
    locale.reset(spoken)


def test_plugins_bring_templates_that_a_theme_may_override(themes: Themes) -> None:
    assert themes.render("tt-base", "toys/toy.html") == "toy"
    assert themes.render("tt-child", "toys/toy.html") == "toy of the theme"
    assert themes.render("tt-child", "toys/only.html") == "only /static/toys/toy.svg"


def test_each_theme_has_its_own_environment_and_files(themes: Themes) -> None:
    assert themes.environment("tt-base") is not themes.environment("tt-child")
    assert address(themes, "tt-base", "look.css").startswith("/static/tt-base/look.css?v=")
    assert address(themes, "tt-child", "look.css").startswith("/static/tt-child/look.css?v=")
    assert address(themes, "tt-child", "own.css").startswith("/static/tt-base/own.css?v=")


def test_a_theme_that_is_gone_falls_back(themes: Themes) -> None:
    assert themes.environment("removed") is themes.environment("tt-base")


def test_what_a_template_misses_is_an_error(themes: Themes) -> None:
    with pytest.raises(jinja2.UndefinedError):
        themes.render("tt-base", "page.html")
    with pytest.raises(LookupError, match=r"no static file 'none\.css'"):
        address(themes, "tt-base", "none.css")
    with pytest.raises(jinja2.TemplateNotFound):
        themes.render("tt-base", "../__init__.py")


def test_impossible_chains(packages: None) -> None:
    with pytest.raises(ValueError, match="not installed"):
        Themes({"a": Theme("a", Lazy("A"), "tt_base", parent="b")}, {})
    with pytest.raises(ValueError, match="builds on itself"):
        Themes({"a": Theme("a", Lazy("A"), "tt_base", parent="a")}, {})
    with pytest.raises(ValueError, match="no theme could be loaded"):
        Themes({}, {})
