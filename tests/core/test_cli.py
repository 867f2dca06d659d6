"""Every command: as text and as JSON, with bad input, and what it leaves in the database."""

from __future__ import annotations

import contextvars
import json
import os
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from click.testing import CliRunner, Result
from dougong.cli.root import root
from dougong.plugins import Registry, load
from dougong.tenancy.cells import Cell
from dougong.testing.clients import Client, running
from dougong.testing.companies import found_company
from dougong.testing.server import Database

Run = Callable[..., Any]
MAIN = [sys.executable, "-c", "from dougong.cli import main; main()"]


def invoke(environment: dict[str, str], *arguments: str, code: int = 0, given: str | None = None) -> Result:
    """Run a command as a terminal in English would; its exit code must be the expected one."""
    spoken = {"LANG": "C.UTF-8", "LC_ALL": "", "LC_MESSAGES": "", **environment}
    context = contextvars.copy_context()  # the language must not stay
    result: Result = context.run(CliRunner().invoke, root, list(arguments), input=given, env=spoken)
    structlog.reset_defaults()
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def environment_of(database: Database, home: Path) -> dict[str, str]:
    return {"DOUGONG_DATABASE_URL": database.superuser, "DOUGONG_HOME": str(home / "home")}


@pytest.fixture(scope="module")
def where(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return environment_of(shared_database, tmp_path_factory.mktemp("cli"))


@pytest.fixture(scope="module")
def installed(where: dict[str, str], shared_database: Database, shared_cell: Cell, registry: Registry) -> Any:
    """A database with one company."""
    return found_company(shared_database.owner, shared_cell, registry, "anhe")


@pytest.fixture
def run(where: dict[str, str], installed: Any) -> Run:
    """``run("tenant", "list")`` → what is printed; with ``--json`` what that says."""

    def go(*arguments: str, code: int = 0, given: str | None = None) -> Any:
        result = invoke(where, *arguments, code=code, given=given)
        if code:
            assert result.stdout == "" or code == 1
            return result.stderr
        return json.loads(result.stdout) if "--json" in arguments else result.stdout

    return go


@pytest.fixture
def platform_client(
    shared_database: Database, registry: Registry, installed: Any, tmp_path: Path
) -> Iterator[Callable[..., Client]]:
    with running(shared_database, registry, tmp_path / "home") as platform:

        def client(token: str) -> Client:
            headers = {"accept": "application/json", "authorization": f"Bearer {token}"}
            return Client(platform, installed.host, headers=headers)

        yield client


# ---- companies ----


def test_tenants(run: Run) -> None:
    made = run(
        "tenant",
        "create",
        "second",
        "--name",
        "第二物业",
        "--host",
        "second.localhost",
        "--module",
        "complaints",
        "--json",
    )
    assert (made["slug"], made["name"], made["hosts"]) == ("second", "第二物业", ["second.localhost"])
    listed = {row["slug"]: row for row in run("tenant", "list", "--json")}
    assert listed["second"]["name"] == "第二物业"
    assert listed["second"]["hosts"] == ["second.localhost"]
    shown = run("tenant", "show", "second", "--json")
    assert shown["modules"] == ["complaints"]
    assert [site["slug"] for site in shown["sites"]] == ["second"]
    assert "第二物业" in run("tenant", "list")
    assert "第二物业" in run("tenant", "show", "second")
    assert run("tenant", "suspend", "second", "--json")["status"] == "suspended"
    assert run("tenant", "show", "second", "--json")["status"] == "suspended"
    assert run("tenant", "resume", "second", "--json")["status"] == "active"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("tenant", "show", "nowhere"), "no company “nowhere”. There are: anhe"),
        (("tenant", "create", "anhe", "--name", "again"), "taken already"),
        (("tenant", "create", "Bad Slug", "--name", "x"), "slug: Lower-case"),
        (("tenant", "create", "third", "--name", "x", "--host", "HTTP://x"), "hosts.0: Not a host name"),
        (
            ("tenant", "create", "third", "--name", "x", "--module", "nope"),
            "no module “nope”. Installed are: budgeting, complaints",
        ),
        (("user", "list", "--tenant", "nowhere"), "no company “nowhere”"),
        (("user", "password", "--tenant", "anhe", "--user", "ghost"), "nobody with the user name “ghost”"),
        (("user", "create", "--tenant", "anhe", "--user", "admin"), "username: This user name is taken"),
        (("user", "create", "--tenant", "anhe", "--user", "a b"), "username: 2 to 64"),
        (("user", "create", "--tenant", "anhe", "--user", "xx", "--role", "king"), "no role “king”"),
        (("user", "create", "--tenant", "anhe", "--user", "xx", "--role", "admin@mars"), "no site “mars”"),
        (("token", "create", "--tenant", "anhe", "--user", "ghost"), "nobody with the user name"),
        (
            ("token", "create", "--tenant", "anhe", "--user", "admin", "--scope", "nope.x"),
            "scope.0: There is no permission",
        ),
        (("token", "revoke", "--tenant", "anhe", "--id", "0" * 64), "There is no such token"),
        (("module", "enable", "nope", "--tenant", "anhe"), "no module “nope”"),
        (("grant", "add", "--tenant", "anhe", "--user", "admin", "--role", "king"), "no role “king”"),
        (
            ("grant", "revoke", "--tenant", "anhe", "--id", "00000000-0000-0000-0000-000000000000"),
            "There is no such grant",
        ),
        (("explain", "--tenant", "anhe", "--user", "admin", "--permission", "complaints.x"), "Nothing declares"),
        (("plugin", "migration", "nope", "-m", "x"), "no module “nope”"),
        (("restore", "/nonexistent/file"), "There is no file"),
        (("tenant", "apply", "/nonexistent.toml"), "/nonexistent.toml cannot be read: No such file"),
    ],
)
def test_not_done_is_one_plain_sentence(run: Run, arguments: tuple[str, ...], words: str) -> None:
    said = run(*arguments, code=1, given="a long enough password\n")
    assert words in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nonsense",), "There is no command nonsense"),
        (("tenant", "nonsense"), "There is no command nonsense"),
        (("tenant", "list", "--nonsense"), "There is no option --nonsense"),
        (("user", "list"), "Missing: --tenant"),
        (("tenant", "show"), "Missing: SLUG"),
        (("token", "create", "--tenant", "anhe", "--user", "admin", "--days", "0"), "--days does not fit"),
        (("token", "revoke", "--tenant", "anhe", "--id", "ab"), "at least 8"),
        (("grant", "add", "-t", "anhe", "-u", "admin", "--role", "hr", "--from", "soon"), "“soon” is no time"),
        (("serve", "--port", "99999"), "--port does not fit"),
    ],
)
def test_wrong_usage_is_2(run: Run, arguments: tuple[str, ...], words: str) -> None:
    said = run(*arguments, code=2)
    assert words in said
    assert "--help" in said


# ---- people ----


def test_a_person_is_made_with_posts_and_a_password(run: Run) -> None:
    said = (
        "--user",
        "wang",
        "--name",
        "客服专员·北一",
        "--role",
        "service_agent@n1",
        "--role",
        "hr",
        "--password",
        "--json",
    )
    made = run("user", "create", "--tenant", "anhe", *said, given="a long enough password\n")
    assert (made["username"], made["status"]) == ("wang", "active")
    listed = {row["username"]: row for row in run("user", "list", "--tenant", "anhe", "--json")}
    assert listed["wang"]["name"] == "客服专员·北一"
    assert sorted(listed["wang"]["roles"]) == ["hr@anhe", "service_agent@n1"]
    assert "客服专员·北一" in run("user", "list", "--tenant", "anhe")


def test_a_weak_password_is_refused_and_nobody_made(run: Run) -> None:
    said = run("user", "create", "--tenant", "anhe", "--user", "weak", "--password", code=1, given="short\n")
    assert "password: Use at least 10 characters" in said
    assert "weak" not in [row["username"] for row in run("user", "list", "--tenant", "anhe", "--json")]


def test_an_invitation_and_a_reset(run: Run) -> None:
    made = run("user", "create", "--tenant", "anhe", "--user", "li", "--json")
    assert made["status"] == "invited"
    assert len(made["invitation"]) > 20
    assert "not active" in run("token", "create", "--tenant", "anhe", "--user", "li", code=1)
    assert (
        run("user", "password", "--tenant", "anhe", "--user", "li", "--link", "--json")["invitation"]
        != made["invitation"]
    )
    assert "has a new password" in run(
        "user", "password", "--tenant", "anhe", "--user", "li", given="a long enough password\n"
    )
    assert run("user", "disable", "--tenant", "anhe", "--user", "li", "--json")["status"] == "disabled"
    assert "is disabled" in run("user", "password", "-t", "anhe", "-u", "li", code=1, given="another long password\n")
    assert run("user", "enable", "--tenant", "anhe", "--user", "li", "--json")["status"] == "active"


def test_the_token_is_the_last_word_and_works(run: Run, platform_client: Callable[..., Client]) -> None:
    printed = run("token", "create", "--tenant", "anhe", "--user", "service_agent_n1", "--days", "2")
    token = printed.split()[-1]
    assert token.startswith("dgt_")
    assert platform_client(token).api("GET", "/complaints/complaint").status_code == 200
    scoped = run("token", "create", "-t", "anhe", "-u", "service_agent_n1", "--scope", "core.people.read", "--json")
    answer = platform_client(scoped["token"]).api("POST", "/complaints/complaint?site=n1", {}, key="one")
    assert answer.status_code in (403, 404)
    rows = run("token", "list", "--tenant", "anhe", "--user", "service_agent_n1", "--json")
    assert [row["scope"] for row in rows] == [["core.people.read"], ["*"]]
    run("token", "revoke", "--tenant", "anhe", "--id", rows[1]["id"][:12])
    assert platform_client(token).api("GET", "/complaints/complaint").status_code == 401


# ---- rights ----


def test_grants(run: Run) -> None:
    add = ("--tenant", "anhe", "--user", "nobody", "--role", "quality", "--site", "n1", "--until", "2999-01-01")
    made = run("grant", "add", *add, "--json")
    (row,) = run("grant", "list", "--tenant", "anhe", "--user", "nobody", "--json")
    assert (row["id"], row["role"], row["site"], row["until"]) == (
        made["id"],
        "quality",
        "n1",
        "2999-01-01T00:00+08:00",
    )
    assert run("grant", "revoke", "--tenant", "anhe", "--id", made["id"], "--json")["revoked"]
    assert run("grant", "list", "--tenant", "anhe", "--user", "nobody", "--json") == []
    assert "No grants" in run("grant", "list", "--tenant", "anhe", "--user", "nobody")
    assert "quality" in run("grant", "list", "--tenant", "anhe")
    past = run("grant", "add", *add[:-1], "2001-01-01", code=1)
    assert "ends_at: The end must lie after" in past


def test_roles_and_explanation(run: Run) -> None:
    roles = {row["slug"]: row for row in run("role", "list", "--tenant", "anhe", "--json")}
    assert roles["admin"]["name"] == "System administrator"
    assert "core.grants.edit" in roles["admin"]["permissions"]
    assert "Project manager" in run("role", "list", "--tenant", "anhe")
    ask = ("explain", "--tenant", "anhe", "--permission", "complaints.complaint.close", "--site", "n1")
    assert run(*ask, "--user", "service_lead_n1", "--json")["allowed"] is True
    told = run(*ask, "--user", "service_agent_n1", "--json")
    assert told["allowed"] is False
    assert told["grants"]
    assert "Not allowed." in run(*ask, "--user", "service_agent_n1")


# ---- modules and plugins ----


def listed(run: Run, module: str = "complaints") -> dict[str, Any]:
    (row,) = [row for row in run("module", "list", "--tenant", "anhe", "--json") if row["name"] == module]
    return dict(row)


def test_modules_on_and_off(run: Run) -> None:
    assert run("module", "disable", "complaints", "--tenant", "anhe", "--site", "n2", "--json")["enabled"] is False
    assert (listed(run)["enabled"], listed(run)["off_at"]) == (True, ["n2"])
    run("module", "enable", "complaints", "--tenant", "anhe", "--site", "n2")
    run("module", "disable", "complaints", "--tenant", "anhe")
    assert listed(run)["enabled"] is False
    run("module", "enable", "complaints", "--tenant", "anhe")
    assert "complaints" in run("module", "list", "--tenant", "anhe")


def test_plugins(run: Run) -> None:
    rows = {row["name"]: row for row in run("plugin", "list", "--json")}
    assert set(rows) == set(load().modules)
    assert rows["complaints"]["loaded"] is True
    assert [row["label"] for row in run("theme", "list", "--json")] == ["Plain"]
    assert "complaints" in run("plugin", "list")
    assert run("plugin", "migration", "complaints", "-m", "nothing", "--json")["file"] is None
    assert "agree" in run("plugin", "migration", "core", "-m", "nothing")


def test_a_broken_plugin_is_listed_with_what_mends_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = types.ModuleType("broken_plugin")
    monkeypatch.setattr("dougong.plugins.loader._installed", lambda: [("broken", broken)])
    (row,) = run("plugin", "list", "--json")
    assert (row["name"], row["loaded"]) == ("broken", False)
    assert "has no manifest" in row["problem"]
    assert "has no manifest" in run("plugin", "list")
    said = run("doctor", "--json", code=1)
    assert "Traceback" not in said


# ---- the installation ----


def test_db_url(run: Run, shared_database: Database) -> None:
    for role, name in (("owner", "dougong_owner"), ("app", "dougong_app"), ("operator", "dougong_operator")):
        with psycopg.connect(run("db", "url", "--role", role, "--json")["url"]) as connection:
            assert connection.info.user == name
            assert connection.info.dbname == shared_database.name
    with psycopg.connect(run("db", "url").strip()) as connection:
        assert connection.info.user == "dougong_owner"


def test_migrate_again_does_nothing(run: Run) -> None:
    assert run("migrate", "--json") == {"applied": {}, "holidays": False, "failures": []}
    assert "up to date" in run("migrate")


def test_doctor(run: Run, shared_database: Database) -> None:
    assert run("doctor", "--json") == []
    assert "All is well" in run("doctor")
    with psycopg.connect(shared_database.superuser, autocommit=True) as connection:
        connection.execute("ALTER TABLE core.site NO FORCE ROW LEVEL SECURITY")
        try:
            run("doctor", code=1)
        finally:
            connection.execute("ALTER TABLE core.site FORCE ROW LEVEL SECURITY")


def test_backup_and_restore(database: Database, registry: Registry, cell: Cell, tmp_path: Path) -> None:
    place = environment_of(database, tmp_path)
    found_company(database.owner, cell, registry, "kept", people={})
    cell.engine.dispose()
    file = tmp_path / "all.backup"
    assert json.loads(invoke(place, "backup", str(file), "--json").stdout)["file"] == str(file)
    invoke(place, "tenant", "create", "later", "--name", "later")
    assert "--replace" in invoke(place, "restore", str(file), code=1).stderr
    (tmp_path / "no.backup").write_text("no")
    assert "is not a backup" in invoke(place, "restore", str(tmp_path / "no.backup"), code=1).stderr
    assert json.loads(invoke(place, "restore", str(file), "--replace", "--json").stdout)["format"] == 1
    assert [row["slug"] for row in json.loads(invoke(place, "tenant", "list", "--json").stdout)] == ["kept"]


def test_no_installation_here(tmp_path: Path) -> None:
    said = invoke(
        {"DOUGONG_HOME": str(tmp_path / "nothing"), "DOUGONG_DATABASE_URL": ""}, "tenant", "list", code=1
    ).stderr
    assert "There is no installation in" in said
    assert not (tmp_path / "nothing").exists()


def test_database_out_of_reach(tmp_path: Path) -> None:
    address = f"postgresql://nobody@/nothing?host={tmp_path}"
    said = invoke({"DOUGONG_HOME": str(tmp_path), "DOUGONG_DATABASE_URL": address}, "tenant", "list", code=1).stderr
    assert "The database cannot be reached" in said
    assert "Traceback" not in said


def test_not_migrated(empty_database: Database, tmp_path: Path) -> None:
    said = invoke(environment_of(empty_database, tmp_path), "tenant", "list", code=1).stderr
    assert "Run “dougong migrate” first" in said


def test_bad_configuration(tmp_path: Path) -> None:
    said = invoke({"DOUGONG_HOME": str(tmp_path), "DOUGONG_PORT": "many"}, "doctor", code=1).stderr
    assert said == "DOUGONG_PORT must be a whole number.\n"


# ---- the program itself ----


def test_it_speaks_chinese_where_the_terminal_does(where: dict[str, str]) -> None:
    said = invoke({**where, "LANG": "zh_CN.UTF-8"}, "tenant", "show", "nowhere", code=1).stderr
    assert "没有" in said
    assert "命令" in invoke({**where, "LC_ALL": "zh_CN.UTF-8"}, "--help").stdout


def test_every_command_helps_and_offers_json() -> None:
    def walk(group: Any, path: list[str]) -> Iterator[list[str]]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from walk(command, [*path, name])
            else:
                yield [*path, name]

    found = list(walk(root, []))
    assert len(found) > 25
    for path in found:
        text = invoke({}, *path, "--help").stdout
        assert "--json" in text, path
        assert "None" not in text, path


def test_help_of_our_own_commands_is_quick_and_imports_nothing_heavy() -> None:
    """Only the list of all commands loads plugins, because theirs stand in it."""
    code = (
        "import sys; sys.argv = ['dougong', 'tenant', '--help']\n"
        "from dougong.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'sqlalchemy', 'uvicorn', 'alembic', 'starlette'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout.splitlines()[-1] == "[]"
