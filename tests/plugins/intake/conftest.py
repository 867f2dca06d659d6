"""A company with codes on its walls, and a resident's phone."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong import Location
from dougong_complaints.records import Complaint
from dougong_intake.keys import new_token
from dougong_intake.records import Point
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from dougong.plugins.registry import Registry
    from dougong.testing.clients import Client, Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

STATEMENT = "11 号早上开始电梯厅有异味，像是垃圾袋漏水留下的"
NAMED = {"complainant": "王女士", "phone": "13800005678", "agree": "1"}
_FIELD = re.compile(r'name="(stamp|version)" value="([^"]*)"')


def picture(colour: str = "red") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


@dataclass
class Phone:
    """Somebody's phone: no account. ``fill`` reads the form, waits as people do, and sends it."""

    client: Client
    clock: Clock
    hidden: dict[str, str] = field(default_factory=dict)

    def open(self, address: str) -> httpx.Response:
        answer = self.client.get(address)
        self.hidden = dict(_FIELD.findall(answer.text))
        return answer

    def fill(
        self, address: str, *, photos: list[bytes] | None = None, after: float = 30, **over: Any
    ) -> httpx.Response:
        assert self.open(address).status_code == 200
        self.clock.move(seconds=after)
        return self.send(address, photos=photos, **over)

    def send(self, address: str, *, photos: list[bytes] | None = None, **over: Any) -> httpx.Response:
        data = {"category": "cleanliness", "statement": STATEMENT, "csrf": self.client.csrf, **self.hidden, **over}
        files = [("photos", (f"{n}.jpg", one, "image/jpeg")) for n, one in enumerate(photos or [])]
        # Always as a browser does it: multipart, though no picture was chosen.
        sent: Any = files or [("photos", ("", b"", "application/octet-stream"))]
        return self.client.ask("POST", address, data={k: v for k, v in data.items() if v is not None}, files=sent)

    def post(self, address: str, photos: list[bytes] | None = None, **data: Any) -> httpx.Response:
        files: Any = [("photos", (f"{n}.jpg", one, "image/jpeg")) for n, one in enumerate(photos or [])]
        more = {"files": files} if files else {}
        return self.client.ask("POST", address, data={"csrf": self.client.csrf, **data}, **more)


def put_point(company: Company, site: str = "n1", *, place: str | None = None, **more: Any) -> str:
    """A code on the wall; its address."""
    with company.session() as session:
        location = None
        if place:
            location = Location(site_id=company.sites[site], code=place, name=place)
            session.add(location)
            session.flush()
        point = Point(
            token=new_token(),
            site_id=company.sites[site],
            location_id=location.id if location else None,
            made_at=dt.datetime.now(dt.UTC),
            **more,
        )
        session.add(point)
        return f"/intake/f/{point.token}"


def complaints(company: Company) -> list[Complaint]:
    with company.acting(None) as x:
        found = list(x.session.scalars(sa.select(Complaint).order_by(Complaint.number)))
        x.session.expunge_all()
        return found


def only(company: Company) -> Complaint:
    found = complaints(company)
    assert len(found) == 1
    return found[0]


def step(platform: Running, company: Company, by: str, id: UUID, name: str, **body: Any) -> None:
    asked = platform.program(company, by)
    version = asked.api("GET", f"/complaints/complaint/{id}").json()["row_version"]
    answer = asked.api("POST", f"/complaints/complaint/{id}/transitions/{name}", body, version=version)
    assert answer.status_code == 200, (name, answer.text)


def solve(platform: Running, company: Company, id: UUID) -> None:
    """From registration to the return visit."""
    step(platform, company, "service_lead_n1", id, "accept")
    owner = str(company.people["engineering_lead_n1"])
    step(platform, company, "service_lead_n1", id, "assign", owner_id=owner)
    done = {"cause": "process", "whys": "清运时间晚", "solution": "改早班清运"}
    step(platform, company, "service_lead_n1", id, "resolve", **done)


@pytest.fixture
def company(make_company: Callable[..., Company], registry: Registry) -> Company:
    """All modules but work orders, so that the page of a code is the form of the one thing that can be reported."""
    return make_company("anhe", modules=sorted(set(registry.modules) - {"workorders"}))


@pytest.fixture
def phone(platform: Running, company: Company, clock: Clock) -> Phone:
    return Phone(platform.browser(company), clock)


@pytest.fixture
def wall(company: Company) -> str:
    """The address of a code at building 3 of a site."""
    return put_point(company, place="3号楼")
