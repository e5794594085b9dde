"""One running instance for the faults that leave it alive; crashes make their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.instance import Instance


@pytest.fixture(scope="package")
def site() -> Iterator[Instance]:
    with Instance.running() as instance:
        yield instance
