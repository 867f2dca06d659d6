"""The form on the phone: from the scanned code to the record, its consent and its code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from dougong.records.history import verify
from dougong.records.tables import History
from dougong_complaints.choices import Channel, Kind
from dougong_intake.records import Case, Consent, Key, Text

from .conftest import NAMED, STATEMENT, Phone, complaints, only, picture, put_point

if TYPE_CHECKING:
    from dougong.testing.companies import Company


def test_a_report_with_name_and_pictures_becomes_a_complaint(phone: Phone, company: Company, wall: str) -> None:
    answer = phone.fill(wall, photos=[picture(), picture("blue")], **NAMED)
    assert answer.status_code == 303, answer.text
    assert re.fullmatch(r"/intake/p/[2-9A-Z]{16}\?new=1", answer.headers["location"])
    made = only(company)
    assert (made.channel, made.complainant_type, made.statement) == (Channel.ONLINE, Kind.OWNER, STATEMENT)
    assert (made.complainant, made.phone, made.location) == ("王女士", "13800005678", "3号楼")
    assert made.location_id is not None
    assert made.created_by is None
    with company.acting(None, "complaints") as x:
        assert len(x.files(made)) == 2
        consent = x.session.scalars(sa.select(Consent)).one()
        assert (consent.version, consent.fields, consent.record_id) == (1, ["complainant", "phone"], made.id)
        assert "个人信息" in x.session.scalars(sa.select(Text)).one().zh
        first = x.session.scalars(sa.select(History).where(History.record_id == made.id).order_by(History.id)).first()
        assert first is not None
        assert (first.action, first.actor_id, first.inputs) == ("create", None, {"behalf": "resident"})
        assert verify(x.session, made.kind, made.id)


def test_an_anonymous_report_leaves_no_person_behind(phone: Phone, company: Company, wall: str) -> None:
    answer = phone.fill(wall, anonymous="1", complainant="王女士", phone="13800005678")
    assert answer.status_code == 303, answer.text
    made = only(company)
    assert (made.complainant_type, made.complainant, made.phone) == (Kind.ANONYMOUS, None, None)
    with company.session() as session:
        assert session.scalars(sa.select(Consent)).all() == []
        assert session.scalars(sa.select(Case)).one().anonymous
        code = answer.headers["location"].split("/")[3].split("?")[0]
        assert code not in session.scalars(sa.select(Key.digest)).one()


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"statement": ""}, "说说情况"),
        ({"category": "nonsense"}, "哪一类"),
        ({"complainant": "王女士", "phone": ""}, "告知"),
        ({"agree": "1"}, "称呼"),
        ({**NAMED, "phone": "abc"}, "电话"),
        ({**NAMED, "statement": "字" * 20_001}, "说说情况"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    phone: Phone, company: Company, wall: str, over: dict[str, str], words: str
) -> None:
    answer = phone.fill(wall, photos=[picture()], **{"location": "3号楼", "complainant": "", **over})
    assert answer.status_code == 422
    assert words in answer.text
    assert over.get("statement", STATEMENT)[:50] in answer.text
    assert "照片要重新选" in answer.text
    assert complaints(company) == []
    with company.session() as session:
        assert session.scalars(sa.select(Case)).all() == []


def test_another_place_in_words_is_no_place_of_the_register(phone: Phone, company: Company, wall: str) -> None:
    phone.fill(wall, anonymous="1", location="地下车库 B2")
    made = only(company)
    assert (made.location, made.location_id) == ("地下车库 B2", None)


def test_a_more_exact_place_stays_that_of_the_code(phone: Phone, company: Company, wall: str) -> None:
    phone.fill(wall, anonymous="1", location="3号楼 2 单元电梯厅")
    assert only(company).location_id is not None


def test_markup_is_text_everywhere(phone: Phone, company: Company, wall: str) -> None:
    evil = "{{7*7}}<script>alert(1)</script>"
    answer = phone.fill(wall, statement="", complainant=evil, location=evil)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    answer = phone.fill(wall, statement=evil, complainant=evil, phone="13800005678", agree="1", location=evil)
    assert answer.status_code == 303
    follow = phone.client.get(answer.headers["location"])
    assert "<script>alert" not in follow.text
    assert "49" not in only(company).statement


def test_too_many_pictures_and_other_files_are_refused(phone: Phone, company: Company, wall: str) -> None:
    many = [picture(f"#0000{n:02d}") for n in range(7)]
    assert phone.fill(wall, photos=many, anonymous="1").status_code == 422
    assert phone.fill(wall, photos=[b"%PDF-1.4 no picture"], anonymous="1").status_code == 422
    assert phone.fill(wall, photos=[b"\xff\xd8\xff broken"], anonymous="1").status_code == 422
    assert complaints(company) == []


def test_a_site_code_asks_where(phone: Phone, company: Company) -> None:
    address = put_point(company)
    assert phone.fill(address, anonymous="1").status_code == 422
    assert phone.fill(address, anonymous="1", location="南门").status_code == 303
    assert only(company).location == "南门"
