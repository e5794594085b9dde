"""The data directory: where it lies, its secrets, and the database's address that is written there."""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import socket
import subprocess
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.refusals import Refused

ROOT = Path(__file__).resolve().parents[2]


def os_user() -> pwd.struct_passwd | None:
    """The ordinary user under whom the database runs when root starts it; None otherwise."""
    return pwd.getpwnam(os.environ.get("DOTPHA_DB_OS_USER", "nobody")) if os.geteuid() == 0 else None


def data_dir() -> Path:
    """The data directory: DOTPHA_DATA_DIR, else `var/` in the checkout, else a place that the
    database's user can enter when the checkout lies below a closed folder."""
    given = os.environ.get("DOTPHA_DATA_DIR")
    if given:
        return Path(given).resolve()
    return own_folder("var", "dotpha")


def own_folder(name: str, prefix: str) -> Path:
    """A folder of this checkout; `/var/tmp/<prefix>-<hash of the checkout's path>` when the
    database's user cannot enter the checkout."""
    user = os_user()
    if user is None or can_enter(ROOT, user):
        return ROOT / name
    return Path("/var/tmp") / f"{prefix}-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]}"


def secret(name: str, *, make: bool = False) -> str:
    """A secret of this installation, kept readable by its owner only; made on request.

    Empty when there is none yet.
    """
    path = data_dir() / "secrets" / name
    if path.exists():
        return path.read_text().strip()
    if not make:
        return ""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(40))
    return path.read_text().strip()


def dsn_from_data_dir(name: str = "dotpha") -> str:
    """The address of the embedded database as its owner last wrote it down."""
    home = data_dir() / "pg"
    try:
        port, password = (home / "port").read_text().strip(), (home / "password").read_text().strip()
    except OSError:
        port, password = "1", "none"  # nothing listens there: the refusal says to start the product
    return f"postgresql://dotpha:{password}@127.0.0.1:{port}/{name}"


def free_port(wanted: int = 0, host: str = "127.0.0.1") -> int:
    """A port of loopback that nobody uses: the wanted one while it is free."""
    for port in (wanted, 0):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # past connections do not hold it
            try:
                s.bind((host, port))
            except OSError:
                continue
            return int(s.getsockname()[1])
    raise Refused("no_free_port", _("There is no free port on %(host)s."), do=advice.FREE_PORT, host=host, status=503)


def can_enter(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether another user of this machine can read a folder and pass through it."""
    who: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return subprocess.run(["test", "-r", str(path), "-a", "-x", str(path)], check=False, **who).returncode == 0
