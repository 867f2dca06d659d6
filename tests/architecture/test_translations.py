"""Every message has its Chinese, and the checker finds those that have none."""

from __future__ import annotations

from pathlib import Path

from dougong.testing.translations import holes, installed

CODE = """
from dougong import translator, plural
_ = translator("sample")
TITLE = _("Title")
MORE = _("{n} more of {what}").format(n=2, what=TITLE)
LONG = _(
    "A long "
    "message"
)
"""
TEMPLATE = '<h1 title="{{ _(\'Hint\') }}">{{ _("Heading {n}").format(n=1) }}</h1>{% if x %}{{ _("Title") }}{% endif %}'


def sample(folder: Path, **chinese: str) -> list[str]:
    (folder / "templates").mkdir()
    (folder / "locale").mkdir()
    (folder / "code.py").write_text(CODE)
    (folder / "templates" / "page.html").write_text(TEMPLATE)
    pairs = "\n".join(f'msgid "{key}"\nmsgstr "{value}"\n' for key, value in chinese.items())
    (folder / "locale" / "zh.po").write_text(
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n{pairs}'
    )
    return [hole.problem for hole in holes(folder)]


COMPLETE = {
    "Title": "标题",
    "{n} more of {what}": "还有 {n} 个{what}",
    "A long message": "一条长消息",
    "Hint": "提示",
    "Heading {n}": "标题 {n}",
}


def test_a_complete_catalogue_has_no_holes(tmp_path: Path) -> None:
    assert sample(tmp_path, **COMPLETE) == []


def test_code_and_templates_are_read(tmp_path: Path) -> None:
    found = sample(tmp_path)
    assert len(found) == 6
    assert all("no translation" in problem for problem in found)


def test_wrong_names_and_leftovers_are_found(tmp_path: Path) -> None:
    chinese = {**COMPLETE, "Heading {n}": "标题 {m}", "Gone": "没了", "Hint": ""}
    problems = sorted(sample(tmp_path, **chinese))
    assert ["Gone" in problems[1], "Hint" in problems[0], "other {names}" in problems[2]] == [True, True, True]


def test_all_installed_packages_are_complete() -> None:
    assert [str(hole) for folder in installed() for hole in holes(folder)] == []
