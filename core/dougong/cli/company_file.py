"""``tenants/*.toml``: one company as a file. Owns its shape and the reading of it; ``applying`` carries it out.

What a file does not mention is not touched, so every part is optional. No secrets: passwords are never in a file.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from ..access.secret import normal_username
from ..records.messages import message
from ..words import translator
from .base import Failed
from .faults import lines

_ = translator("dougong")


def _timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(_("is no time zone, as Asia/Shanghai is"))
    return name


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?$")]
RoleSlug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    def said(self, *names: str) -> dict[str, Any]:
        """Those of these keys that the file mentions."""
        return {name: getattr(self, name) for name in names if name in self.model_fields_set}


class LocationPart(Part):
    """A place inside a site. :ivar parent: code of one that stands before it."""

    code: Text
    name: Text | None = None
    type: Literal["building", "floor", "room", "point"] = "building"
    households: Count | None = None
    parent: Text | None = None


class SitePart(Part):
    """A site. :ivar parent: slug; without it a new site hangs below the company. :ivar modules: name → off (false) here."""

    slug: Slug
    name: Text | None = None
    parent: Slug | None = None
    type: Literal["company", "region", "project"] = "project"
    timezone: Annotated[str, AfterValidator(_timezone)] = "Asia/Shanghai"
    position: Annotated[int, Field(ge=0, le=100_000)] | None = None
    households: Count | None = None
    active: bool = True
    modules: dict[str, bool] = {}
    locations: tuple[LocationPart, ...] = ()


class RolePart(Part):
    """A role: the company's own, or changes of a declared one. :ivar add, remove: permissions."""

    name: Text | None = None
    level: Annotated[int, Field(ge=0, le=99)] = 0
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class GrantPart(Part):
    """A post at a site and below. :ivar site: None is the whole company. ``from`` is inclusive, ``until`` exclusive."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True)

    role: RoleSlug
    site: Slug | None = None
    relation: Annotated[str, StringConstraints(max_length=60)] | None = None
    starts: dt.datetime | None = Field(default=None, alias="from")
    until: dt.datetime | None = None

    @model_validator(mode="after")
    def _in_time(self) -> GrantPart:
        for moment in (self.starts, self.until):
            if moment is not None and moment.tzinfo is None:
                raise ValueError(_("“from” and “until” need a time zone, as in 2026-11-22T00:00:00+08:00"))
        if self.starts and self.until and self.until <= self.starts:
            raise ValueError(_("“until” must lie after “from”"))
        return self


class PersonPart(Part):
    """Somebody with their posts."""

    username: Annotated[str, AfterValidator(normal_username), StringConstraints(min_length=2, max_length=64)]
    name: Text | None = None
    email: Annotated[str, StringConstraints(max_length=200)] | None = None
    phone: Annotated[str, StringConstraints(max_length=40)] | None = None
    locale: Literal["zh", "en"] | None = None
    grants: tuple[GrantPart, ...] = ()


class LookPart(Part):
    """Short for settings of the core that every company has."""

    brand: str | None = None
    logo: str | None = None
    theme: str | None = None
    locale: str | None = None


class CompanyFile(Part):
    """A company. :ivar hosts: added. :ivar modules: name → on or off; ``"*"`` is every installed one.

    :ivar fields: the company's own: kind of record → name → what is said of it, as the API takes it.
    """

    slug: Slug
    name: Text | None = None
    hosts: tuple[str, ...] = ()
    look: LookPart = LookPart()
    modules: dict[str, bool] = {}
    settings: dict[str, dict[str, Any]] = {}
    fields: dict[str, dict[str, dict[str, Any]]] = {}
    sites: tuple[SitePart, ...] = ()
    roles: dict[RoleSlug, RolePart] = {}
    people: tuple[PersonPart, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> CompanyFile:
        _unique("slug", [site.slug for site in self.sites])
        _unique("username", [person.username for person in self.people])
        for site in self.sites:
            _unique("code", [place.code for place in site.locations])
        return self


def _unique(key: str, names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(_("{key} “{name}” is there twice").format(key=key, name=name))


def read(path: Path) -> CompanyFile:
    """The company of a file.

    :raises Failed: no such file, not TOML, or a key that does not fit; the file and the key are named.
    """
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Failed(_("{file} cannot be read: {error}").format(file=path, error=error.strerror)) from error
    except UnicodeDecodeError as error:
        raise Failed(_("{file} is not text in UTF-8.").format(file=path)) from error
    except tomllib.TOMLDecodeError as error:
        raise Failed(_("{file} is not TOML: {error}").format(file=path, error=error)) from error
    return checked(found, path)


def checked(found: Mapping[str, Any], path: Path) -> CompanyFile:
    """:raises Failed: keys that do not fit, each on a line."""
    try:
        return CompanyFile.model_validate(found)
    except ValidationError as error:
        wrong = lines([(".".join(map(str, each["loc"])) or str(path), message(each)) for each in error.errors()])
        raise Failed("\n".join([str(_("{file} does not fit:").format(file=path)), *wrong])) from error
