"""Every text that an action takes is asked for marks of State secrecy (K3), in whatever shape it is given."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, get_args, get_type_hints

import pytest

from dotpha.platform.action import UNSAID, action, registered
from dotpha.platform.actors import program
from dotpha.platform.refusals import Refused

SECRET = "Trình duyệt\nTUYỆT MẬT"
NOT_ASKED = {
    "dotpha.accounts.actions.addresses.prove_address": {"token"},
    "dotpha.accounts.actions.people.add_person": {"password"},
    "dotpha.accounts.actions.recovery.give_password": {"password"},
}
"""Texts of which a digest alone is kept. Whatever else stands here weakens K3."""


def texts_of(taken: Callable[..., object]) -> set[str]:
    """The arguments of an action that are texts."""
    hints = get_type_hints(inspect.unwrap(taken))
    return {name for name in inspect.signature(taken).parameters if hints[name] is str or str in get_args(hints[name])}


def of_dotpha() -> list[str]:
    return [name for name in sorted(registered) if name.startswith("dotpha.") and ".tests." not in name]


def test_each_action_with_a_text_is_here() -> None:
    assert len([name for name in of_dotpha() if texts_of(registered[name])]) > 60


@pytest.mark.django_db
@pytest.mark.parametrize("name", of_dotpha())
def test_an_action_refuses_a_mark_in_each_of_its_texts(name: str) -> None:
    """The frame of the very action, around a change that itself refuses nothing."""

    def nothing(**given: Any) -> None:
        pass

    nothing.__signature__ = inspect.signature(registered[name])  # type: ignore[attr-defined]
    framed = action(nothing)
    registered.pop(f"{nothing.__module__}.{nothing.__qualname__}")
    for argument in texts_of(registered[name]):
        if argument in UNSAID:
            assert argument in NOT_ASKED.get(name, set())
            framed(**{argument: SECRET}, by=program("test"))
            continue
        with pytest.raises(Refused) as found:
            framed(**{argument: SECRET}, by=program("test"))
        assert (found.value.code, found.value.field) == ("state_secret", argument)
