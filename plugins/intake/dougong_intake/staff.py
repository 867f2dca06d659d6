"""What staff see of a resident's case beside the record, and handing out a follow-up code for a case of any channel.

Also the pages on which a company writes its notice to residents, a version each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from dougong import (
    Asked,
    Context,
    FieldError,
    Invalid,
    Location,
    NotFound,
    PageRoute,
    Record,
    ResidentForm,
    page,
    stamp,
    translator,
    write,
)
from dougong.views import (
    ADMINISTRATION,
    Action,
    AsideCard,
    Crumb,
    Fact,
    FormPage,
    Input,
    Line,
    MenuItem,
    Section,
    Value,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from . import texts
from .demo import doors
from .keys import address_of, grouped, qr
from .points import CODES, PATH, TITLE
from .public import P, give
from .records import Case, Consent, Key, Point, Text
from .scene import settings_of
from .submissions import Submission

_ = translator("dougong_intake")

GIVE = "intake.give"
NOTICE = "/intake/notice"
_LONGEST = 20_000


# ---- beside the record ----


def beside(where: str, subject: Any, x: Context[Any]) -> Sequence[Any]:
    """View objects for a page, as ``dougong_slots`` has it."""
    if where == "shell":
        return [MenuItem(str(TITLE), PATH, "mods", group=str(ADMINISTRATION))] if x.gate.scope(CODES).free else []
    if where == "demo":
        return [Line(label, href=address) for label, address in doors(x)]
    kind = where.removeprefix("detail:")
    if where == kind or not isinstance(subject, Record):
        return []
    form = next((f for _m, f in x.contributed(ResidentForm) if f.record.kind == kind), None)
    if form is None and kind != Submission.kind:
        return []
    case = x.session.scalar(sa.select(Case).where(Case.record_kind == kind, Case.record_id == subject.id))
    found: list[Any] = [_card(x, subject, case)] if case is not None else []
    if form is not None and x.gate.may(GIVE, subject.site_id):
        found.append(Action(str(_("Give out a follow-up code")), f"/intake/give/{kind}/{subject.id}", "key", post=True))
    return found


def _card(x: Context[Any], record: Record, case: Case) -> AsideCard:
    zone = x.snapshot.sites.zone(record.site_id)
    facts = [(str(_("Came in by")), _source(x, record, case))]
    consent = x.session.scalar(
        sa.select(Consent).where(Consent.record_kind == record.kind, Consent.record_id == record.id).limit(1)
    )
    if consent is not None:
        agreed = _("version {n} of the notice, {at}").format(n=consent.version, at=stamp(consent.at, zone))
        facts.append((str(_("Agreed to")), str(agreed)))
    elif case.anonymous:
        facts.append((str(_("Agreed to")), str(_("nothing needed: anonymous"))))
    keys = x.session.scalar(sa.select(sa.func.count()).select_from(Key).where(Key.case_id == case.id))
    facts.append((str(_("Follow-up codes")), str(keys)))
    return AsideCard(str(_("Resident")), [Fact(label, Value("text", text)) for label, text in facts])


def _source(x: Context[Any], record: Record, case: Case) -> str:
    point = x.session.get(Point, (x.tenant, case.point_id)) if case.point_id else None
    if point is None:
        return str(_("registered by staff"))
    place = x.session.get(Location, (x.tenant, point.location_id)) if point.location_id else None
    where = place.name if place else x.snapshot.sites.node(point.site_id).name
    return str(_("QR code: {place}").format(place=where))


# ---- a code for a case ----


@dataclass
class GivenPage:
    """A code that is shown this once. ``intake/given.html`` draws it."""

    title: str
    subtitle: str
    code: str
    link: str
    qr: str
    back: Action
    crumbs: list[Crumb]


async def give_out(asked: Asked) -> Response:
    """``POST /intake/give/<kind>/<id>``: shown once, kept as a digest."""
    kind, id = asked.path_params["kind"], asked.uuid()
    form = next(
        (f for _m, f in asked.app.registry.contributed(ResidentForm, asked.snapshot.modules) if f.record.kind == kind),
        None,
    )
    if form is None:
        raise NotFound

    def work(session: Session) -> tuple[str, str]:
        x = asked.context(session, "intake")
        record: Record = x.get(form.record, id)
        if not x.gate.may(GIVE, record.site_id):
            raise NotFound
        row = {"record_kind": kind, "record_id": id, "form": form.slug, "at": asked.now}
        made = insert(Case).values(**row, anonymous=False)
        session.execute(made.on_conflict_do_nothing(index_elements=[Case.tenant_id, Case.record_kind, Case.record_id]))
        case = session.scalars(sa.select(Case).where(Case.record_kind == kind, Case.record_id == id)).one()
        return give(session, asked, case), record.number

    code, number = await write(asked, work)
    at = f"/{kind.replace('.', '/')}/{id}"
    link = address_of(asked, f"{P}/{code}")
    shown = GivenPage(
        str(_("Follow-up code of {number}").format(number=number)),
        str(
            _(
                "Tell it to the resident, or let them scan it. It is shown this once; another one can be made at any time."
            )
        ),
        grouped(code),
        link,
        qr(link),
        Action(str(_("Back to {number}").format(number=number)), at),
        [Crumb(number, at), Crumb(str(_("Follow-up code")))],
    )
    return page(asked, "intake/given.html", shown)


# ---- the notice ----


def _whole(asked: Asked) -> None:
    """The notice is the company's: whoever looks after the codes of all sites writes it."""
    if not asked.gate.may(CODES, asked.snapshot.sites.root):
        raise NotFound


def _notice_form(asked: Asked, zh: str, en: str, had: list[Text], problem: Invalid | None = None) -> FormPage:
    wrong = {error.path: str(error.message) for error in problem.errors} if problem else {}
    zone = asked.snapshot.sites.zone()
    rows = [("zh", _("Chinese"), zh), ("en", _("English"), en)]
    inputs = [
        Input(name, str(label), "prose", value=text, required=True, maxlength=_LONGEST, error=wrong.get(name, ""))
        for name, label, text in rows
    ]
    lines = [
        Line(str(_("Version {n}").format(n=one.version)), stamp(one.at, zone), f"{NOTICE}?version={one.version}", "doc")
        for one in had
    ]
    return FormPage(
        str(_("Notice to residents")),
        NOTICE,
        str(_("Save as a new version")),
        [Section("", inputs)],
        crumbs=[Crumb(str(TITLE), PATH), Crumb(str(_("Notice to residents")))],
        subtitle=str(
            _("Residents read it before they leave a name or phone number; which version, stands with each case.")
        ),
        cancel=PATH,
        errors=[(one.name, f"{one.label}: {one.error}") for one in inputs if one.error],
        aside=[
            AsideCard(
                str(_("Versions")),
                lines=lines,
                text="" if lines else str(_("The built-in text; nobody has agreed to it yet.")),
            )
        ],
    )


def _versions(session: Session) -> list[Text]:
    found = list(session.scalars(sa.select(Text).order_by(Text.version.desc()).limit(50)))
    session.expunge_all()
    return found


async def notice(asked: Asked) -> Response:
    """``GET /intake/notice``: the newest version, or an earlier one by ``?version=``."""
    _whole(asked)
    wanted = asked.params(("version",)).get("version", "")
    had = await write(asked, _versions)
    shown = next((one for one in had if str(one.version) == wanted), had[0] if had else None)
    zh, en = (shown.zh, shown.en) if shown else texts.built_in(asked, settings_of(asked))
    return page(asked, "form.html", _notice_form(asked, zh, en, had))


async def write_notice(asked: Asked) -> Response:
    """``POST /intake/notice``."""
    _whole(asked)
    form = await asked.form()
    zh, en = (form.get(name, "").replace("\r\n", "\n").strip() for name in ("zh", "en"))
    errors = [
        FieldError(name, _("is required") if not text else _("At most {n} characters.").format(n=_LONGEST))
        for name, text in (("zh", zh), ("en", en))
        if not text or len(text) > _LONGEST
    ]
    if errors:
        had = await write(asked, _versions)
        return page(asked, "form.html", _notice_form(asked, zh, en, had, Invalid(errors=tuple(errors))), 422)

    def work(session: Session) -> int:
        last = texts.kept(session, asked, settings_of(asked))
        by = asked.person.id if asked.person else None
        session.add(Text(version=last + 1, zh=zh, en=en, made_by=by, at=asked.now))
        return last + 1

    version = await write(asked, work)
    asked.flash(_("Version {n} holds from now on.").format(n=version))
    return RedirectResponse(NOTICE, 303)


ROUTES = (
    PageRoute("give/{kind}/{id}", give_out, "POST"),
    PageRoute("notice", notice),
    PageRoute("notice", write_notice, "POST"),
)
