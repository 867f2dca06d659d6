"""The company's own words for events, in each language: list, form with a preview, back to what was delivered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from dougong import (
    Asked,
    Event,
    FieldError,
    Invalid,
    NotFound,
    PageRoute,
    Problem,
    page,
    speaking,
    translator,
    with_problem,
    write,
)
from dougong.views import AsideCard, Card, CardsPage, Fact, FormPage, Input, Line, Section, Value
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from .frame import CONFIGURE, MODULE, crumbs, need, tabs
from .records import Template
from .wording import PLACEHOLDERS, TEXT, TITLE, Templates, delivered, events, fill, one_line, own_templates, unknown

_ = translator("dougong_notify")

PATH = "/notify/templates"
LANGUAGES = {"zh": "中文", "en": "English"}
_LONGEST = 1000

# What the preview puts in: nobody's data.
_SAMPLE: Mapping[str, Any] = {
    "number": "TS-2026-000123",
    "record": _("Record"),
    "title": _("Water drips from the ceiling of the hall"),
    "site": _("Garden No. 1"),
    "status": _("In progress"),
    "action": _("Assign"),
    "person": _("Service lead"),
}


async def show(asked: Asked) -> Response:
    """``GET /notify/templates``."""
    need(asked, CONFIGURE)
    asked.params()

    def work(session: Session) -> tuple[list[Event], Templates]:
        x = asked.context(session, MODULE)
        return list(events(x).values()), own_templates(x)

    found, own = await write(asked, work)
    lines = []
    for event in found:
        mine = [name for code, name in LANGUAGES.items() if (event.name, code) in own]
        end = Value("tag", str(_("own: {languages}").format(languages=", ".join(mine))), tone="info") if mine else None
        lines.append(Line(str(event.label), str(event.title), f"{PATH}/{event.name}", "doc", end))
    shown = CardsPage(
        str(_("Templates")),
        [Card(str(_("Events")), lines)],
        subtitle=str(_("The words of messages, in the inbox and on the way out.")),
        crumbs=crumbs((_("Templates"), None)),
        tabs=tabs(asked),
    )
    return page(asked, "cards.html", shown)


def _event(asked: Asked) -> Event:
    need(asked, CONFIGURE)
    for _module, event in asked.app.registry.contributed(Event, asked.snapshot.modules):
        if event.name == asked.path_params["event"]:
            return event
    raise NotFound


def _held(event: Event, own: Templates) -> dict[str, str]:
    found: dict[str, str] = {}
    for code in LANGUAGES:
        with speaking(code):
            title, text = own.get((event.name, code)) or delivered(event)
        found |= {f"{code}.title": title, f"{code}.text": text}
    return found


async def edit(asked: Asked) -> Response:
    """``GET /notify/templates/<event>``."""
    event = _event(asked)
    asked.params()
    own = await write(asked, lambda session: own_templates(asked.context(session, MODULE)))
    return _form(asked, event, _held(event, own))


def _form(
    asked: Asked, event: Event, sent: Mapping[str, str], problem: Problem | None = None, *, preview: bool = False
) -> Response:
    sections = []
    for code, name in LANGUAGES.items():
        title = Input(
            f"{code}.title", str(_("Title")), "line", sent.get(f"{code}.title", ""), required=True, maxlength=200
        )
        text = Input(f"{code}.text", str(_("Text")), "prose", sent.get(f"{code}.text", ""), maxlength=_LONGEST)
        sections.append(Section(name, [title, text]))
    places = [Fact(f"{{{name}}}", Value("text", str(label))) for name, label in PLACEHOLDERS.items()]
    form = FormPage(
        str(event.label),
        f"{PATH}/{event.name}",
        str(_("Save")),
        sections,
        crumbs=crumbs((_("Templates"), PATH), (str(event.label), None)),
        others=[("preview", "1", str(_("Preview"))), ("reset", "1", str(_("Back to what was delivered")))],
        cancel=PATH,
        aside=[
            *(_previews(asked, sent) if preview else ()),
            AsideCard(str(_("Placeholders")), facts=places, text=str(_("Everything else is taken as it stands."))),
        ],
    )
    return page(asked, "form.html", with_problem(form, problem), problem.status if problem else 200)


def _previews(asked: Asked, sent: Mapping[str, str]) -> list[AsideCard]:
    found = []
    for code, name in LANGUAGES.items():
        with speaking(code):
            put = {**{key: str(value) for key, value in _SAMPLE.items()}, "company": asked.snapshot.name}
        title = one_line(fill(sent.get(f"{code}.title", ""), put), TITLE)
        text = fill(sent.get(f"{code}.text", ""), put)[:TEXT]
        label = _("Preview: {language}").format(language=name)
        found.append(AsideCard(str(label), text=f"{title}\n\n{text}"))
    return found


def check(sent: Mapping[str, str]) -> None:
    """:raises Invalid: a title is missing, spans lines or is too long, or a placeholder is none."""
    wrong = []
    for code in LANGUAGES:
        title, text = sent[f"{code}.title"], sent[f"{code}.text"]
        if not title:
            wrong.append(FieldError(f"{code}.title", _("Please fill this in.")))
        if "\n" in title or "\r" in title:
            wrong.append(FieldError(f"{code}.title", _("A title is one line.")))
        for part, most in (("title", 200), ("text", _LONGEST)):
            if len(sent[f"{code}.{part}"]) > most:
                wrong.append(FieldError(f"{code}.{part}", _("At most {n} characters.").format(n=most)))
        for part, held in (("title", title), ("text", text)):
            if names := unknown(held):
                told = _("There is no placeholder {names}.").format(names=", ".join(f"{{{n}}}" for n in names[:5]))
                wrong.append(FieldError(f"{code}.{part}", told))
    if wrong:
        raise Invalid(errors=tuple(wrong))


async def save(asked: Asked) -> Response:
    """``POST /notify/templates/<event>``: what equals the delivered words is not kept, so that it follows them."""
    event, form = _event(asked), await asked.form()
    sent = {
        f"{c}.{p}": form.get(f"{c}.{p}", "").replace("\r\n", "\n").strip() for c in LANGUAGES for p in ("title", "text")
    }
    try:
        if not form.get("reset"):
            check(sent)
    except Invalid as problem:
        return _form(asked, event, sent, problem)
    if form.get("preview"):
        return _form(asked, event, sent, preview=True)

    def work(session: Session) -> None:
        tenant = asked.snapshot.tenant
        session.execute(sa.delete(Template).where(Template.tenant_id == tenant, Template.event == event.name))
        for code in LANGUAGES if not form.get("reset") else ():
            title, text = sent[f"{code}.title"], sent[f"{code}.text"]
            with speaking(code):
                same = (title, text) == delivered(event)
            if not same:
                session.add(Template(event=event.name, locale=code, title=title, text=text))

    await write(asked, work)
    asked.flash(_("Saved."))
    return RedirectResponse(PATH, 303)


ROUTES = (
    PageRoute("templates", show),
    PageRoute("templates/{event}", edit),
    PageRoute("templates/{event}", save, "POST"),
)
