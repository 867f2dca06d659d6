"""The month of a site: cells, nights over midnight, warnings, copies, publishing, swaps, and who is on duty."""

from __future__ import annotations

import datetime as dt
from time import process_time
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from dougong import Conflict, Forbidden, Invalid, NotFound, on_duty
from dougong_hr.roster import cells, flow, own, warnings
from dougong_hr.roster.choices import Absence, RosterState, ShiftState, SwapState
from dougong_hr.roster.records import Change, Roster, Shift, Swap, Turn

if TYPE_CHECKING:
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

    from .conftest import Month


def day(n: int) -> dt.date:
    return dt.date(2026, 3, n)


def at(n: int, hour: int) -> dt.datetime:
    """In the time of the site, eight hours before Greenwich's."""
    return dt.datetime(2026, 3, n, hour, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def said(month: Month) -> list[str]:
    with month.company.acting(None, "hr") as x:
        book = x.session.get_one(Roster, (x.tenant, month.roster))
        return [one.text for one in warnings.find(x, book, cells.staff(x, book), cells.shifts(x, book.site_id))]


def duty(month: Month, n: int, hour: int) -> list[str] | None:
    names = {id: name for name, id in month.company.people.items()}
    with month.company.acting(None, "hr") as x:
        found = on_duty(x, "technician", month.company.sites["n1"], at(n, hour), at(n, hour + 1))
        return None if found is None else [names[one.id] for one in found]


def test_a_night_shift_belongs_to_the_day_of_its_start(month: Month) -> None:
    assert month.put("wang", [2, 3], month.night) == 2
    with month.company.acting(None, "hr") as x:
        turn = x.session.get_one(Turn, (x.tenant, month.roster, month.staff["wang"], day(2)))
        assert (turn.starts_at, turn.ends_at) == (at(2, 20), at(3, 8))


def test_the_same_again_changes_nothing_and_none_empties(month: Month) -> None:
    month.put("wang", [2, 3], month.early)
    assert month.put("wang", [2, 3], month.early) == 0
    assert month.put("wang", [2], Absence.SICK) == 1
    assert month.put("wang", [2, 3], None) == 2
    assert month.stands("wang", 3) is None


def test_strangers_other_months_and_other_sites_are_refused(month: Month) -> None:
    other = month.shift("早", "08:00", "16:00", site="n2")
    with pytest.raises(Invalid):
        month.put("wang", [2], other)
    month.staff["guest"] = month.hire("guest", "n2")
    with pytest.raises(Invalid):
        month.put("guest", [2], month.early)
    with month.company.acting(None, "hr") as x:
        book = x.session.get_one(Roster, (x.tenant, month.roster))
        with pytest.raises(Invalid):
            cells.put(x, book, {(month.staff["wang"], dt.date(2026, 4, 1)): Absence.REST})


def test_warnings_name_short_rest_and_missing_certificates(month: Month) -> None:
    month.put("wang", [2], month.night)
    month.put("wang", [3], month.early)
    assert [one for one in said(month) if one.startswith("2026-03-03") and " 0 " in one], said(month)
    needs = month.shift("证", "08:00", "20:00", certificate="electrician")
    month.put("li", [9, 10], needs)
    assert [one[:10] for one in said(month) if "li" in one] == ["2026-03-09"], "said once, on the first day"


def test_two_sites_at_once_are_found(month: Month) -> None:
    there, book = month.shift("早", "09:00", "17:00", site="n2"), month.make(Roster, "n2", month="2026-03")
    month.put("wang", [5], month.early)
    with month.company.acting(None, "hr") as x:
        shift = x.session.get_one(Shift, (x.tenant, there))
        cells.write(x, x.session.get_one(Roster, (x.tenant, book)), {(month.staff["wang"], day(5)): shift})
    assert any("n1" in one and "n2" in one for one in said(month))


def test_the_control_room_is_never_under_two(month: Month) -> None:
    room = month.shift("控", "08:00", "20:00", post="control_room", least=1)
    month.put("wang", list(range(1, 32)), room)
    assert len([one for one in said(month) if "控班" in one]) == 31
    month.put("li", list(range(1, 31)), room)
    assert len([one for one in said(month) if "控班" in one]) == 1


def test_empty_cells_are_filled_from_the_week_before(month: Month) -> None:
    month.put("wang", [2, 3], month.early)
    month.put("wang", [4], Absence.SICK)
    month.put("wang", [9], month.night)
    with month.company.acting(None, "hr") as x:
        book = x.session.get_one(Roster, (x.tenant, month.roster))
        assert cells.copy(x, book, day(9), day(15), 7) == 1
    assert month.stands("wang", 9) == month.night, "what stands is kept"
    assert month.stands("wang", 10) == month.early
    assert month.stands("wang", 11) is None, "nobody is ill again because they were"


def test_warnings_have_to_be_accepted_and_changes_after_publication_are_noted(month: Month) -> None:
    with pytest.raises(Conflict):
        month.do(None, Roster, month.roster, "publish")
    month.put("wang", [2], month.night)
    month.put("wang", [3], month.early)
    with pytest.raises(Invalid):
        month.do(None, Roster, month.roster, "publish")
    month.publish()
    month.put("wang", [3], Absence.REST)
    with month.company.acting(None, "hr") as x:
        book = x.session.get_one(Roster, (x.tenant, month.roster))
        assert book.status is RosterState.PUBLISHED
        assert ["wang" in one.text for one in x.children(book, Change)] == [True]


def test_a_draft_is_seen_by_those_who_make_it(month: Month, company: Company) -> None:
    company.add_person("chef", ("project_manager", "n1"))
    month.put("wang", [2], month.early)
    with company.acting("wang", "hr") as x, pytest.raises(NotFound):
        x.get(Roster, month.roster)
    with company.acting("chef", "hr") as x:
        assert x.get(Roster, month.roster)
    month.publish()
    with company.acting("wang", "hr") as x:
        assert x.get(Roster, month.roster)
        with pytest.raises(Forbidden):
            x.demand("hr.roster.edit", x.get(Roster, month.roster))


# ---- who is on duty ----


def test_duty_is_what_the_published_roster_says(month: Month) -> None:
    month.put("wang", [2], month.early)
    month.put("li", [2], month.night)
    assert duty(month, 2, 9) is None, "a draft says nothing"
    month.publish()
    assert duty(month, 2, 9) == ["wang"]
    assert duty(month, 3, 5) == ["li"], "the night of the day before"
    assert duty(month, 2, 18) == [], "the roster stands, and nobody is there"
    assert duty(month, 12, 9) is None, "the roster says nothing of that day"


# ---- swaps ----


def asked(month: Month, other: int | None = None) -> UUID:
    month.put("wang", [5], month.early)
    month.put("li", [6], month.night)
    month.publish()
    with month.company.acting("wang", "hr") as x:
        return flow.ask(x, day(5), month.company.people["li"], day(other) if other else None, "家里有事").id


def test_a_swap_is_agreed_and_approved_and_stands_in_the_roster(month: Month, company: Company) -> None:
    company.add_person("chef", ("project_manager", "n1"))
    id = asked(month, 6)
    with pytest.raises((Conflict, Forbidden, NotFound)):
        month.do("wang", Swap, id, "agree")
    month.do("li", Swap, id, "agree")
    with pytest.raises((Conflict, Forbidden, NotFound)):
        month.do("li", Swap, id, "approve")
    month.do("chef", Swap, id, "approve")
    assert (month.stands("wang", 5), month.stands("li", 5)) == (None, month.early)
    assert (month.stands("wang", 6), month.stands("li", 6)) == (month.night, None)
    assert duty(month, 5, 9) == ["li"]


def test_nobody_approves_a_swap_of_their_own(month: Month, company: Company) -> None:
    company.grant("li", "project_manager", "n1")
    id = asked(month)
    month.do("li", Swap, id, "agree")
    with pytest.raises(Conflict):
        month.do("li", Swap, id, "approve")


def test_a_colleague_who_is_away_by_then_is_not_handed_the_shift(month: Month, company: Company) -> None:
    company.add_person("chef", ("project_manager", "n1"))
    id = asked(month)
    month.do("li", Swap, id, "agree")
    month.put("li", [5], Absence.SICK)
    with pytest.raises(Conflict):
        month.do("chef", Swap, id, "approve")
    month.do("chef", Swap, id, "reject", reason="请病假")
    with company.acting("wang", "hr") as x:
        assert x.get(Swap, id).status is SwapState.DECLINED


def test_there_must_be_a_shift_ahead_and_a_colleague(month: Month) -> None:
    month.put("wang", [5], month.early)
    month.publish()
    people: dict[str, Any] = month.company.people
    for n, colleague, other in ((6, "li", None), (5, "wang", None), (5, "li", 5)):
        with month.company.acting("wang", "hr") as x, pytest.raises(Invalid):
            flow.ask(x, day(n), people[colleague], day(other) if other else None, None)


def test_others_do_not_see_a_swap(month: Month) -> None:
    id = asked(month)
    with month.company.acting("zhao", "hr") as x, pytest.raises(NotFound):
        x.get(Swap, id)


def test_a_month_of_sixty_people_is_written_and_read_at_once(month: Month) -> None:
    for n in range(57):
        month.staff[f"p{n}"] = month.hire(f"p{n}")
    days = cells.days_of("2026-03")
    with month.company.acting(None, "hr") as x:
        book = x.session.get_one(Roster, (x.tenant, month.roster))
        shift = x.session.get_one(Shift, (x.tenant, month.early))
        began = process_time()
        assert cells.put(x, book, {(one, d): shift for one in month.staff.values() for d in days}) == 60 * 31
        assert len(cells.turns(x, book)) == 60 * 31
        print(f"1,860 cells: {process_time() - began:.2f} s")
        assert process_time() - began < 5


def test_a_swap_is_declined_by_the_colleague_and_withdrawn_by_whoever_asked(month: Month) -> None:
    id = asked(month)
    for person, step in (("wang", "decline"), ("li", "withdraw")):
        with pytest.raises((Conflict, Forbidden, NotFound)):
            month.do(person, Swap, id, step, reason="不方便")
    month.do("li", Swap, id, "decline", reason="不方便")
    with month.company.acting("wang", "hr") as x:
        assert (x.get(Swap, id).status, x.get(Swap, id).answer) == (SwapState.DECLINED, "不方便")
        again = flow.ask(x, day(5), month.company.people["li"], None, None).id
    month.do("wang", Swap, again, "withdraw")
    with month.company.acting("li", "hr") as x:
        assert x.get(Swap, again).status is SwapState.WITHDRAWN
    assert month.stands("wang", 5) == month.early, "nothing changed hands"


def test_today_is_the_day_at_the_company_and_a_night_shows_until_it_ends(month: Month, clock: Clock) -> None:
    month.put("wang", [5, 6], month.early)
    month.put("li", [5], month.night)
    month.publish()
    clock.at(at(6, 1))  # still the fifth in Greenwich
    for person, days in (("wang", ["2026-03-06"]), ("li", ["2026-03-05"])):
        with month.company.acting(person, "hr") as x:
            assert [line.text[:10] for line in own.lines(x, 4)] == days


def test_a_roster_taken_back_says_nothing_and_an_old_shift_is_used_again(month: Month) -> None:
    month.put("wang", [2], month.early)
    month.publish()
    month.do(None, Roster, month.roster, "unpublish")
    assert duty(month, 2, 9) is None
    for step, state in (("retire", ShiftState.UNUSED), ("use", ShiftState.USED)):
        month.do(None, Shift, month.early, step)
        with month.company.acting(None, "hr") as x:
            assert x.session.get_one(Shift, (x.tenant, month.early)).status is state
