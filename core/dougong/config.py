"""Configuration: where this installation keeps its state, and how it is reached.

Read from the environment (``DOUGONG_HOME``, ``DOUGONG_PORT``, …) and nowhere else. Owns the home folder and the
secrets in it; what a company configures lives in the database.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Config(BaseSettings):
    """One installation.

    :param home: the folder of all local state (``DOUGONG_HOME``).
    :param database_url: one's own PostgreSQL (≥ 15), a libpq URI of an owner with CREATEROLE or of a superuser;
        without it the embedded server in ``home`` is used.
    :param app_password: password of the role ``dougong_app`` on one's own server, where it exists already.
    :param operator_password: likewise for ``dougong_operator``.
    :param host: address that ``serve`` listens on.
    :param port: TCP port that ``serve`` listens on.
    :param files: where the files of records lie: a folder, or ``s3://bucket/prefix`` of any S3-compatible store;
        without it ``home/files``.
    :param files_endpoint: address of a store that is not Amazon's, ``https://…``.
    :param files_region: its region, where it has some.
    :param files_key: key to the bucket; without it the machine's own role is used.
    :param files_secret: the secret of ``files_key``.
    :param inside: hosts of one's own network that webhooks and messages may reach, over plain http too, although such
        addresses are refused otherwise: ``chat.intern, 10.0.3.4:8080``.
    :param smtp: the mail server: ``smtp://name:password@host:587`` (STARTTLS is demanded), ``smtps://…`` (TLS from the
        beginning, port 465) or ``smtp+plain://host:25`` (without encryption, for a server on the same machine). Name and
        password percent-encoded. Without it no e-mail is sent.
    :param mail_from: the address that e-mails come from: ``notice@example.com``.
    :param metrics: whether ``/metrics`` answers with figures of the queue for Prometheus. They name no company, but are
        readable by whoever reaches the port: let the proxy keep the address inside.
    """

    model_config = SettingsConfigDict(env_prefix="DOUGONG_", extra="ignore", frozen=True)

    home: Path = Path("data")
    database_url: str | None = Field(default=None, repr=False)
    app_password: SecretStr | None = None
    operator_password: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    files: str | None = None
    files_endpoint: str | None = None
    files_region: str = "us-east-1"
    files_key: str | None = Field(default=None, repr=False)
    files_secret: SecretStr | None = None
    inside: str = ""
    smtp: SecretStr | None = None
    mail_from: str | None = None
    metrics: bool = False

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return Path(os.path.abspath(value.expanduser()))

    @field_validator(
        "database_url", "app_password", "operator_password", "files", "files_endpoint", "files_key", "files_secret",
        "smtp", "mail_from", mode="before",
    )  # fmt: skip
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        return value or None

    @field_validator("smtp")
    @classmethod
    def _mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            parts = urlsplit(value.get_secret_value())
            if parts.scheme not in ("smtp", "smtps", "smtp+plain") or not parts.hostname or parts.port == 0:
                raise ValueError("write smtp://, smtps:// or smtp+plain://, then host and port")
        return value

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded one."""
        return self.database_url is None

    @cached_property
    def allowed_inside(self) -> frozenset[str]:
        """The entries of ``inside``: ``host`` or ``host:port``, in lower case."""
        return frozenset(filter(None, (one.strip().lower() for one in self.inside.split(","))))

    @cached_property
    def secret(self) -> bytes:
        """32 bytes for signatures, made at the first start and kept in ``home/secret`` (mode 0600)."""
        return bytes.fromhex(kept(self.home / "secret", lambda: secrets.token_hex(32)))


def make_home(home: Path) -> None:
    """Create the home folder if it is missing; one that exists is left as it is.

    Root's is passable (0711) but not listable, because the embedded server runs as another user below it.
    """
    with contextlib.suppress(FileExistsError):
        home.parent.mkdir(parents=True, exist_ok=True)
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)


def kept(path: Path, make: Callable[[], str]) -> str:
    """The text of a private file; if it does not exist, what ``make`` returns is stored first.

    Several processes may start at once: all of them get the text of the one that came first.
    """
    with contextlib.suppress(FileNotFoundError):
        return path.read_text("utf-8")
    make_home(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(make())
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)
    return path.read_text("utf-8")
