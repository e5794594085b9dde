"""Random requests after the API's own description: never an error of ours, never a wrong shape (reliability B9)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.instance import Instance

USERS = [None, "office", "leader", "steward", "inspector", "editor", "council", "admin", "citizen", "agency.most",
         "approver.most", "province.01", "commune.00004"]  # fmt: skip
CHECKS = "not_a_server_error,content_type_conformance"


def fuzz(site: Instance, user: str | None, examples: int, seed: int) -> int:
    """Ask every operation about `examples` times with values made up from a seed; answers how many were asked in all.

    Raises when an answer was an error of ours, or of another kind than the description says.
    """
    headers = ["--header", f"Authorization: Bearer {site.token(user)}"] if user else []
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")), "run", f"{site.url}/api/v1/openapi.json",
            "--checks", CHECKS, "--max-examples", str(examples), "--seed", str(seed), "--phases", "fuzzing",
            "--suppress-health-check", "all", "--no-color", "--request-timeout", "20", *headers,
        ],
        cwd=site.data, capture_output=True, text=True, check=False, timeout=6000,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    asked = re.search(r"([0-9,]+) generated", done.stdout)
    assert asked, done.stdout[-2000:]
    print(f"{asked.group(1)} requests as {user or 'nobody'}")
    return int(asked.group(1).replace(",", ""))


@pytest.mark.parametrize("user", [None, "office", "agency.most"])
def test_no_request_breaks_the_api(site: Instance, user: str | None, seed: int) -> None:
    """B9, short."""
    assert fuzz(site, user, 8, seed) >= 300


@pytest.mark.long
def test_twenty_thousand_requests_break_nothing(site: Instance, seed: int) -> None:
    """B9: as every role and as nobody."""
    assert sum(fuzz(site, user, 40, seed) for user in USERS) >= 20_000
