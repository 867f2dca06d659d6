"""What all tests share beyond ``dougong.testing``: the browser, and a loud word when there is none."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Time is no measure where other work runs beside. The same examples each time, so that a change is judged by what it
# changes; new ones are looked for with ``make test ARGS="--hypothesis-profile=hunt -k …"``.
settings.register_profile(
    "repeatable", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, database=None
)
settings.register_profile("hunt", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=1000)
settings.load_profile("repeatable")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that drive a browser come last: Playwright leaves an event loop running in its process, in which
    ``asyncio.run`` refuses to work. They are skipped where there is no Chromium."""
    driving = [item for item in items if _drives(item)]
    modules = {item.path for item in driving}  # a process takes whole modules
    items.sort(key=lambda item: item.path in modules)
    if CHROMIUM:
        return
    for item in driving:
        item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


def _drives(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None or "browser" in getattr(item, "fixturenames", ())


def pytest_report_header() -> str:
    return f"chromium: {CHROMIUM or 'NOT INSTALLED: ALL BROWSER TESTS ARE SKIPPED (apt-get install chromium)'}"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not CHROMIUM:
        words = "BROWSER TESTS WERE SKIPPED: Chromium is not installed (apt-get install chromium fonts-noto-cjk)"
        terminalreporter.write_line(words, red=True, bold=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Playwright switches greenlets when its objects are collected; amid ``ast.parse`` that is a SystemError."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; pytest-playwright downloads nothing."""
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-dev-shm-usage"],
    }
