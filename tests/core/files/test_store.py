"""The store of files: a folder and an S3-compatible bucket behave alike; jobs that make small pictures and purge."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from dougong import Context, NotFound
from dougong.config import Config
from dougong.doctor import examine
from dougong.errors import Unavailable
from dougong.records.attachments import KEPT, PURGE_JOB, THUMB_JOB, File
from dougong.records.media import Upload
from dougong.scheduling.jobs import JobContext, Jobs
from dougong.tenancy.backup import backup, restore
from dougong.tenancy.files import CHUNK, Store, store_of
from dougong.tenancy.install import erase
from PIL import Image

from . import samples
from .conftest import BODY

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company
    from dougong.testing.server import Database
    from dougong_complaints.records import Complaint

ONE, TWO = f"{uuid4()}/a", f"{uuid4()}/b"


@pytest.fixture(scope="module")
def bucket() -> Iterator[Config]:
    """A bucket of a server that speaks S3, on this machine."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    boto3.client(
        "s3", endpoint_url=address, aws_access_key_id="k", aws_secret_access_key="s", region_name="us-east-1"
    ).create_bucket(Bucket="files")
    yield Config(files="s3://files/here", files_endpoint=address, files_key="k", files_secret="s")
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "folder":
        made = store_of(Config(home=tmp_path))
        assert made.local == tmp_path / "files"
    else:
        made = store_of(request.getfixturevalue("bucket"))
        assert made.local is None
    yield made
    made.erase()


def test_bytes_are_put_got_in_part_listed_and_deleted(store: Store, tmp_path: Path) -> None:
    large = bytes(range(256)) * (CHUNK // 64)  # four pieces
    path = tmp_path / "large"
    path.write_bytes(large)
    store.put(ONE, path)
    store.put(TWO, iter([b"one ", b"two ", b"three"]))
    pieces = list(store.get(ONE))
    assert b"".join(pieces) == large
    assert len(pieces) > 1
    assert b"".join(store.get(TWO, 4, 7)) == b"two"
    assert b"".join(store.get(TWO, 8)) == b"three"
    assert set(store.keys()) == {ONE, TWO}
    assert list(store.keys(UUID(ONE.partition("/")[0]))) == [ONE]
    assert store.delete_all(UUID(ONE.partition("/")[0])) == 1
    with pytest.raises(LookupError):
        store.get(ONE)
    store.delete(ONE)
    assert list(store.keys()) == [TWO]
    store.check()
    assert list(store.keys()) == [TWO]


def test_something_larger_than_a_part_arrives_whole(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"0123456789abcdef" * 750_000)  # 12 MB
    store.put(ONE, path)
    assert sum(len(piece) for piece in store.get(ONE)) == path.stat().st_size


def test_a_store_that_is_away_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for away in (
        Store(str(tmp_path / "file")),
        Store("s3://none/x", endpoint="http://127.0.0.1:9", region="x", access_key_id="a", secret_access_key="b"),
    ):
        with pytest.raises(Unavailable):
            away.put(ONE, b"x")
        with pytest.raises(Unavailable):
            away.check()


def test_the_doctor_finds_a_store_that_cannot_be_written(
    database: Database, registry: Registry, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    place = str(tmp_path / "file")
    found = examine(Config(home=tmp_path / "home", files=place), database.addresses, registry)
    assert any(place in str(one.text) for one in found)
    fine = examine(Config(home=tmp_path / "home", files=str(tmp_path)), database.addresses, registry)
    assert not any(str(tmp_path) in str(one.text) for one in fine)


def test_a_backup_holds_the_files_of_a_folder_and_names_a_bucket(
    database: Database, empty_database: Database, bucket: Config, tmp_path: Path
) -> None:
    here, there = Store(str(tmp_path / "here")), Store(str(tmp_path / "there"))
    here.put(ONE, b"kept")
    here.put("check/1", b"no key")
    made = backup(database.addresses, tmp_path / "a.tar", tmp_path, here)
    assert made.files == ""
    restore(empty_database.addresses, tmp_path / "a.tar", tmp_path, store=there)
    assert list(there.keys()) == [ONE]
    assert b"".join(there.get(ONE)) == b"kept"
    assert backup(database.addresses, tmp_path / "b.tar", tmp_path, store_of(bucket)).files == "s3://files/here"


def test_erasing_an_installation_erases_its_files_and_nothing_else(tmp_path: Path) -> None:
    config = Config(home=tmp_path / "home", files=str(tmp_path / "files"))
    store = store_of(config)
    store.put(ONE, b"x")
    (tmp_path / "files" / "other").write_text("not ours")
    erase(config)
    assert list(store.keys()) == ["other"]


# ---- records over a store ----


def working(company: Company, store: Store, registry: Registry, name: str | None) -> Context:
    """As this person, in a transaction that the test keeps open."""
    acting = company.acting(name, "complaints")
    x = acting.__enter__()
    x.store, x.jobs = store, Jobs(registry.jobs)
    x.session.info["acting"] = acting
    return x


def done(x: Context) -> None:
    x.session.info["acting"].__exit__(None, None, None)


def made(x: Context, company: Company) -> Complaint:
    from dougong_complaints.records import Complaint

    return x.submit(Complaint, company.sites["n1"], BODY)


def upload(content: bytes, name: str = "x") -> Upload:
    path = Path(tempfile.mkdtemp()) / "upload"
    path.write_bytes(content)
    return Upload.of(path, name)


def test_a_removed_file_is_purged_when_its_time_has_come(
    company: Company, store: Store, registry: Registry, clock: Clock
) -> None:
    x = working(company, store, registry, "service_agent_n1")
    record = made(x, company)
    file = x.attach(record, upload(samples.jpeg()))
    assert b"".join(x.open(file)) == b"".join(store.get(file.key))
    assert len(list(store.keys(company.tenant))) == 2
    other = working(company, store, registry, None)
    x.detach(record, file)
    with pytest.raises(NotFound):
        x.detach(record, file)
    assert x.files(record) == []
    done(other)
    done(x)
    clock.move(days=KEPT.days + 1)
    y = working(company, store, registry, None)
    PURGE_JOB.run(JobContext(1, PURGE_JOB.name, company.tenant, 1, y), id=file.id)
    PURGE_JOB.run(JobContext(1, PURGE_JOB.name, company.tenant, 2, y), id=file.id)
    done(y)
    assert list(store.keys(company.tenant)) == []
    with company.session() as session:
        row = session.get(File, (company.tenant, file.id))
        assert row is not None
        assert (row.key, row.name) == ("", "")
        assert row.digest


def test_a_job_draws_small_pictures_of_large_ones(company: Company, store: Store, registry: Registry) -> None:
    out = io.BytesIO()
    Image.new("L", (4000, 3500)).save(out, "PNG")
    x = working(company, store, registry, "service_agent_n1")
    file = x.attach(made(x, company), upload(out.getvalue()))
    assert file.thumb is None
    done(x)
    y = working(company, store, registry, None)
    THUMB_JOB.run(JobContext(1, THUMB_JOB.name, company.tenant, 1, y), id=file.id)
    done(y)
    with company.session() as session:
        row = session.get(File, (company.tenant, file.id))
        assert row is not None
        assert (row.width, row.height) == (4000, 3500)
        with Image.open(io.BytesIO(b"".join(store.get(str(row.thumb))))) as small:
            assert small.size == (480, 420)


def test_what_is_rolled_back_leaves_no_bytes(company: Company, store: Store, registry: Registry) -> None:
    def failing() -> None:
        with company.acting("service_agent_n1", "complaints") as x:
            x.store, x.jobs = store, Jobs(registry.jobs)
            x.attach(made(x, company), upload(samples.jpeg()))
            assert list(store.keys(company.tenant))
            raise RuntimeError("later")

    with pytest.raises(RuntimeError, match="later"):
        failing()
    assert list(store.keys(company.tenant)) == []
