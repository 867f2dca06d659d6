"""Step 2: which column goes into which field. The proposal stands there already; what is said is kept for next time."""

from __future__ import annotations

from collections.abc import Mapping as Values
from typing import Any
from zoneinfo import available_timezones

from dougong import Asked, Conflict, FieldError, Invalid, page, translator, write
from dougong.views import Crumb, Flash, FormPage, Input, Option, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from .. import mapping as mappings
from .. import taking_in
from ..choices import RunState
from ..mapping import Mapping, SiteSource, Source
from ..proposing import remember
from ..reading_rows import Reader
from ..records import Run
from ..targets import Target, Targets, resource_named
from ..toml_out import dumps
from ..working import advance
from .upload import RUNS, STEP

_ = translator("dougong_exchange")

_SITE, _NONE = ":site", "-"  # leaving out is a choice, too
_WORDS = frozenset({"choice", "state", "vocabulary", "choices"})
_AT_ONCE = 2000  # rows that are checked while the person waits
_PROPOSED = {
    "saved": _("These columns were assigned as your company did it last time."),
    "shipped": _("This kind of file is known: its columns are assigned already. Look through them and continue."),
    "headings": _("The columns were assigned by their headings. Look through them and mend what is not right."),
}


def run_of(x: Any, id: Any) -> Run:
    """:raises NotFound: no such run of this person."""
    found: Run = x.get(Run, id)
    return found


async def show(asked: Asked) -> Response:
    asked.params()

    def load(session: Session) -> FormPage:
        x = asked.context(session, "exchange")
        run = run_of(x, asked.uuid())
        return _page(Targets(x, resource_named(x, run.target)), run, Mapping.model_validate(run.mapping))

    return page(asked, "form.html", await write(asked, load))


async def save(asked: Asked) -> Response:
    """Keep the mapping and check the rows; a short file at once, a long one in the background."""
    asked.params()
    form = await asked.form()
    id = asked.uuid()
    made: list[Mapping] = []

    def change(session: Session) -> int:
        x = asked.context(session, "exchange")
        run = run_of(x, id)
        if run.status not in (RunState.MAPPING, RunState.CHECKED):
            raise Conflict(_("The columns of this import are settled already."))
        targets = Targets(x, resource_named(x, run.target))
        mapping = _mapping(targets, run, form)
        made.append(mapping)
        _complete(targets, mapping)
        mappings.fit(mapping, run.headings)
        run.mapping = mapping.model_dump(mode="json", exclude_defaults=True)
        remember(x, mapping, run.headings)
        x.take(run, "check")
        return run.rows

    try:
        rows = await write(asked, change)
    except Invalid as problem:
        return await _again(asked, made[0] if made else None, problem)
    more = rows <= _AT_ONCE
    while more:
        more = await write(asked, lambda session: advance(asked.context(session, "exchange").as_person(None), id))
    return RedirectResponse(f"/exchange/import/{id}", 303)


async def _again(asked: Asked, mapping: Mapping | None, problem: Invalid) -> Response:
    def load(session: Session) -> FormPage:
        x = asked.context(session, "exchange")
        run = run_of(x, asked.uuid())
        said = mapping or Mapping.model_validate(run.mapping)
        return _page(Targets(x, resource_named(x, run.target)), run, said, problem)

    return page(asked, "form.html", await write(asked, load), problem.status)


def _complete(targets: Targets, mapping: Mapping) -> None:
    """:raises Invalid: a field without which there is no record has no source."""
    missing = [t for t in targets.by_name.values() if t.required and t.name not in mapping.fields]
    if missing:
        why = _("is required: choose its column, or say one value for all rows")
        raise Invalid(errors=tuple(FieldError(f"all.{t.name}", why) for t in missing))


def _mapping(targets: Targets, run: Run, form: Values[str, str]) -> Mapping:
    """The mapping that the form says; what it has no input for stays as it was."""
    text, was = (form.get(name, "").replace("\r\n", "\n").strip() for name in ("toml", "toml_was"))
    if text and text != was:
        return mappings.read(text)
    before = Mapping.model_validate(run.mapping)
    made = before.model_copy(deep=True)
    made.fields, made.ignore, made.site.column, made.key = {}, [], "", ""
    for at, heading in enumerate(run.headings):
        goes = form.get(f"c{at}", "")
        if goes == _SITE:
            made.site.column = heading
        elif goes in targets.by_name and goes not in made.fields:
            had = before.fields.get(goes)
            made.fields[goes] = (
                had.model_copy(update={"column": heading, "template": ""}) if had else Source(column=heading)
            )
        elif heading:
            made.ignore.append(heading)
    for name in targets.by_name:
        text = form.get(f"all.{name}", "").strip()
        if name not in made.fields and text:
            extra = before.fields.get(name, Source())
            extra = extra.model_copy(update={"column": "", "template": "", "value": ""})
            made.fields[name] = extra.model_copy(update={"template" if "{" in text else "value": text[:300]})
    for name, source in made.fields.items():
        if f"values.{name}" in form:
            source.values = _pairs(form[f"values.{name}"])
        if targets.by_name[name].shape.meta.vocabulary:
            wanted = form.get(f"create.{name}", "")
            source.create = (source.create if source.create is not None else {"days": 7}) if wanted else None
    made.key = form.get("key", "") if form.get("key", "") in run.headings else ""
    dates = form.get("dates", "")
    made.dates = dates if dates in ("mdy", "dmy") else ""  # type: ignore[assignment]
    zone = form.get("timezone", "").strip()
    if zone and zone not in available_timezones():
        raise Invalid(errors=(FieldError("timezone", _("There is no such time zone; write it as in Asia/Shanghai.")),))
    made.timezone = zone
    made.site.create = bool(form.get("site_create"))
    made.site.missing = form.get("site_missing", "").strip()[:100]
    made.site.value = form.get("site_value", "")
    return made


def _pairs(text: str) -> dict[str, str]:
    """Lines of ``their word = ours``."""
    found = (line.rpartition("=") for line in text.replace("\r\n", "\n").split("\n"))
    return {word.strip()[:300]: ours.strip()[:300] for word, _mark, ours in found if word.strip() and ours.strip()}


def _page(targets: Targets, run: Run, mapping: Mapping, problem: Invalid | None = None) -> FormPage:
    wrong = {e.path: str(e.message) for e in problem.errors} if problem else {}
    errors = [(path, _named(targets, path, words)) for path, words in wrong.items()]
    note = _PROPOSED.get(run.proposed)
    text = dumps(mapping.model_dump(mode="json", exclude_defaults=True))
    use = _("What is changed here counts instead of everything above. Keep it as a file for “dougong import”.")
    name = str(_("Mapping as text (TOML)"))
    toml = Input("toml", name, "prose", text, error=wrong.get("mapping", ""), help=str(use))
    words, constants = _words(targets, run, mapping), _constants(targets, mapping, wrong)
    told = _("For fields without a column. A text may hold columns in braces: {example}").format(example="{A}, {B}")
    return FormPage(
        str(_("Assign columns")),
        f"/exchange/import/{run.id}/columns",
        str(_("Check the rows")),
        [
            Section(str(_("Columns of {file}").format(file=run.file)), list(_columns(targets, run, mapping))),
            *([Section(str(_("The same for all rows")), constants, help=str(told))] if constants else []),
            *([Section(str(_("Words")), words)] if words else []),
            Section(str(_("Sites")), list(_site(targets, mapping))),
            Section(str(_("Rows, dates and times")), list(_rest(run, mapping, wrong))),
            Section(str(_("For experts")), [toml]),
        ],
        crumbs=[Crumb(str(Run.label), RUNS), Crumb(run.number, f"{RUNS}/{run.id}"), Crumb(str(_("Assign columns")))],
        subtitle=f"{STEP.format(n=2)} · {run.what} · {_('{n} rows').format(n=run.rows)}",
        errors=errors,
        hidden=[("toml_was", text)],
        cancel=f"{RUNS}/{run.id}",
        note=Flash("info", str(note)) if note and problem is None else None,
    )  # fmt: skip


def _named(targets: Targets, path: str, words: str) -> str:
    """An error with the field that it is about, for the list at the head of the page."""
    target = targets.by_name.get(path.removeprefix("all."))
    return f"{target.shape.meta.label} {words}" if target else words


def _columns(targets: Targets, run: Run, mapping: Mapping) -> list[Input]:
    goes = {source.column: name for name, source in mapping.fields.items() if source.column}
    fields = sorted(targets.by_name.values(), key=lambda t: (not t.required, t.own))
    made = []
    for at, heading in enumerate(run.headings):
        if not heading:
            continue
        chosen = _SITE if mapping.site.column == heading else goes.get(heading, "")
        options = [Option(_NONE, str(_("– leave out –")), not chosen), Option(_SITE, str(_("Site")), chosen == _SITE)]
        options += [Option(t.name, _label(t), chosen == t.name) for t in fields]
        seen = list(dict.fromkeys(row[at].strip()[:40] for row in run.samples if at < len(row) and row[at].strip()))
        shown = " · ".join(seen[:3])
        made.append(Input(f"c{at}", heading, "choice", chosen or _NONE, options=options, help=shown, required=True))
    return made


def _label(target: Target) -> str:
    return f"{target.shape.meta.label} *" if target.required else str(target.shape.meta.label)


def _constants(targets: Targets, mapping: Mapping, wrong: dict[str, str]) -> list[Input]:
    made = []
    for target in targets.by_name.values():
        source = mapping.fields.get(target.name)
        said = (source.template or source.value) if source and not source.column else ""
        if said or (target.required and source is None):
            name = f"all.{target.name}"
            made.append(Input(name, _label(target), "line", said, error=wrong.get(name, ""), maxlength=300))
    return made


def _words(targets: Targets, run: Run, mapping: Mapping) -> list[Input]:
    """For each field of words: what was said of theirs, and those of the first rows that are not understood yet."""
    reader = Reader(targets.x, targets, mapping, list(run.headings))
    rows = taking_in.block(targets.x, run.id, 0)
    made = []
    for name, source in mapping.fields.items():
        target = targets.by_name.get(name)
        if target is None or target.shape.kind not in _WORDS or not source.column:
            continue
        lines = [f"{word} = {ours}" for word, ours in source.values.items()]
        lines += [f"{word} = " for word in reader.unknown(name, rows)]
        label = target.shape.meta.label
        if lines:
            told = _("One a line. Ours are: {words}").format(words="、".join(reader.known(name)[:20]))
            theirs = str(_("{field}: their words = ours").format(field=label))
            made.append(Input(f"values.{name}", theirs, "prose", "\n".join(lines), help=str(told)))
        if target.shape.meta.vocabulary and (lines or source.create is not None):
            new = str(_("{field}: new words become entries of the settings").format(field=label))
            made.append(Input(f"create.{name}", new, "bool", "1" if source.create is not None else ""))
    return made


def _site(targets: Targets, mapping: Mapping) -> list[Input]:
    said: SiteSource = mapping.site
    nodes = [n for n in targets.x.snapshot.sites.ordered() if n.id in targets.x.snapshot.sites.open]
    options = [Option("", str(_("– as the column says –")), not said.value)]
    options += [Option(n.slug, "　" * n.depth + n.name, n.slug == said.value) for n in nodes]
    return [
        Input("site_value", str(_("All rows belong to")), "choice", said.value, options=options),
        Input("site_missing", str(_("Site of rows that name none")), "line", said.missing, maxlength=100),
        Input("site_create", str(_("Make sites that there are none of")), "bool", "1" if said.create else "",
              help=str(_("You see them before anything is imported; it needs the right to change sites."))),
    ]  # fmt: skip


def _rest(run: Run, mapping: Mapping, wrong: dict[str, str]) -> list[Input]:
    keys = [Option("", str(_("– the whole row –")), not mapping.key)]
    keys += [Option(h, h, h == mapping.key) for h in run.headings if h]
    orders = (("", _("as written: 2026-01-05")), ("mdy", _("month first: 1/5/2026")), ("dmy", _("day first: 5/1/2026")))
    zone = Input("timezone", str(_("Time zone of the file")), "line", mapping.timezone, error=wrong.get("timezone", ""),
                 help=str(_("As in Asia/Shanghai; empty: that of each row's site.")), maxlength=60)  # fmt: skip
    return [
        Input("key", str(_("What tells a row from another")), "choice", mapping.key, options=keys,
              help=str(_("A row with the same key is changed, not made again, when the file comes a second time."))),
        Input("dates", str(_("Dates with slashes")), "choice", mapping.dates,
              options=[Option(v, str(label), v == mapping.dates) for v, label in orders]),
        zone,
    ]  # fmt: skip
