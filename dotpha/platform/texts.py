"""Texts in several languages, with their state and a fallback that says so (requirement I1).

A translated text is kept as JSON: {"vi": "…", "en": {"text": "…", "state": "checked"}}; a bare
string stands for a checked text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from dotpha.platform import text as signs

LOCALES = ("vi", "en", "ru", "fr", "th", "ms")


@dataclass(frozen=True)
class Text:
    """A text to show. `locale` is the language it is in; `fallback` says that it is not the one asked for."""

    text: str
    locale: str
    fallback: bool = False
    state: str = "checked"

    def __str__(self) -> str:
        return self.text


def read(texts: dict[str, Any] | None, locale: str | None = None) -> Text:
    """The text in the reader's language, else the Vietnamese one, else any."""
    texts = texts or {}
    wanted = (locale or get_language() or "vi")[:2]
    for code in (wanted, "vi", "en", *texts):
        value = texts.get(code)
        said = value.get("text", "") if isinstance(value, dict) else value
        if said:
            state = value.get("state", "checked") if isinstance(value, dict) else "checked"
            return Text(said, code, fallback=code != wanted, state=state)
    return Text("", wanted)


def cleaned(texts: Mapping[str, Any], *, one_line: bool = False) -> dict[str, Any]:
    """The same texts ready to be stored: composed, without control and direction marks, states kept."""

    def plain(said: str) -> str:
        return signs.one_line(said) if one_line else signs.clean(said)

    return {
        code: {**value, "text": plain(str(value.get("text", "")))} if isinstance(value, dict) else plain(str(value))
        for code, value in texts.items()
    }


def each(texts: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The text of every language that has one."""
    said = (value.get("text", "") if isinstance(value, dict) else str(value) for value in (texts or {}).values())
    return tuple(filter(None, said))


def every(texts: dict[str, Any] | None) -> str:
    """All languages in one line, for search."""
    return " ".join(each(texts))
