"""The notice to residents (个人信息保护法 Art. 17) in versions: the built-in words until the company writes its own.

Which version a resident agreed to stands with the consent; the built-in one is written down as version 1 when it is
first agreed to, so that what a consent names can always be read.
"""

from __future__ import annotations

from importlib import resources

import sqlalchemy as sa
from dougong import Asked, translator
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from .records import Text
from .settings import Settings

_ = translator("dougong_intake")

ZH, EN = (
    resources.files(__package__).joinpath("notice", f"{spoken}.txt").read_text("utf-8").strip()
    for spoken in ("zh", "en")
)


def built_in(asked: Asked, settings: Settings) -> tuple[str, str]:
    """The notice that stands until the company writes one: Chinese, English."""
    company, years = asked.snapshot.name, settings.kept_years
    phone = settings.phone
    return (
        ZH.format(company=company, years=years, phone=f"，电话 {phone}" if phone else "及楼栋公示栏"),
        EN.format(company=company, years=years, phone=f", phone {phone}" if phone else ""),
    )


def newest(session: Session) -> Text | None:
    """The version that holds now; None: the built-in one, never agreed to yet."""
    return session.scalar(sa.select(Text).order_by(Text.version.desc()).limit(1))


def current(session: Session, asked: Asked, settings: Settings) -> tuple[int, str, str]:
    """Version number, Chinese and English of what a resident is shown now."""
    found = newest(session)
    return (found.version, found.zh, found.en) if found else (1, *built_in(asked, settings))


def kept(session: Session, asked: Asked, settings: Settings) -> int:
    """The version that holds now, written down where it is still the built-in one."""
    found = newest(session)
    if found is None:
        zh, en = built_in(asked, settings)
        first = insert(Text).values(version=1, zh=zh, en=en, at=asked.now)
        session.execute(first.on_conflict_do_nothing(index_elements=[Text.tenant_id, Text.version]))
        return 1
    return found.version
