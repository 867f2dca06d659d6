"""The addresses of this module: the steps of an import, the form of an export, and the same as an API."""

from __future__ import annotations

from dougong import PageRoute

from .pages import api, columns, export, preview, upload
from .settings import MB

ROOM = 201 * MB  # what a request may hold at all; the company's setting is lower

ROUTES = (
    PageRoute("import", upload.show),
    PageRoute("import", upload.send, "POST", uploads=ROOM),
    PageRoute("import/of/{kind}", upload.show),
    PageRoute("import/{id}/columns", columns.show),
    PageRoute("import/{id}/columns", columns.save, "POST"),
    PageRoute("import/{id}", preview.show),
    PageRoute("import/{id}/do/{step}", preview.take, "POST"),
    PageRoute("import/{id}/report/{format}", preview.report),
    PageRoute("out/{kind}", export.show),
    PageRoute("out/{kind}", export.make, "POST", costly=True),
    PageRoute("out/{kind}/chosen", export.chosen, "POST"),
    PageRoute("imports/{kind}", api.send, "POST", api=True, uploads=ROOM, describes=api.DESCRIBED["send"]),
    PageRoute("imports/{id}", api.show, api=True, describes=api.DESCRIBED["show"]),
    PageRoute("imports/{id}/start", api.start, "POST", api=True, describes=api.DESCRIBED["start"]),
    PageRoute("imports/{id}/report/{format}", preview.report, api=True, describes=api.DESCRIBED["report"]),
    PageRoute("exports/{kind}/{format}", api.export, api=True, costly=True, describes=api.DESCRIBED["export"]),
)
