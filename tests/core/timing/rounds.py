"""A module on trial that does things again and again; each run leaves a place in the company, so that twice would be seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dougong import Context, Herald, Location, Manifest, Occurrence, Rule, Schedule, hookimpl, translator

_ = translator(__name__)
X = Context[Any]

manifest = Manifest(name="rounds", version="1", label=_("Rounds"), summary=_("On trial."), licence="Apache-2.0")

broken: set[str] = set()  # names of schedules whose runs fail, after they have written
told: list[tuple[str, Any, list[Any], dict[str, str]]] = []


def leave(name: str, x: X, run: Occurrence) -> None:
    x.session.add(Location(site_id=run.site_id or x.snapshot.sites.root, type="point", code=run.key, name=name))
    x.session.flush()
    if name in broken:
        raise RuntimeError(f"{name} is broken")


def _run(name: str) -> Any:
    return lambda x, run: leave(name, x, run)


NIGHTLY = Schedule("rounds.nightly", _("Nightly"), _run("nightly"), Rule.daily("02:00"), retries=1)
REPORT = Schedule("rounds.report", _("Report"), _run("report"), Rule.workdays("08:30"), missed="skip", grace=30)
PATROL = Schedule(
    "rounds.patrol", _("Patrol"), _run("patrol"), Rule.daily("08:00", "20:00"), scope="site", missed="each", window=120
)
PLAN = Schedule("rounds.plan", _("Plan"), _run("plan"), Rule.daily("10:00"), scope="record", fixed=frozenset({"rule"}))
SECRET = Schedule("rounds.secret", _("Secret"), _run("secret"), Rule.daily("05:00"), hidden=True)
SCHEDULES = [NIGHTLY, REPORT, PATROL, PLAN, SECRET]


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return [
        *SCHEDULES,
        Herald(lambda event, about, people, x, facts: told.append((event, about, list(people), dict(facts)))),
    ]
