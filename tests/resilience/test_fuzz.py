"""Random requests after the API's own description: never an error of ours, never a wrong shape (reliability B9)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.instance import Instance

CHECKS = "not_a_server_error,content_type_conformance"


def fuzz(site: Instance, user: str | None, examples: int) -> subprocess.CompletedProcess[str]:
    """Ask every operation `examples` times with made-up values, always the same ones."""
    headers = ["--header", f"Authorization: Bearer {site.token(user)}"] if user else []
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")), "run", f"{site.url}/api/v1/openapi.json",
            "--checks", CHECKS, "--max-examples", str(examples), "--seed", "57", "--phases", "fuzzing",
            "--suppress-health-check", "all", "--no-color", "--request-timeout", "20", *headers,
        ],
        cwd=site.data, capture_output=True, text=True, check=False, timeout=3000,
    )  # fmt: skip


@pytest.mark.parametrize("user", [None, "office", "agency.most"])
def test_no_request_breaks_the_api(site: Instance, user: str | None) -> None:
    done = fuzz(site, user, 8)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


@pytest.mark.long
@pytest.mark.parametrize("user", [None, "office", "agency.most", "commune.00004", "inspector", "admin"])
def test_thousands_of_requests_break_nothing(site: Instance, user: str | None) -> None:
    done = fuzz(site, user, 400)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
