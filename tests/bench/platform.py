"""The platform as ``serve`` runs it: one process, everything on, no background worker taking its time."""

from __future__ import annotations

import uvicorn
from dougong.app import build, configure_logging, parts
from dougong.config import Config


def main() -> None:
    configure_logging()
    config = Config()
    uvicorn.run(
        build(parts(config)),
        host="127.0.0.1",
        port=config.port,
        log_level="warning",
        access_log=False,
        loop="uvloop",
        http="httptools",
    )


if __name__ == "__main__":
    main()
