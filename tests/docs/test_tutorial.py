"""The tutorial is run: its files become a plugin distribution, its commands are typed, what it promises is looked for.

Two lines are stood in for: ``make setup`` (an editable install, without asking a package index) and ``make demo`` (the
command that it runs, on a free port).
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from dougong.testing.server import Database

TOP = Path(__file__).parents[2]
PAGE = TOP / "docs" / "tutorial" / "first-module.md"
BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.M | re.S)
PATIENCE = 60  # seconds until the demo answers


class Reader:
    """Somebody who follows the page in a folder of their own, on a database of their own."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder, self.port = folder, _free_port()
        self.package = folder / "plugins" / "lostfound"
        self.environment = {
            **{k: v for k, v in os.environ.items() if k != "DOUGONG_TEST_RUN" and not k.startswith("LC_")},
            "DOUGONG_HOME": str(folder / "data"),
            "DOUGONG_DATABASE_URL": database.owner,
            "PYTHONPATH": str(self.package),
            "LANG": "C.UTF-8",
            "no_proxy": "*",
        }
        self.server: subprocess.Popen[bytes] | None = None
        (folder / ".venv").symlink_to(Path(sys.prefix))

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def type(self, block: str) -> str:
        """What the commands of a block print. One that fails ends the test, with its words."""
        printed = ""
        pieces = re.split(r"^(make \w+)\n", block, flags=re.M)
        for piece in filter(str.strip, pieces):
            if piece == "make setup":
                self.install()
            elif piece == "make demo":
                self.serve()
            else:
                printed += self.run(piece)
        return printed

    def run(self, commands: str) -> str:
        # Tests start a server of their own, as a newcomer's do; the commands before use this test's database.
        own = {"DOUGONG_DATABASE_URL": os.environ.get("DOUGONG_DATABASE_URL", "")} if "-m pytest" in commands else {}
        done = subprocess.run(
            ["/bin/sh", "-e", "-c", commands.replace(":8000", f":{self.port}")],
            cwd=self.folder,
            env={**self.environment, **own},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def install(self) -> None:
        """What ``pip install -e`` leaves: a folder on the path, and its entry points."""
        project = tomllib.loads((self.package / "pyproject.toml").read_text("utf-8"))["project"]
        noted = self.package / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        noted.mkdir()
        (noted / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
        lines = [
            line
            for group, points in project["entry-points"].items()
            for line in (f"[{group}]", *(f"{name} = {value}" for name, value in points.items()))
        ]
        (noted / "entry_points.txt").write_text("\n".join(lines) + "\n")

    def serve(self) -> None:
        command = [".venv/bin/dougong", "demo", "--port", str(self.port)]
        with (self.folder / "server.log").open("wb") as log:
            self.server = subprocess.Popen(
                command, cwd=self.folder, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        self.run(f"curl -sf --retry {PATIENCE} --retry-delay 1 --retry-connrefused http://localhost:8000/readyz > /dev/null")

    def stop(self) -> None:
        if self.server:
            self.server.terminate()
            self.server.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def reader(tmp_path: Path, database: Database) -> Iterator[Reader]:
    made = Reader(tmp_path, database)
    made.run(".venv/bin/dougong demo --prepare")  # "in which make demo has run once"
    try:
        yield made
    finally:
        made.stop()


def test_the_tutorial_as_it_is_written(reader: Reader) -> None:
    printed = ""
    blocks = BLOCK.findall(PAGE.read_text("utf-8"))
    assert {kind for kind, _title, _text in blocks} == {"toml", "python", "po", "sh", "text"}
    for kind, title, text in blocks:
        if title:
            reader.write(title, text)
        elif kind == "sh":
            begun = time.monotonic()
            printed = reader.type(text)
            print(f"{time.monotonic() - begun:.1f} s: {text}{printed}")
        elif kind == "text":
            for line in text.splitlines():
                parts = [re.escape(part) for part in line.split("…")]
                assert re.search(".*".join(parts), printed), f"{line!r} was promised, but printed was:\n{printed}"
        else:
            pytest.fail(f"a block of {kind} without a file name: {text}")
