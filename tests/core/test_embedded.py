"""The embedded server: starts, stops, survives kill -9 and several processes, and touches nobody else's folders."""

import asyncio
import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import psycopg
import pytest
from dougong.tenancy import embedded
from dougong.tenancy.embedded import Account, Server, ServerError
from dougong.testing.server import open_folder

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")


@pytest.fixture
def folder() -> Iterator[Path]:
    path = open_folder()
    yield path
    shutil.rmtree(path)


@contextlib.contextmanager
def erased(server: Server) -> Iterator[Server]:
    try:
        yield server
    finally:
        server.erase()


def answer(server: Server, query: str = "select 1") -> object:
    with psycopg.connect(server.address("postgres")) as connection:
        return connection.execute(query).fetchone()[0]


def test_starts_answers_and_stops_however_often_told(folder: Path) -> None:
    with erased(Server(folder / "home", durable=False)) as server:
        server.stop()
        assert not server.running()
        server.start()
        server.start()
        assert server.running()
        assert answer(server, "show listen_addresses") == ""
        assert answer(server, "show server_encoding") == "UTF8"
        server.stop()
        server.stop()
        assert not server.running()
        server.start()
        assert answer(server) == 1
    assert not (folder / "home" / "postgres").exists()


def test_durable_unless_told_otherwise(folder: Path) -> None:
    with erased(Server(folder / "home")) as server:
        server.start()
        assert answer(server, "show fsync") == "on"


def test_both_drivers_and_psql_read_the_address_of_an_odd_folder(folder: Path) -> None:
    async def with_asyncpg(address: str) -> object:
        connection = await asyncpg.connect(address)
        try:
            return await connection.fetchval("select current_user")
        finally:
            await connection.close()

    with erased(Server(folder / "物业 a%b", durable=False)) as server:
        server.start()
        address = server.address("postgres")
        assert answer(server, "select current_user::text") == "postgres"
        assert asyncio.run(with_asyncpg(address)) == "postgres"
        program = [embedded.binary("psql"), address, "-Atc", "select current_user"]
        assert subprocess.run(program, capture_output=True, text=True, check=True).stdout == "postgres\n"


def test_a_long_path_gets_a_short_private_socket_folder(folder: Path) -> None:
    home = folder / ("long-" * 20) / ("path-" * 20)
    home.parent.mkdir(mode=0o711)
    with erased(Server(home, durable=False)) as server:
        server.start()
        assert answer(server) == 1
        (socket_folder,) = {
            Path(line) for line in server._pid_file() if line.startswith("/") and "dougong-" in line
        } - {server.data}
        assert len(str(socket_folder)) < 80
        assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700
    assert not socket_folder.exists()


def test_a_socket_folder_that_somebody_else_made_is_refused(folder: Path) -> None:
    server = Server(folder / ("long-" * 20) / "home", durable=False)
    server.home.parent.mkdir(mode=0o711)
    trap = server._socket_folder()
    trap.mkdir(mode=0o777)
    trap.chmod(0o777)
    try:
        with pytest.raises(ServerError, match=r"dougong-"):
            server.start()
    finally:
        trap.rmdir()


def test_many_processes_start_one_server(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from dougong.tenancy.embedded import Server;"
        "s = Server(Path(sys.argv[1]), durable=False); s.start(); print(s._pid_file()[0])"
    )
    with erased(Server(folder / "home", durable=False)) as server:

        def start(_n: int) -> str:
            command = [sys.executable, "-c", code, str(server.home)]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout

        with ThreadPoolExecutor(4) as pool:
            found = set(pool.map(start, range(4)))
        assert len(found) == 1
        assert server.running()


@pytest.mark.parametrize("left_by", ["nobody", "a living process of another kind"])
def test_starts_again_after_kill_9(folder: Path, left_by: str) -> None:
    with erased(Server(folder / "home")) as server:
        server.start()
        with psycopg.connect(server.address("postgres")) as connection:
            connection.execute("create table kept (n int)")
        pid_file = server.data / "postmaster.pid"
        os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGKILL)
        while server.running():  # the kernel needs a moment to end it
            continue
        if left_by != "nobody":  # ids are used again: PostgreSQL alone would refuse to start
            lines = pid_file.read_text().splitlines()
            pid_file.write_text("\n".join([str(os.getpid()), *lines[1:], ""]))
        server.start()
        assert answer(server, "select count(*) from kept") == 0


def test_an_interrupted_first_start_leaves_no_half_server(folder: Path) -> None:
    with erased(Server(folder / "home", durable=False)) as server:
        server.start()
        server.stop()
        (server.data).rename(server.folder / "data.new")
        (server.folder / "data.new" / "PG_VERSION").unlink()
        server.start()
        assert answer(server) == 1


def test_a_failing_program_is_told_in_words(folder: Path) -> None:
    with erased(Server(folder / "home", durable=False, settings={"shared_buffers": "nonsense"})) as server:
        with pytest.raises(ServerError, match=r"(?s)pg_ctl.*postgres/log"):
            server.start()
        assert 'invalid value for parameter "shared_buffers"' in server.log_file.read_text()


@needs_root
def test_as_root_the_server_belongs_to_an_unprivileged_user(folder: Path) -> None:
    with erased(Server(folder / "home", durable=False)) as server:
        server.start()
        process = int((server.data / "postmaster.pid").read_text().splitlines()[0])
        assert Path(f"/proc/{process}").stat().st_uid != 0
        assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
        assert server.folder.stat().st_uid == Path(f"/proc/{process}").stat().st_uid


@needs_root
def test_as_root_below_a_closed_folder_the_files_go_elsewhere_and_no_mode_changes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "ROOTS_PLACE", folder / "var")
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with erased(Server(closed / "project" / "data", durable=False)) as server:
        closed.joinpath("project").mkdir(mode=0o755)
        server.start()
        assert answer(server) == 1
        assert server.folder.parent == folder / "var"
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        again = Server(server.home, durable=False)
        assert again.folder == server.folder
    assert not server.folder.exists()
    assert not list((folder / "var").glob("project-*"))


@needs_root
def test_as_root_with_no_open_folder_at_all_the_error_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(embedded, "ROOTS_PLACE", closed / "var")
    with pytest.raises(ServerError) as caught:
        Server(closed / "data", durable=False).start()
    assert str(closed) in str(caught.value)
    assert "DOUGONG_HOME" in str(caught.value)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@needs_root
def test_as_root_programs_in_a_closed_folder_are_copied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "ROOTS_PLACE", folder / "var")
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    package = embedded.binary("pg_ctl").parents[2]
    for part in package.parent.glob(f"{package.name}*"):
        shutil.copytree(part, closed / part.name, symlinks=True)
    programs = closed / package.name / "pginstall" / "bin"
    monkeypatch.setattr(embedded, "binary", lambda name: programs / name)
    with erased(Server(folder / "home", durable=False)) as server:
        server.start()
        assert answer(server) == 1
    assert [path.name.rpartition("-")[0] for path in (folder / "var").iterdir()] == ["embedded-postgres"]


@pytest.mark.parametrize(
    ("mode", "uid", "gid", "open_to"),
    [(0o700, 1, 1, {(1, 1), (1, 9)}), (0o710, 1, 2, {(1, 9), (9, 2)}), (0o711, 1, 2, {(1, 9), (9, 2), (9, 9)})],
)
@needs_root
def test_who_may_enter_a_folder(folder: Path, mode: int, uid: int, gid: int, open_to: set[tuple[int, int]]) -> None:
    inner = folder / "inner"
    inner.mkdir()
    os.chown(inner, uid, gid)
    inner.chmod(mode)
    for one in {(1, 1), (1, 9), (9, 2), (9, 9)} & (open_to | {(9, 9)}):
        expected = None if one in open_to else inner
        assert Account("x", *one).first_closed(inner / "missing" / "deeper") == expected
