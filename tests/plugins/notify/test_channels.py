"""A channel that another module brings: a provider of text messages, as a double; and how mail is encrypted."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from dougong import Channel, Letter, NotSent, Unreachable, send_mail, translator
from pydantic import ValidationError

_ = translator("dougong_notify")


class Provider:
    """Takes text messages. ``fails``: raised once at the next one."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.fails: Exception | None = None

    def send(self, letter: Letter, x: Any) -> None:
        if self.fails is not None:
            error, self.fails = self.fails, None
            raise error
        self.letters.append(letter)


@pytest.fixture
def provider(world: Any) -> Iterator[Provider]:
    """Added to what the module contributes: what a plugin of a provider would do."""
    made, held = Provider(), world.company.registry.contributions
    channel = Channel("sms", _("E-mail"), lambda person, x: x.contact(person)[1], made.send)
    before = held["notify"]
    held["notify"] = (*before, channel)
    yield made
    held["notify"] = before


def _escalated(world: Any) -> None:
    from dougong.access.tables import Person

    with world.company.session() as session:
        found = session.get(Person, (world.tenant, world.company.people["lead"]))
        assert found is not None
        found.phone = "13912345678"
    id = world.register("agent")
    world.give(id, "agent2", by="manager")
    world.take("agent2", id, "escalate", reason="材料不足")
    world.work()


def test_an_urgent_event_goes_by_text_message_once(world: Any, provider: Provider) -> None:
    _escalated(world)
    assert [one.address for one in provider.letters] == ["13912345678"]
    letter = provider.letters[0]
    assert (letter.urgent, letter.locale) == (True, "zh")
    assert letter.title == "请签收：投诉 TS-2026-000001 已上报"
    sent = world.deliveries()[0]
    assert (sent.channel, sent.hint, str(sent.id)) == ("sms", "139****78", letter.key)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (NotSent("busy", wait=7200), "waiting"),
        (NotSent("no", again=False), "failed"),
        (RuntimeError("secret"), "waiting"),
    ],
)
def test_what_a_channel_raises_is_written_down(
    world: Any, provider: Provider, clock: Any, error: Exception, state: str
) -> None:
    provider.fails = error
    _escalated(world)
    found = world.deliveries()[0]
    assert found.state == state
    assert "secret" not in found.error
    clock.move(hours=3)
    world.work()
    assert len(provider.letters) == (1 if state == "waiting" else 0)
    if state == "waiting":
        assert provider.letters[0].key == str(found.id)
        assert found.due_at - found.created_at >= dt.timedelta(hours=2 if error.args[0] == "busy" else 0)


# ---- encryption --------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    at, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    at.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return at, secret


class Taking:
    def __init__(self) -> None:
        self.taken = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken += 1
        return "250 OK"


class AnyPort(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _letter() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@example.com", "b@example.com", "Hello"
    made.set_content("Text")
    return made


def test_encryption_is_demanded_and_certificates_are_checked(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    box = Taking()
    server = AnyPort(box, hostname="127.0.0.1", port=0, ready_timeout=60, tls_context=context, require_starttls=True)
    server.start()
    try:
        monkeypatch.setenv("DOUGONG_SMTP", f"smtp://127.0.0.1:{server.port}")
        with pytest.raises(Unreachable):  # nobody vouches for this certificate
            send_mail(_letter())
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        send_mail(_letter())
    finally:
        server.stop()
    assert box.taken == 1


def test_a_server_without_encryption_gets_no_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    box = Taking()
    server = AnyPort(box, hostname="127.0.0.1", port=0, ready_timeout=60)
    server.start()
    try:
        monkeypatch.setenv("DOUGONG_SMTP", f"smtp://127.0.0.1:{server.port}")
        with pytest.raises(Unreachable):
            send_mail(_letter())
    finally:
        server.stop()
    assert box.taken == 0


def test_a_server_that_is_away_is_a_passing_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOUGONG_SMTP", "smtp+plain://127.0.0.1:9")
    with pytest.raises(Unreachable) as away:
        send_mail(_letter())
    assert not away.value.refused


@pytest.mark.parametrize("address", ["http://x", "smtp://", "mail.example.com"])
def test_a_mail_server_that_is_none_is_refused_at_start(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    from dougong.config import Config

    monkeypatch.setenv("DOUGONG_SMTP", address)
    with pytest.raises(ValidationError):
        Config()
