"""One request, as endpoints see it: who asks, for which company and site, with what, and how they read and write.

Takes apart lazily (``inputs``). Decides no rights (``gate`` does) and draws nothing.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import orm
from starlette.requests import cookie_parser

from ..errors import BadRequest, FieldError, NotFound, Problem, Unauthorized
from ..records.pictures import prepare
from ..tenancy.cells import Bound, Compiled, Contended, Lost, Stale
from ..words import LOCALES, translator
from .inputs import (
    BODY_LIMIT,
    MULTIPART,
    URLENCODED,
    TooLarge,
    Values,
    accepted,
    body_of,
    checked,
    fields_of,
    json_of,
    query_of,
)
from .metering import Exceeded, Spent
from .security import GUEST_COOKIE, LOCALE_COOKIE, cookie_name, form_token, unsealed
from .uploads import MB, Incoming, Room, Upload
from .views import Flash

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

    from ..access.gate import Gate
    from ..access.people import Person
    from ..access.snapshot import Snapshot
    from ..records.context import Context
    from .application import Application

_ = translator("dougong")
T = TypeVar("T")

CSRF_FIELD = "csrf"


class Asked:
    """A request of somebody (or nobody yet) to one company.

    ``person`` is None before sign-in; ``gate`` then raises ``Unauthorized``, so that no right is ever judged for nobody.
    ``site`` is the site chosen by ``?site=slug``.
    """

    def __init__(self, app: Application, scope: Scope, receive: Receive, snapshot: Snapshot, *, now: dt.datetime) -> None:
        self.app, self.scope, self.snapshot, self.now = app, scope, snapshot, now
        self._receive = receive
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.request_id: str = scope["dougong.request_id"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.https: bool = scope["scheme"] == "https"
        self.locale = "zh"
        self.person: Person | None = None
        self.token_scope: tuple[str, ...] | None = None  # of a bearer token; None: everything the person may
        self.by_token = False
        self.token_id = ""  # of a bearer token: what its rate is counted by
        self.spent: Spent | None = None  # of a rate, where this request was counted
        self.session_id: str | None = None
        self._bound = Bound(snapshot.tenant, snapshot.version)
        self.site: UUID | None = None
        self.path_params: dict[str, str] = {}
        self.flashes: list[Flash] = []  # to be shown on the next page
        self.shown_flashes = False
        self._guest: str | None = None
        self.new_guest: str | None = None  # made by this request, to be sent as a cookie
        self.wrote = False  # something was committed for this request
        self.asserted = False  # the snapshot in use was found fresh by a transaction of this request
        self._gate: Gate | None = None
        self._body: bytes | None = None
        self._cookies: dict[str, str] | None = None
        self._query: Values | None = None
        self._form: Values | None = None
        self.room = 0  # bytes that a form with files may have at this address
        self._incoming: Incoming | None = None
        self._unreceived: Problem | None = None

    async def close(self) -> None:
        """Let go of what lies on the disk for this request."""
        if self._incoming is not None:
            await self.app.in_thread(self._incoming.close)

    # ---- who ------------------------------------------------------------------------------------

    def begin_again(self) -> None:
        """Forget what an earlier try of this request found out; nothing was written then."""
        self.person, self.session_id, self.token_scope, self.by_token, self.site = None, None, None, False, None
        self.flashes, self.shown_flashes = [], False
        if self.spent is not None and self.spent.wait:
            self.spent = None  # refused by an old rate
        self.judge_by(self.snapshot)

    def be(self, person: Person, *, session_id: str | None = None, scope: tuple[str, ...] | None = None) -> None:
        """From now on the request is this person's, by a browser session or by a token with a scope."""
        self.person, self.session_id, self.token_scope = person, session_id, scope
        self.by_token = session_id is None
        self.judge_by(self.snapshot)

    def judge_by(self, snapshot: Snapshot) -> None:
        """Take a (fresher) snapshot: rights are judged anew."""
        self.snapshot, self.asserted = snapshot, False
        self._bound = Bound(snapshot.tenant, snapshot.version, self.session_id)
        self._gate = None

    @property
    def gate(self) -> Gate:
        """What this person may do.

        :raises Unauthorized: nobody is signed in.
        """
        if self._gate is None:
            if self.person is None:
                raise Unauthorized
            self._gate = self.snapshot.gate(self.person.id, self.now, only=self.token_scope)
        return self._gate

    @property
    def bound(self) -> Bound:
        """What a transaction of this request is bound to. Whoever takes it begins one, which asserts the snapshot."""
        self.asserted = True
        return self._bound

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def is_script(self) -> bool:
        """Asked for by a script of ours on a page, not by following a link."""
        return self.headers.get(b"sec-fetch-mode", b"navigate") != b"navigate"

    @property
    def address(self) -> str:
        """The client's network address, for throttling; behind a proxy as the server was told to trust."""
        client = self.scope.get("client")
        return client[0] if client else ""

    @property
    def agent(self) -> str:
        return self.headers.get(b"user-agent", b"").decode("latin-1")[:300]

    @property
    def cookies(self) -> dict[str, str]:
        if self._cookies is None:
            raw = self.headers.get(b"cookie")
            self._cookies = cookie_parser(raw.decode("latin-1")) if raw else {}
        return self._cookies

    def cookie(self, name: str) -> str | None:
        """One of our cookies, under the name that it has on this scheme."""
        return self.cookies.get(cookie_name(name, self.https))

    @property
    def holder(self) -> str:
        """To what a form's token is bound: the session, or the guest cookie (which is made when it is first needed)."""
        if self.session_id is not None:
            return self.session_id
        if self._guest is None:
            sealed_value = self.cookie(GUEST_COOKIE)
            self._guest = unsealed(self.app.config.secret, "guest", sealed_value) if sealed_value else None
        if self._guest is None:
            self._guest = self.new_guest = secrets.token_urlsafe(16)
        return self._guest

    def limit(self, name: str, holder: str, quota: int) -> None:
        """Count this request, once, against a rate of ``quota`` a minute for one holder; headers say what is left.

        :param name: what kind of rate it is, a short word. :raises Exceeded: (429) there is nothing left.
        """
        if self.spent is None:
            self.spent = self.app.meter.take(f"{name}:{holder}", name, quota)
            if self.spent.wait:
                raise Exceeded(self.spent)

    @property
    def csrf(self) -> str:
        """The token that every unsafe form of this session carries as ``csrf``."""
        return form_token(self.app.config.secret, self.holder)

    def context(self, session: orm.Session, module: str | None = None) -> Context[Any]:
        """The unit of work for handlers of records. :param module: whose settings it carries; None: the company's own."""
        from ..records.context import Context

        settings = self.snapshot.settings(module or "core")
        return Context(
            session, self.gate, settings, self.now, self.app.registry, self.app.jobs, store=self.app.files, site=self.site
        )

    def flash(self, text: object, kind: str = "good") -> None:
        """Say something on the next page. ``kind``: good | warn | bad | info."""
        self.flashes.append(Flash(kind, str(text)))

    def choose_locale(self) -> str:
        """The language of the answer: the person's choice, this browser's, what it says it reads, the company's."""
        wanted = self.person.locale if self.person else None
        if wanted not in LOCALES:
            wanted = self.cookie(LOCALE_COOKIE)
        if wanted not in LOCALES:
            wanted = accepted(self.headers.get(b"accept-language", b""))
        self.locale = wanted or self.snapshot.company.locale
        return self.locale

    # ---- what -----------------------------------------------------------------------------------

    @property
    def path_and_query(self) -> str:
        query = self.scope["query_string"].decode("latin-1")
        return f"{self.path}?{query}" if query else self.path

    @property
    def query(self) -> Values:
        """All query parameters, unchecked but for NUL and encoding; endpoints ask ``params``."""
        if self._query is None:
            raw = self.scope["query_string"]
            self._query = query_of(raw) if raw else Values()
        return self._query

    def params(self, allowed: Iterable[str] = ()) -> Values:
        """The query parameters, of which only these (and ``site``) may be there.

        :raises BadRequest: another one is given; it is named.
        """
        found = self.query
        if found:
            known = {*allowed, "site"}
            unknown = [name for name in found if name not in known]
            if unknown:
                errors = tuple(FieldError(name, _("This parameter is not known here.")) for name in unknown)
                names = ", ".join(name[:60] for name in unknown[:5])
                raise BadRequest(_("Unknown parameter in the address: {names}").format(names=names), errors=errors)
        return found

    def uuid(self, name: str = "id") -> UUID:
        """A named segment of the path as an id. :raises NotFound: it is none."""
        try:
            return UUID(self.path_params[name])
        except ValueError:
            raise NotFound from None

    @property
    def content_type(self) -> bytes:
        return self.headers.get(b"content-type", b"").partition(b";")[0].strip().lower()

    @property
    def has_form(self) -> bool:
        return self.content_type in (URLENCODED, MULTIPART)

    async def body(self, limit: int = BODY_LIMIT) -> bytes:
        """The raw body. :raises TooLarge: more than ``limit`` bytes, announced or sent."""
        if self._body is None:
            self._body = await body_of(self._receive, self.headers.get(b"content-length", b""), limit)
        return self._body

    async def json(self) -> Any:
        """The body as JSON. :raises WrongType: not announced as JSON. :raises BadRequest: broken; says where."""
        return json_of(await self.body(), self.content_type)

    async def form(self) -> Values:
        """The fields of a form, without our own token. Several values under one name are kept (``getlist``).

        :raises WrongType, BadRequest, Invalid: no form; broken; a field holds NUL. :raises TooLarge: more than may be.
        """
        if self._form is None and self.room and self.content_type == MULTIPART:
            self._form = checked(await self._receive_files())
        elif self._form is None:
            self._form = await fields_of(await self.body(), self.content_type, self.scope["headers"])
        return Values([pair for pair in self._form.multi_items() if pair[0] != CSRF_FIELD])

    async def upload(self, field: str = "file", limit: int | None = None) -> list[Upload]:
        """The files that came under one field of a form; their bytes lie on the disk until the request is answered.
        The address has to be declared with ``uploads=``; the form's other fields are in ``form()``.

        :param limit: bytes of one file, where this is less than the company's own limit.
        :raises TooLarge: a file is larger. :raises Invalid: a picture is broken or has too many pixels. Others as ``form``.
        """
        await self.form()
        found = [one for one in self._incoming.uploads if one.field == field] if self._incoming else []
        for one in found:
            if limit is not None and one.size > limit:
                raise TooLarge(_("“{name}” is larger than {n} MB.").format(name=one.name, n=limit // MB))
        keep = self.snapshot.company.files.keep_details
        for one in found:  # what is slow about pictures is done here, before a transaction is begun
            await asyncio.to_thread(prepare, one, keep_details=keep)
        return found

    async def _receive_files(self) -> list[tuple[str, str]]:
        if self._unreceived is not None:  # judged anew by a fresh snapshot: what was read cannot be read again
            raise self._unreceived
        limits = self.snapshot.company.files
        self._incoming = Incoming(Room(self.room, min(self.room, limits.size * MB), limits.number))
        try:
            await self._incoming.read(self._receive, self.headers)
        except Problem as problem:
            self._unreceived = problem
            raise
        return self._incoming.fields

    async def form_token(self) -> str | None:
        """The token that came with the form or the header."""
        if (header := self.headers.get(b"x-csrf-token")) is not None:
            return header.decode("latin-1")
        if not self.has_form:
            return None
        await self.form()
        return self._form.get(CSRF_FIELD) if self._form is not None else None


async def write(asked: Asked, fn: Callable[[orm.Session], T]) -> T:
    """Run ``fn`` in one transaction of the company, in a thread; committed when it returns.

    :raises Stale: nothing was written and the snapshot is old: the application judges the whole request anew.
    """
    work: Callable[[], T] = partial(_transaction, asked, fn)
    try:
        result = await asked.app.in_thread(work)
    except Stale:
        if not asked.wrote:
            raise
        # What this request committed before must not be done twice: only this step is tried again.
        await asked.app.refresh(asked)
        result = await asked.app.in_thread(work)
    except (Contended, Lost) as error:
        if isinstance(error, Lost) and error.begun:
            raise  # whether it was committed is not known
        result = await asked.app.in_thread(work)  # nothing was written
    asked.wrote = True
    return result


def _transaction(asked: Asked, fn: Callable[[orm.Session], T]) -> T:
    with asked.app.cell.session(asked.bound) as session:
        session.connection()  # begin, and so assert, even where fn refuses before its first statement
        return fn(session)


async def read(asked: Asked, compiled: Compiled, **given: Any) -> list[asyncpg.Record]:
    """Run one compiled statement as the company. :raises Stale: as in ``write``; endpoints leave it to the application."""
    return await asked.app.cell.read(asked.bound, compiled, **given)


async def read_all(asked: Asked, queries: Sequence[tuple[Compiled, Mapping[str, Any]]]) -> list[list[asyncpg.Record]]:
    """Run several compiled statements in one transaction; otherwise like ``read``."""
    return await asked.app.cell.read_all(asked.bound, queries)


__all__ = ["CSRF_FIELD", "Asked", "Values", "read", "read_all", "write"]
