"""A name that was typed leads to what bears it: letter for letter first, then whatever case and marks are."""

from __future__ import annotations

import pytest

from dotpha.platform.naming import called

THINGS = [(1, ["Tỉnh Sơn La", "14"]), (2, ["xã Sơn La"]), (3, ["xã Sòn La"]), (4, [""])]


@pytest.mark.parametrize(
    ("said", "found"),
    [("Tỉnh Sơn La", [1]), ("tinh son la", [1]), ("14", [1]), ("xã Sơn La", [2]), ("XA SON LA", [2, 3]), ("–", [])],
)
def test_which_things_are_called_so(said: str, found: list[int]) -> None:
    assert called(said, THINGS) == found
