"""Handing over: what was found of a person as one zip with JSON for programs and a page for people.

The page is HTML without scripts, so nothing in it is ever taken for a formula. It lies with the request, behind the
permission of those who handle it.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dougong import Context, Hit, Record, Upload, field_labels, personal_values, translator

from .finding import Picked, site_name
from .records import Request
from .settings import Settings

_ = translator("dougong_privacy")
X = Context[Settings]
LARGEST = 2 * 1024**3  # bytes of a package


def hand_over(x: X, r: Request, parts: Picked, *, files: bool, tell: Callable[[int, int], None] = lambda done, of: None) -> str:
    """Write the zip and put it to the request.

    :param files: with the records' own files. :param tell: told how many records of how many are written. :returns: its name.
    """
    name = f"{r.number} {_('personal data')} {x.now:%Y%m%d%H%M}.zip"
    with tempfile.TemporaryDirectory(prefix="dougong-privacy-") as folder:
        path = Path(folder) / "package.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            told = _told(x, r, parts, tell)
            out.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=1, default=str))
            out.writestr("data.html", _page(told))
            for inner, pieces in _files(x, parts) if files else ():
                with out.open(inner, "w") as target:
                    for piece in pieces:
                        target.write(piece)
        r.package = name
        x.attach(r, Upload.of(path, name), field="package", most=LARGEST)
    return name


def record_of(x: X, hit: Hit) -> Record:
    """The record of a hit, whatever its site."""
    kind: type[Record] = x.registry.resources[hit.kind].record
    return x.session.get_one(kind, (x.tenant, hit.id))


def _told(x: X, r: Request, parts: Picked, tell: Callable[[int, int], None]) -> dict[str, Any]:
    records = []
    for one in parts.hits:
        records.append(_record(x, one))
        tell(len(records), len(parts.parts))
    beside = [
        {"what": str(store.label), "label": one.label, "values": dict(store.export(x, one))}
        for store, one in parts.kept
    ]
    return {
        "company": x.snapshot.name,
        "request": r.number,
        "made_at": x.now.isoformat(),
        "records": records,
        "beside": beside,
    }


def _record(x: X, hit: Hit) -> dict[str, Any]:
    record = record_of(x, hit)
    labels = field_labels(x, hit.kind)
    values = personal_values(x, record)
    zone = x.snapshot.sites.zone(hit.site_id)
    return {
        "what": str(x.registry.resources[hit.kind].record.label),
        "kind": hit.kind,
        "number": hit.number,
        "site": site_name(x, hit.site_id),
        "created_at": hit.created_at.astimezone(zone).isoformat(),
        "values": {labels.get(name, name): value for name, value in values.items()},
        "fields": values,
    }


def _files(x: X, parts: Picked) -> Iterator[tuple[str, Iterator[bytes]]]:
    for hit in parts.hits:
        for place, file in enumerate(x.files(record_of(x, hit)), 1):
            if file.key:
                yield f"files/{hit.number}/{place} {file.name.replace('/', '_')}", x.open(file)


def _page(told: Mapping[str, Any]) -> str:
    """The same for people."""
    made = dt.datetime.fromisoformat(told["made_at"])
    out = [
        "<!doctype html><html><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'>",
        "<style>body{font:16px/1.6 sans-serif;max-width:46em;margin:2em auto;padding:0 1em}",
        "th{text-align:left;padding-right:1em;vertical-align:top}td{white-space:pre-wrap}</style>",
        f"<title>{_e(told['request'])}</title></head><body>",
        f"<h1>{_e(_('Your personal data'))}</h1>",
        f"<p>{_e(told['company'])} · {_e(told['request'])} · {made:%Y-%m-%d %H:%M} UTC</p>",
    ]
    for one in told["records"]:
        out.append(f"<h2>{_e(one['what'])} {_e(one['number'])}</h2><p>{_e(one['site'])} · {_e(one['created_at'])}</p>")
        out.append(_table(one["values"]))
    for one in told["beside"]:
        out.append(f"<h2>{_e(one['what'])}</h2><p>{_e(one['label'])}</p>{_table(one['values'])}")
    return "".join([*out, "</body></html>"])


def _table(values: Mapping[str, Any]) -> str:
    rows = "".join(f"<tr><th>{_e(k)}</th><td>{_e(_plain(v))}</td></tr>" for k, v in values.items())
    return f"<table>{rows}</table>"


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_plain(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{k}: {_plain(v)}" for k, v in value.items())
    return str(value)


def _e(text: object) -> str:
    return html.escape(str(text))


__all__ = ["hand_over", "record_of"]
