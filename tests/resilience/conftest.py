"""One running instance for the faults that leave it alive; crashes make their own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from tests.instance import Instance


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The source of chance of a fault run: the same in `make test`, another each time in a long one; `--seed N`
    repeats it."""
    given = request.config.getoption("--seed")
    is_long = request.node.get_closest_marker("long") is not None
    found = int(given) if given is not None else secrets.randbelow(10**6) if is_long else 57
    print(f"seed {found}: repeat it with pytest {request.node.nodeid} --seed {found}")
    return found


@pytest.fixture(scope="package")
def site() -> Iterator[Instance]:
    with Instance.running() as instance:
        yield instance
