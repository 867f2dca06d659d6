"""The sample pages over HTTP with the product's own headers, and a Chromium that talks to nobody else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from dougong.web.security import CONTENT_POLICY
from playwright.sync_api import Browser, sync_playwright

from . import theme_samples

CHROMIUM = Path("/usr/bin/chromium")
OFF = ("gpu", "quic", "background-networking", "component-update", "sync")
FLAGS = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in OFF)]


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class Server:
    """``/sample/<name>/<locale>?appearance=…&brand=…`` draws a page, ``/static/…`` its files."""

    def __init__(self) -> None:
        self.themes = theme_samples.themes()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = outer.answer(self.path)
                body, kind = found or (b"", "text/plain")
                self.send_response(200 if found else 404)
                self.send_header("content-type", kind)
                self.send_header("content-security-policy", CONTENT_POLICY)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def answer(self, path: str) -> tuple[bytes, str] | None:
        url = urlsplit(path)
        asked = {key: values[0] for key, values in parse_qs(url.query).items()}
        parts = url.path.strip("/").split("/")
        if parts[0] == "static":
            found = self.themes.assets.respond("/".join(parts[1:]), b"", {})
            return bytes(found.body), str(found.media_type)
        if parts[0] == "brand.css":
            return f":root{{--brand:#{asked['c']}}}".encode(), "text/css"
        if parts[0] == "sample":
            changes = {k: asked[k] for k in ("brand", "logo") if k in asked}
            html = theme_samples.draw(self.themes, parts[1], parts[2], asked.get("appearance", "auto"), **changes)
            return html.encode(), "text/html; charset=utf-8"
        return None

    def address(self, name: str, locale: str, query: str = "") -> str:
        return f"http://127.0.0.1:{self._server.server_port}/sample/{name}/{locale}{query}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
