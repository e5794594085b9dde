"""Bring a browser for the journeys: the system's, Debian's package, or the one from npm without root."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


def main() -> int:
    """Find or install Chromium and axe-core; 1 with a sentence when neither way works."""
    if not AXE.exists():
        npm = shutil.which("npm")
        if npm is None:
            print(
                "The journeys need npm once, to bring axe-core: install Node.js, then `make test`.",
                file=sys.stderr,
            )
            return 1
        subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT, check=True)
    if os.environ.get("DOTPHA_CHROMIUM") or shutil.which("chromium"):
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        done = subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], stdout=subprocess.DEVNULL, check=False)
        if done.returncode == 0:
            return 0
    print("No browser for the journeys: install the package chromium, or set DOTPHA_CHROMIUM.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
