"""Whether the embedded database already has the shape and content of this release.

Asking Django takes seconds at every start; comparing a digest of what decides it takes none. The
digest covers our migrations and first contents, every installed package's version, the settings
that choose contents, and the migrations that the database itself says it has.
"""

from __future__ import annotations

import hashlib
import os
from importlib import metadata
from pathlib import Path

from dotpha import __version__

_PRODUCT = Path(__file__).resolve().parents[1]
_DECIDES = ("*/migrations/*.py", "datapacks/*.py", "accounts/demo.py", "platform/past.py")


def is_prepared(data: Path, dsn: str, *, demo: bool) -> bool:
    """Whether nothing is to be migrated or loaded."""
    try:
        kept = (data / "run" / "prepared").read_text()
    except OSError:
        return False
    return kept == _digest(dsn, demo)


def remember(data: Path, dsn: str, *, demo: bool) -> None:
    """Note that the database has been prepared."""
    (data / "run" / "prepared").write_text(_digest(dsn, demo))


def _digest(dsn: str, demo: bool) -> str:
    packages = sorted(f"{each.name}=={each.version}" for each in metadata.distributions())
    chosen = [
        __version__,
        os.environ.get("DOTPHA_PACK", ""),
        str(demo),
        os.environ.get("DOTPHA_DEMO_PASSWORD", ""),
    ]
    digest = hashlib.sha256("\n".join([*packages, *chosen, *_migrations(dsn)]).encode())
    for pattern in _DECIDES:
        for path in sorted(_PRODUCT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _migrations(dsn: str) -> list[str]:
    import psycopg  # noqa: PLC0415 -- slow to import, and only a start needs it

    with psycopg.connect(dsn) as connection:
        if connection.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
            return []
        rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    return [f"{app}.{name}" for app, name in rows]
