"""Adding, changing, inviting and disabling people: the forms, and what they do at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import Response

from ...access import manage
from ...access.desk import Desk
from ...access.invitations import LASTS
from ...access.people import Person
from ...access.signin import sign_out_everywhere
from ...access.tables import Person as PersonRow
from ...errors import Problem
from ...words import translator
from ..display import stamp
from ..signin import redirect
from ..views import Card, FormPage, Input, Line, Section
from . import link_mail
from .common import REFUSED, ask_again, at_desk, crumbs, form_page, need, options, zone_of
from .people import LANGUAGES, PATH, person_of, person_page

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

_NONE: Mapping[str, str] = {}


def _inputs(sent: Mapping[str, str]) -> list[Input]:
    languages = options(list(LANGUAGES.items()), sent.get("locale", ""))
    return [
        Input("name", str(_("Full name")), "line", sent.get("name", ""), required=True, maxlength=100),
        Input("phone", str(_("Phone")), "phone", sent.get("phone", ""), maxlength=40),
        Input("email", str(_("E-mail")), "email", sent.get("email", ""), maxlength=200),
        Input("locale", str(_("Language")), "choice", options=languages, help=str(_("Empty: as the company's."))),
    ]


def _new_form(sent: Mapping[str, str], *, mail: bool = False) -> FormPage:
    username = Input(
        "username", str(_("User name")), "line", sent.get("username", ""), required=True, maxlength=64, autocomplete="off",
        help=str(_("For signing in; it cannot be changed later. Letters, digits and . _ - @ +, for instance a staff number.")),
    )  # fmt: skip
    letter = Input(link_mail.FIELD, str(_("Send the link to the e-mail address")), "bool", sent.get(link_mail.FIELD, ""))
    return FormPage(
        str(_("Add a person")),
        f"{PATH}/new",
        str(_("Add and make the invitation link")),
        [Section("", [username, *_inputs(sent), *([letter] if mail else [])])],
        crumbs=crumbs((_("People"), PATH), (_("Add a person"), None)),
        cancel=PATH,
    )


async def new(asked: Asked) -> Response:
    """``GET /admin/people/new``."""
    need(asked, "core.people.edit")
    asked.params()
    return form_page(asked, _new_form(_NONE, mail=await link_mail.offered(asked)))


async def create(asked: Asked) -> Response:
    """``POST /admin/people/new``: the person and, on the next page, the link, which is shown this once."""
    need(asked, "core.people.edit")
    form = await asked.form()
    given = {k: form.get(k, "").strip() for k in ("username", "name", "email", "phone", "locale")}

    def add(desk: Desk) -> tuple[PersonRow, str]:
        made = manage.create_person(desk, **given)
        return made, manage.invite_person(desk, made.id)

    try:
        made, secret = await at_desk(asked, add)
    except REFUSED as problem:
        return form_page(asked, _new_form(form, mail=await link_mail.offered(asked)), problem)
    await asked.app.refresh(asked)
    person = Person(made.id, made.username, made.name, made.locale, made.status)
    return await _link_page(asked, person, secret, "invite", mail=form.get(link_mail.FIELD) == "1")


async def _link_page(asked: Asked, person: Person, secret: str, purpose: str, *, mail: bool) -> Response:
    """The person's page with the link; sent by e-mail before, where that was asked for."""
    sent: Line | None = None
    if mail:
        until = stamp(asked.now + LASTS[purpose], zone_of(asked))
        why = await link_mail.send(asked, person, _link(asked, secret), purpose, until)
        words = _("It was sent by e-mail.") if why is None else _("It could not be sent by e-mail: {why}").format(why=why)
        sent = Line(str(words), icon="send" if why is None else "warn")
    return await person_page(asked, person, _link_card(asked, secret, purpose, person, sent))


def _link(asked: Asked, secret: str) -> str:
    host = asked.headers.get(b"host", b"").decode("latin-1")
    return f"{'https' if asked.https else 'http'}://{host}/invite/{secret}"


def _link_card(asked: Asked, secret: str, purpose: str, person: Person, sent: Line | None = None) -> Card:
    link = _link(asked, secret)
    until = stamp(asked.now + LASTS[purpose], zone_of(asked))
    told = _("Give this link to {name}; it is shown this once and holds until {until}.\n\n{link}")
    title = _("Invitation link") if purpose == "invite" else _("Link to a new password")
    next_step = Line(
        str(_("Next: give {name} a role").format(name=person.name)),
        icon="key",
        href=f"/admin/grants/new?person={person.id}",
    )
    lines = [next_step] if asked.gate.may("core.grants.edit", None) and not asked.snapshot.grants_of(person.id) else []
    lines = [*([sent] if sent else []), *lines]
    return Card(str(title), lines, text=str(told.format(name=person.name, until=until, link=link)), tone="good")


def _edit_form(person: Person, sent: Mapping[str, str]) -> FormPage:
    return FormPage(
        str(_("Edit {name}").format(name=person.name)),
        f"{PATH}/{person.id}/edit",
        str(_("Save")),
        [Section("", _inputs(sent))],
        crumbs=crumbs((_("People"), PATH), (person.name, f"{PATH}/{person.id}"), (_("Edit"), None)),
        cancel=f"{PATH}/{person.id}",
    )


async def edit(asked: Asked) -> Response:
    """``GET /admin/people/<id>/edit``."""
    need(asked, "core.people.edit")
    asked.params()
    person = person_of(asked)
    row = await at_desk(asked, lambda desk: manage.person(desk, person.id))
    held = {k: getattr(row, k) or "" for k in ("name", "phone", "email", "locale")}
    return form_page(asked, _edit_form(person, held))


async def save(asked: Asked) -> Response:
    """``POST /admin/people/<id>/edit``."""
    need(asked, "core.people.edit")
    person, form = person_of(asked), await asked.form()
    given = {k: form.get(k, "") for k in ("name", "phone", "email", "locale") if k in form}
    try:
        await at_desk(asked, partial(_change, person, given))
    except REFUSED as problem:
        return form_page(asked, _edit_form(person, form), problem)
    asked.flash(_("Saved."))
    return redirect(f"{PATH}/{person.id}")


def _change(person: Person, given: Mapping[str, str], desk: Desk) -> None:
    manage.change_person(desk, person.id, **given)


async def confirm_invite(asked: Asked) -> Response:
    """``GET /admin/people/<id>/invite``: says what a new link means before it is made."""
    asked.params()
    return await _ask_invite(asked, person_of(asked))


async def _ask_invite(asked: Asked, person: Person, problem: Problem | None = None) -> Response:
    need(asked, "core.people.edit")
    days = _("The link holds for 7 days. An earlier link stops working.")
    hours = _(
        "The link holds for 24 hours. The present password works until the link is used; an earlier link stops working."
    )
    invited = person.status == "invited"
    to = await link_mail.address(asked, person.id)
    told = _("Send it to {address} too").format(address=link_mail.hinted(to)) if to else ""
    letter = [Input(link_mail.FIELD, str(told), "bool", "1")] if to else []
    title = _("New invitation link for {name}") if invited else _("Link to a new password for {name}")
    form = FormPage(
        str(title.format(name=person.name)),
        f"{PATH}/{person.id}/invite",
        str(_("Make the link")),
        [Section("", letter, help=str(days if invited else hours))],
        crumbs=crumbs((_("People"), PATH), (person.name, f"{PATH}/{person.id}"), (_("Link"), None)),
        cancel=f"{PATH}/{person.id}",
    )
    return form_page(asked, form, problem)


async def invite(asked: Asked) -> Response:
    """``POST /admin/people/<id>/invite``: an invitation, or a link to a new password; shown this once."""
    need(asked, "core.people.edit")
    person, form = person_of(asked), await asked.form()
    try:
        secret = await at_desk(asked, lambda desk: manage.invite_person(desk, person.id))
    except REFUSED as problem:
        return await _ask_invite(asked, person, problem)
    purpose = "invite" if person.status == "invited" else "reset"
    return await _link_page(asked, person, secret, purpose, mail=form.get(link_mail.FIELD) == "1")


def _ask_disable(asked: Asked, person: Person, problem: Problem | None = None) -> Response:
    need(asked, "core.people.edit")
    at = f"{PATH}/{person.id}"
    return ask_again(
        asked,
        _("Disable {name}?").format(name=person.name),
        _("They are signed out everywhere and cannot sign in any more. Roles and everything they did stay."),
        action=f"{at}/disable",
        submit=_("Disable"),
        back=at,
        trail=crumbs((_("People"), PATH), (person.name, at)),
        problem=problem,
    )


async def confirm_disable(asked: Asked) -> Response:
    """``GET /admin/people/<id>/disable``."""
    asked.params()
    return _ask_disable(asked, person_of(asked))


async def disable(asked: Asked) -> Response:
    """``POST /admin/people/<id>/disable``: at once; asks first where nobody has."""
    need(asked, "core.people.edit")
    person, form = person_of(asked), await asked.form()
    if form.get("sure") != "1":
        return _ask_disable(asked, person)
    try:
        await at_desk(asked, lambda desk: manage.disable_person(desk, person.id))
    except REFUSED as problem:
        return _ask_disable(asked, person, problem)
    asked.flash(_("{name} is disabled.").format(name=person.name))
    return redirect(f"{PATH}/{person.id}")


async def enable(asked: Asked) -> Response:
    """``POST /admin/people/<id>/enable``."""
    need(asked, "core.people.edit")
    person = person_of(asked)
    await at_desk(asked, lambda desk: manage.enable_person(desk, person.id))
    asked.flash(_("{name} may sign in again.").format(name=person.name))
    return redirect(f"{PATH}/{person.id}")


async def sign_out(asked: Asked) -> Response:
    """``POST /admin/people/<id>/signout``: ends every session of somebody else."""
    need(asked, "core.people.edit")
    person = person_of(asked)

    def end(desk: Desk) -> int:
        desk.need_above(person.id)
        count = sign_out_everywhere(desk.session, person.id)
        if count:
            desk.note("core.person", person.id, "signed out", {"sessions": (count, 0)})
        return count

    count = await at_desk(asked, end)
    asked.flash(_("{name}: sessions ended: {n}.").format(name=person.name, n=count))
    return redirect(f"{PATH}/{person.id}")
