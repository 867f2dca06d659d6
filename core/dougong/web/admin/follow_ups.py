"""The company's rules of what gives rise to what: which there are, whether they rest, a new one, one taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from ...access import follow_rules as services
from ...choices import ChoiceType
from ...errors import FieldError, Invalid
from ...records.fields import metas
from ...records.followups import FollowUp, Trigger
from ...records.vocabulary import entries
from ...tenancy.follow_rules import FollowRule
from ...words import translator
from ..pages import company, page
from ..signin import redirect
from ..views import Action, Card, CardsPage, FormPage, Input, Line, Section, Value
from .common import REFUSED, at_desk, crumbs, form_page, need_whole, options

if TYPE_CHECKING:
    from ..requests import Asked, Values

_ = translator("dougong")

PATH, EDIT = "/admin/follow-ups", "core.settings.edit"
TITLE = _("What gives rise to what")
_NEW = _("Add a rule")
_ANY = _("whatever it is")
_MODES = {"open": _("Open it at once"), "offer": _("Offer to open it")}
_SUBTITLE = _("By these rules a record of one module opens one of another, or offers to. The two are linked.")
_CHOOSE = _("Choose one of the list.")


class Words:
    """What this company's modules contribute, in words. ``installed``: modules that are off are known by name too."""

    def __init__(self, asked: Asked) -> None:
        self.asked, registry = asked, asked.app.registry
        everything, on = frozenset(registry.plugins), asked.snapshot.modules
        self.triggers = {one.name: (module, one) for module, one in registry.contributed(Trigger, everything)}
        self.opens = {one.name: (module, one) for module, one in registry.contributed(FollowUp, everything)}
        self.on = on

    def values(self, trigger: Trigger) -> dict[str, str]:
        """What a trigger's rules may narrow by; nothing where it has no such field."""
        resource = self.asked.app.registry.resources.get(trigger.kind)
        if not trigger.value or resource is None:
            return {}
        column, meta = metas(resource.record)[trigger.value]
        if meta.vocabulary:
            return entries(self.asked.snapshot.settings(resource.module), meta.vocabulary)
        if isinstance(column.type, ChoiceType):
            return {one.value: str(one.label) for one in column.type.choice}
        return {}

    def trigger(self, rule: FollowRule) -> str:
        found = self.triggers.get(rule.trigger)
        label = str(found[1].label) if found else rule.trigger
        if not rule.value:
            return label
        known = self.values(found[1]) if found and found[0] in self.on else {}
        return str(_NARROWED.format(trigger=label, value=known.get(rule.value, rule.value)))

    def follow_up(self, rule: FollowRule) -> str:
        found = self.opens.get(rule.opens)
        return str(found[1].label) if found else rule.opens

    def resting(self, rule: FollowRule) -> str:
        """Why a rule does nothing now; empty where it holds."""
        for name, known in ((rule.trigger, self.triggers), (rule.opens, self.opens)):
            if name not in known:
                return str(_("rests: “{name}” is not known here").format(name=name))
            module, _one = known[name]
            if module not in self.on:
                label = self.asked.app.registry.plugins[module].manifest.label
                return str(_("rests: “{module}” is off").format(module=label))
        trigger = self.triggers[rule.trigger][1]
        if rule.value and rule.value not in self.values(trigger):
            return str(_("rests: there is no such value any more"))
        if self.opens[rule.opens][1].asks and not rule.detail:
            return str(_("rests: it does not say which"))
        return ""

    def asks(self) -> str:
        """What a rule has to say besides, of those follow-ups that ask for it."""
        found = [(one.label, one.asks) for module, one in self.opens.values() if module in self.on and one.asks]
        return "; ".join(str(_ASKS.format(what=label, detail=asks)) for label, asks in found)

    def whats(self) -> list[tuple[str, str]]:
        """Triggers of the enabled modules, each alone and with each value."""
        made = []
        for name, (module, one) in self.triggers.items():
            if module not in self.on:
                continue
            label = str(one.label)
            values = self.values(one)
            made.append((f"{name} ", str(_NARROWED.format(trigger=label, value=_ANY)) if values else label))
            made += [(f"{name} {v}", str(_NARROWED.format(trigger=label, value=text))) for v, text in values.items()]
        return made


_NARROWED = _("{trigger}: {value}")
_ASKS = _("{what}: {detail}")


async def index(asked: Asked) -> Response:
    """``GET /admin/follow-ups``."""
    need_whole(asked, EDIT)
    asked.params()
    words, lines = Words(asked), []
    for rule in company(asked).follow_ups:
        rests = words.resting(rule)
        text = str(_("{trigger} → {opens}").format(trigger=words.trigger(rule), opens=words.follow_up(rule)))
        small = " · ".join(one for one in (str(_MODES[rule.mode]), rule.detail, rests) if one)
        end = Value("tag", str(_("rests")), tone="warn") if rests else None
        away = Action(str(_("Take away")), f"{PATH}/{services.id_of(rule)}/remove", post=True)
        lines.append(Line(text, small, icon="link", end=end, actions=[away]))
    add = Action(str(_NEW), f"{PATH}/new", "plus", main=True)
    empty = str(_("There is no rule yet: records of different modules are linked by hand."))
    card = Card(str(_("Rules")), lines, count=len(lines), empty=empty)
    made = CardsPage(str(TITLE), [card], subtitle=str(_SUBTITLE), crumbs=crumbs((TITLE, None)), actions=[add])
    return page(asked, "cards.html", made, primary=add)


def _form(asked: Asked, sent: Values | dict[str, str]) -> FormPage:
    words = Words(asked)
    opens = [(name, one.label) for name, (module, one) in words.opens.items() if module in words.on]
    what, then, mode = sent.get("what", ""), sent.get("opens", ""), sent.get("mode", "") or "offer"
    once = str(
        _("Opened at once: by the system, in the same moment, once for each record. Offered: a button on its page.")
    )
    inputs = [
        Input("what", str(_("What happens")), "choice", what, required=True, options=options(words.whats(), what)),
        Input("opens", str(_("What follows")), "choice", then, required=True, options=options(opens, then)),
        Input(
            "mode",
            str(_("In which way")),
            "choice",
            mode,
            required=True,
            help=once,
            options=options([*_MODES.items()], mode),
        ),
    ]
    if asks := words.asks():
        inputs.append(Input("detail", str(_("With")), "line", sent.get("detail", ""), help=asks, maxlength=80))
    return FormPage(
        str(_NEW), f"{PATH}/new", str(_("Save")), [Section("", inputs)],
        crumbs=crumbs((TITLE, PATH), (_NEW, None)), cancel=PATH,
    )  # fmt: skip


async def new(asked: Asked) -> Response:
    """``GET /admin/follow-ups/new``."""
    need_whole(asked, EDIT)
    asked.params()
    return form_page(asked, _form(asked, {}))


async def create(asked: Asked) -> Response:
    """``POST /admin/follow-ups/new``."""
    need_whole(asked, EDIT)
    asked.params()
    form = await asked.form()
    words = Words(asked)
    what, opens, mode = (form.get(name, "") for name in ("what", "opens", "mode"))
    known: dict[str, Any] = {
        "what": dict(words.whats()),
        "opens": {name for name, (module, _one) in words.opens.items() if module in words.on},
        "mode": _MODES,
    }
    wrong = [FieldError(name, _CHOOSE) for name, some in known.items() if form.get(name, "") not in some]
    try:
        if wrong:
            raise Invalid(errors=tuple(wrong))
        trigger, _space, value = what.partition(" ")
        detail = " ".join(form.get("detail", "").split())
        asks = words.opens[opens][1].asks
        if (asks is not None and not detail) or len(detail) > 80:
            raise Invalid(errors=(FieldError("detail", asks or _CHOOSE),))
        rule = FollowRule.model_validate(
            {"trigger": trigger, "value": value, "opens": opens, "mode": mode, "detail": detail}
        )
        await at_desk(asked, lambda desk: services.put_rule(desk, rule))
    except REFUSED as problem:
        return form_page(asked, _form(asked, form), problem)
    asked.flash(_("Saved. It holds for what happens from now on."))
    return redirect(PATH)


async def remove(asked: Asked) -> Response:
    """``POST /admin/follow-ups/<rule>/remove``."""
    need_whole(asked, EDIT)
    asked.params()
    await at_desk(asked, lambda desk: services.drop_rule(desk, asked.path_params["rule"]))
    asked.flash(_("Taken away. What it opened stays."))
    return redirect(PATH)
