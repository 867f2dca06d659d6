"""The import rules and house rules hold, and the checkers fail on what they must fail on."""

from __future__ import annotations

import inspect
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import dougong
import pytest
from dougong.testing import rules

ROOT = Path(__file__).parents[2]
SAMPLES = Path(__file__).parent / "samples"
PACKAGES = ("core/dougong", "plugins/complaints/dougong_complaints", "themes/plain/dougong_theme_plain")
LAYERS = "The core's layers"
NO_PLUGIN = "The core imports no plugin"


def samples(*kinds: str) -> list[str]:
    return [file.name for file in sorted(SAMPLES.glob("*.py")) if said(file.name)[1] in kinds]


def said(name: str) -> tuple[Path, str]:
    """Where a sample pretends to be, and what it breaks."""
    first, second = (SAMPLES / name).read_text().splitlines()[:2]
    return Path(first.removeprefix("# as: ")), second.removeprefix("# breaks: ")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command as c; c()"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    arguments = ["--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    return subprocess.run(
        [*command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages' source, to which a sample is added."""
    folder = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / Path(package).name, ignore=lambda _d, names: _no_code(names))
    return folder


def _no_code(names: list[str]) -> list[str]:
    return [name for name in names if "." in name and not name.endswith(".py")]


def test_the_import_rules_hold(tree: Path) -> None:
    done = lint_imports(tree)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", samples("layers", "plugin"))
def test_the_import_rules_fail_on(name: str, tree: Path) -> None:
    place, breaks = said(name)
    (tree / place).write_text((SAMPLES / name).read_text())
    try:
        done = lint_imports(tree)
    finally:
        (tree / place).unlink()
    assert done.returncode == 1, done.stdout + done.stderr
    broken = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]
    assert len(broken) == 1
    assert broken[0].startswith(LAYERS if breaks == "layers" else NO_PLUGIN)


def test_the_house_rules_hold() -> None:
    assert [str(breach) for breach in rules.breaches(ROOT)] == []


def test_the_import_rules_know_every_package_of_the_workspace() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    found = {file.parent.name for file in ROOT.glob("*/*/dougong_*/__init__.py")}
    (forbidden,) = (one["forbidden_modules"] for one in settings["contracts"] if one["type"] == "forbidden")
    assert set(settings["root_packages"]) == {"dougong", *found}
    assert set(forbidden) == found


@pytest.mark.parametrize("name", samples("public", "another plugin", "bound", "nothing"))
def test_the_house_rules_fail_on(name: str, tmp_path: Path) -> None:
    place, breaks = said(name)
    package = tmp_path / place.parts[0]
    package.mkdir()
    (tmp_path / place).write_text((SAMPLES / name).read_text())
    public = rules.public_names(ROOT / "core" / "dougong")
    found = [*rules.imports(package, public=public), *rules.raw_sql(package)]
    if breaks == "nothing":
        assert found == []
    else:
        assert [breach for breach in found if breaks in breach.problem]


def test_a_declared_plugin_may_be_imported(tmp_path: Path) -> None:
    package = tmp_path / "dougong_sample"
    package.mkdir()
    (package / "a.py").write_text("from dougong_other import thing\n")
    assert len(list(rules.imports(package, public=()))) == 1
    assert list(rules.imports(package, public=(), requires=["dougong_other"])) == []


def test_every_public_name_has_a_user() -> None:
    """One of our plugins or themes, a page of the manual, or a signature: what nobody needs is not promised to anybody."""
    ours = [*ROOT.glob("plugins/*/dougong_*/**/*.py"), *ROOT.glob("themes/*/dougong_*/**/*.py")]
    used = {name for file in ours for _line, module, name in rules._imported(file) if module == "dougong"}
    for page in (ROOT / "docs").rglob("*.md"):
        if "reference" not in page.parts:
            used |= set(re.findall(r"\w+", page.read_text("utf-8")))
    for name in dougong.__all__:
        found = getattr(dougong, name)
        for one in (found, *vars(found).values()) if isinstance(found, type) else (found,):
            if inspect.isfunction(one):
                used |= set(re.findall(r"\w+", str(inspect.signature(one))))
    assert [name for name in dougong.__all__ if name not in used] == []


def distribution(folder: Path, declared: str, source: str, *, file: str = "records.py") -> list[str]:
    """What is said of a distribution that declares this and whose one module holds this source."""
    package = folder / "dougong_sample"
    (package / file).parent.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / file).write_text(source)
    (folder / "pyproject.toml").write_text(f'[project]\nname = "dougong-sample"\n{declared}\n')
    known = {"yaml": ["PyYAML"], "dougong": ["dougong"], "dougong_sample": ["dougong-sample"], "pytest": ["pytest"]}
    return [breach.problem for breach in rules.dependencies(folder / "pyproject.toml", known)]


def test_an_undeclared_package_is_found_though_it_is_installed(tmp_path: Path) -> None:
    (problem,) = distribution(tmp_path, 'dependencies = ["dougong"]', "import dougong\nfrom yaml import safe_load\n")
    assert problem.startswith("yaml is not among the dependencies")


def test_a_declared_package_that_nothing_imports_is_found(tmp_path: Path) -> None:
    said = distribution(
        tmp_path, 'dependencies = ["dougong", "py-yaml>=6", "PyYAML"]', "import os\nimport yaml.nodes\n"
    )
    assert said == ["py-yaml is declared and imported nowhere"]


def test_an_extra_for_tests_serves_the_testing_folder_alone(tmp_path: Path) -> None:
    extra = 'dependencies = []\n[project.optional-dependencies]\ntesting = ["pytest>=9"]'
    assert distribution(tmp_path / "good", extra, "import pytest\n", file="testing/plugin.py") == []
    (problem,) = distribution(tmp_path / "bad", extra, "import pytest\n")
    assert problem.startswith("pytest is not among the dependencies")


@pytest.mark.parametrize(
    "line",
    [
        "see /" + "root/project/x.py",
        "cd /" + "home/wang/dougong",
        "pip install --index-" + "url http://x",
        "http://10.0.0.1:3141/" + "simple/",
        "https://" + "nexus.example/repository/pypi/simple",
    ],
)
def test_machine_paths_and_registries_are_found(line: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"fine\n{line}\n")
    (breach,) = rules.texts(tmp_path, ["a.md"])
    assert breach.line == 2


def test_ordinary_addresses_are_not(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "https://www.apache.org/licenses/\n/home\n/work/orders\n/usr/bin/env\nanhe.localhost:8000/home/x\n"
    )
    assert list(rules.texts(tmp_path, ["a.md"])) == []
