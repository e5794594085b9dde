"""The bill of materials (CycloneDX 1.6) of what the product ships, from its lock files; `--check` says if it is old.

`docs/bill-of-materials.json` names each Python package of `requirements.txt` with the digests that its installation
asks for, each browser package of `package-lock.json` with its integrity value, and each shipped static file with its
digest. It has neither time nor random number: the same locks give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from functools import cache
from importlib import metadata
from typing import Any

from licences import licence
from written import ROOT, write_or_check

from dotpha import __version__

BILL = ROOT / "docs" / "bill-of-materials.json"
STATIC = ROOT / "dotpha" / "platform" / "static"
NOT_INSTALLED = "see the package"
_PIN = re.compile(
    r"^([A-Za-z0-9._-]+)==([^\s;\\]+)[^\n]*((?:\\?\n    --hash=sha256:[0-9a-f]{64}[^\n]*)+)", re.MULTILINE
)

Component = dict[str, Any]


def python_packages() -> list[Component]:
    """What `requirements.txt` pins: name, version, licence, and the digest of every file that may be installed."""
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    return [
        _package("pypi", name.lower().replace("_", "-"), version, _licence(name), "SHA-256", _digests(hashes))
        for name, version, hashes in _PIN.findall(lock)
    ]


def browser_packages() -> list[Component]:
    """What the vendored browser files are made from; what only tests or building need is no part of the product."""
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    return [
        _package("npm", path.rpartition("node_modules/")[2], each["version"], each.get("license", NOT_INSTALLED),
                 "SHA-512", [base64.b64decode(each["integrity"].partition("-")[2]).hex()])
        for path, each in lock.items()
        if path and not each.get("dev")
    ]  # fmt: skip


def static_files() -> list[Component]:
    """Each file that a browser gets from us."""
    return [
        {
            "type": "file",
            "bom-ref": f"file:{path.relative_to(STATIC).as_posix()}",
            "name": path.relative_to(STATIC).as_posix(),
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
        }
        for path in sorted(STATIC.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    ]


def _package(kind: str, name: str, version: str, said: str, algorithm: str, digests: list[str]) -> Component:
    url = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    return {
        "type": "library",
        "bom-ref": url,
        "name": name,
        "version": version,
        "purl": url,
        "licenses": [{"license": {"name": said}}],
        "hashes": [{"alg": algorithm, "content": each} for each in digests],
    }


def _digests(hashes: str) -> list[str]:
    return sorted(re.findall(r"sha256:([0-9a-f]{64})", hashes))


def _licence(name: str) -> str:
    """The licence as installed; for a package of another system the bill keeps what it said before."""
    try:
        return licence(name) or NOT_INSTALLED
    except metadata.PackageNotFoundError:
        return _said_before().get(name.lower(), NOT_INSTALLED)


@cache
def _said_before() -> dict[str, str]:
    held = json.loads(BILL.read_text("utf-8"))["components"] if BILL.exists() else []
    return {each["name"]: each["licenses"][0]["license"]["name"] for each in held if "licenses" in each}


def bill() -> str:
    """The whole bill as text, in a fixed order."""
    parts = [*python_packages(), *browser_packages(), *static_files()]
    told = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "dotpha",
                "name": "dotpha",
                "version": __version__,
                "licenses": [{"license": {"id": "EUPL-1.2"}}],
            }
        },
        "components": sorted(parts, key=lambda each: each["bom-ref"]),
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(write_or_check(BILL, bill(), "bill_of_materials.py"))
