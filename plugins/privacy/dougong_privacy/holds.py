"""Legal holds on records of any module: the page that sets and releases them, and what a record's page shows."""

from __future__ import annotations

from typing import Any

from dougong import (
    Asked,
    Context,
    Form,
    NotFound,
    Prose,
    Record,
    Resource,
    form_body,
    form_inputs,
    hold_of,
    hold_record,
    page,
    release_record,
    stamp,
    translator,
    validate,
    write,
)
from dougong import asked as asks
from dougong.views import Action, AsideCard, Crumb, Fact, FormPage, Section, Value
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, RedirectResponse, Response

from .roles import HOLD

_ = translator("dougong_privacy")


class Reason(Form):
    reason: Prose = asks(
        _("Reason"), help=_("As “court case 12” or “inspection of the authority”. It stands in the history.")
    )


def record_of(x: Context[Any], asked: Asked) -> tuple[Resource[Any], Record]:
    """The record of an address: which this person may see and hold, or any where they answer for the whole company."""
    resource = x.registry.resources.get(asked.path_params["kind"])
    if resource is None or resource.module not in x.snapshot.modules:
        raise NotFound
    if x.gate.may(HOLD, x.snapshot.sites.root):
        found: Record | None = x.session.get(resource.record, (x.tenant, asked.uuid()))
        if found is None:
            raise NotFound
        return resource, found
    record: Record = x.get(resource.record, asked.uuid())
    if not x.gate.may(HOLD, record.site_id):
        raise NotFound
    return resource, record


def back(x: Context[Any], resource: Resource[Any], record: Record) -> str:
    """The record's page, where this person may see it; else that of requests."""
    return (
        f"{resource.path}/{record.id}"
        if x.gate.may(resource.permission("read"), record.site_id)
        else "/privacy/request"
    )


async def show(asked: Asked) -> Response:
    asked.params()

    def load(session: Session) -> FormPage:
        x = asked.context(session, "privacy")
        resource, record = record_of(x, asked)
        held = hold_of(x, record)
        title = _("Release the legal hold on {number}") if held else _("Set a legal hold on {number}")
        words = _("It stands because: {reason}").format(reason=held.reason) if held else None
        return FormPage(
            str(title.format(number=record.number)),
            f"/privacy/hold/{resource.kind}/{record.id}",
            str(_("Release") if held else _("Set")),
            [Section(str(_("Reason")), [form_inputs(asked, Reason, "privacy")["reason"]])],
            crumbs=[
                Crumb(str(resource.label), resource.path),
                Crumb(record.number, f"{resource.path}/{record.id}"),
                Crumb(str(_("Legal hold"))),
            ],
            subtitle=str(
                words
                or _("While it stands nothing of the record is erased or deleted, whoever asks and whatever its term.")
            ),
            hidden=[("held", "1")] if held else [],
            cancel=back(x, resource, record),
        )

    return page(asked, "form.html", await write(asked, load))


async def change(asked: Asked) -> Response:
    """Set or release, as the form that was looked at said; twice is once."""
    asked.params()
    form = await asked.form()
    _typed, body = form_body(asked, Reason, form)
    reason = validate(Reason, body, None).reason  # type: ignore[attr-defined]

    def work(session: Session) -> str:
        x = asked.context(session, "privacy")
        resource, record = record_of(x, asked)
        (release_record if form.get("held") else hold_record)(x, record, reason)
        return back(x, resource, record)

    to = await write(asked, work)
    asked.flash(_("The legal hold is released.") if form.get("held") else _("A legal hold stands on it."))
    return RedirectResponse(to, 303)


async def put(asked: Asked) -> Response:
    """The API: set."""
    return await _api(asked, True)


async def remove(asked: Asked) -> Response:
    """The API: release."""
    return await _api(asked, False)


async def _api(asked: Asked, on: bool) -> Response:
    asked.params()
    sent = await asked.json()
    body = sent if isinstance(sent, dict) else {}

    def work(session: Session) -> dict[str, Any]:
        x = asked.context(session, "privacy")
        _resource, record = record_of(x, asked)
        reason = validate(Reason, body, None).reason  # type: ignore[attr-defined]
        (hold_record if on else release_record)(x, record, reason)
        held = hold_of(x, record)
        return {"held": held is not None, "reason": held.reason if held else None}

    return JSONResponse(await write(asked, work))


def beside(record: Record, x: Context[Any]) -> list[AsideCard | Action]:
    """What a record's page shows of it."""
    made: list[AsideCard | Action] = []
    held = hold_of(x, record)
    may = x.gate.may(HOLD, record.site_id)
    href = f"/privacy/hold/{record.kind}/{record.id}"
    if held is not None:
        zone = x.snapshot.sites.zone(record.site_id)
        by = x.snapshot.people.get(held.set_by) if held.set_by else None
        facts = [
            Fact(str(_("Reason")), Value("prose", held.reason)),
            Fact(str(_("Since")), Value("datetime", stamp(held.set_at, zone))),
        ]
        if by:
            facts.append(Fact(str(_("By")), Value("person", by.name)))
        made.append(
            AsideCard(str(_("Legal hold")), facts, text=str(_("Nothing of it is erased or deleted while it stands.")))
        )
    if may:
        made.append(Action(str(_("Release the legal hold") if held else _("Set a legal hold")), href, "lock"))
    return made
