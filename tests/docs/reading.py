"""Following the documentation: its code blocks, and a reader who writes its files and types its commands.

In the pages, ``sh`` blocks are typed by tests; ``bash`` blocks are only shown (they need another machine). A block with
a ``title`` is a file. ``text`` is what the commands before it print, in part; ``…`` stands for anything.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

TOP = Path(__file__).parents[2]
DOCS = TOP / "docs"
TUTORIAL = DOCS / "tutorial" / "first-module.md"
PACKAGE = Path("plugins") / "lostfound"
PATIENCE = 180  # seconds until the demo answers, on a machine that has other work too

_BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Block:
    kind: str
    title: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    for kind, title, text in _BLOCK.findall(page.read_text("utf-8")):
        yield Block(kind, title, text)


def pages() -> list[Path]:
    """Every page of the project that people read."""
    return sorted([*TOP.glob("*.md"), *DOCS.rglob("*.md")])


class Reader:
    """Somebody who follows pages in a folder of their own, on a database of their own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder, self.port, self.printed = folder, "8000", ""
        programs = Path(sys.prefix) / "bin"
        self.environment = {
            **{k: v for k, v in os.environ.items() if k != "DOUGONG_TEST_RUN" and not k.startswith("LC_")},
            "DOUGONG_HOME": str(folder / "data"),
            "DOUGONG_DATABASE_URL": database_url,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(folder / PACKAGE),
            "LANG": "C.UTF-8",
            "no_proxy": "*",
        }
        self.server: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None
        (folder / ".venv").symlink_to(Path(sys.prefix))

    def follow(self, page: Path) -> None:
        """Write its files, type its commands, look for what it promises."""
        for block in blocks(page):
            if block.title:
                self.write(block.title, block.text)
            elif block.kind == "sh":
                self.printed = self.type(block.text)
            elif block.kind == "text":
                self.look_for(block.text)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def type(self, block: str) -> str:
        """What the commands of a block print. One that fails ends the test, with its words."""
        printed = ""
        for piece in filter(str.strip, re.split(r"^(make \w+)\n", block, flags=re.M)):
            if piece == "make setup":  # an editable install, without asking a package index
                self.install()
            elif piece == "make demo":  # the command that it runs, on a free port
                self.serve()
            elif self.worker and "dougong restore" in piece:  # the page says: not while a worker runs
                self.stop()
                printed += self.run(piece)
                self.work()
            else:
                printed += self.run(piece)
        return printed

    def look_for(self, promised: str) -> None:
        for line in promised.splitlines():
            pattern = ".*".join(re.escape(part) for part in line.split("…"))
            assert re.search(pattern, self.printed), f"{line!r} was promised, but printed was:\n{self.printed}"

    def run(self, commands: str) -> str:
        # Tests start a server of their own, as a newcomer's do; the other commands use this test's database.
        own = {"DOUGONG_DATABASE_URL": os.environ.get("DOUGONG_DATABASE_URL", "")} if "-m pytest" in commands else {}
        done = subprocess.run(
            ["/bin/sh", "-e", "-c", commands.replace(":8000", f":{self.port}")],
            cwd=self.folder,
            env={**self.environment, **own},
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def install(self) -> None:
        """What ``pip install -e`` leaves: a folder on the path, and its entry points."""
        package = self.folder / PACKAGE
        project = tomllib.loads((package / "pyproject.toml").read_text("utf-8"))["project"]
        name, version = project["name"], project["version"]
        noted = package / f"{name.replace('-', '_')}-{version}.dist-info"
        noted.mkdir()
        (noted / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        lines = [
            line
            for group, points in project["entry-points"].items()
            for line in (f"[{group}]", *(f"{name} = {value}" for name, value in points.items()))
        ]
        (noted / "entry_points.txt").write_text("\n".join(lines) + "\n")

    def serve(self) -> None:
        command = [".venv/bin/dougong", "demo", "--port", "0"]  # any that is free: a chosen one could be taken meanwhile
        with (self.folder / "server.log").open("wb") as log:
            self.server = subprocess.Popen(
                command, cwd=self.folder, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        for _second in range(PATIENCE):
            said = (self.folder / "server.log").read_text("utf-8")
            if found := re.search(r"http://localhost:(\d+)", said):
                self.port = found[1]
                break
            assert self.server.poll() is None, said
            time.sleep(1)
        retry = f"--retry {PATIENCE} --retry-delay 1 --retry-connrefused"
        self.run(f"curl -sf {retry} http://localhost:8000/readyz > /dev/null")

    def work(self) -> None:
        """A worker, as an installation that is in use has one. Returns when it has been seen."""
        with (self.folder / "worker.log").open("ab") as log:
            self.worker = subprocess.Popen(
                [".venv/bin/dougong", "worker"],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        with psycopg.connect(self.environment["DOUGONG_DATABASE_URL"], autocommit=True) as owner:
            for _second in range(PATIENCE):
                if owner.execute("SELECT id FROM platform.workers_seen() WHERE silent < 10").fetchone():
                    return
                time.sleep(1)
        raise AssertionError(f"no worker was seen; its log: {(self.folder / 'worker.log').read_text('utf-8')}")

    def stop(self) -> None:
        for process in (self.server, self.worker):
            if process:
                process.terminate()
                process.wait(120)
        self.server = self.worker = None
