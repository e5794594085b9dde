"""What is refused is said in a sentence of one's own language (expectation 23); its page is in the journeys."""

from __future__ import annotations

import ast
from pathlib import Path

import polib
import pytest

from tests.expectations.people import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
MOST_WORDS = 25
LETTERS_OF_A_WORD = 4  # of Thai, which is written without blanks; vowels and tones over a letter are none of their own
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}


def calls(node: ast.AST, names: set[str]) -> list[ast.Call]:
    return [each for each in ast.walk(node) if isinstance(each, ast.Call) and ast.unparse(each.func) in names]


def marked(node: ast.AST) -> set[str]:
    """The texts within a part of the code that the catalogues collect."""
    return {
        str(each.value)
        for call in calls(node, CALLS)
        for each in call.args[:2]
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


def sentences() -> dict[str, set[str]]:
    """Every sentence of every refusal code; one given by a name is looked for in the function or module around it."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "dotpha").glob("**/*.py")):
        if "tests" in path.parts:
            continue
        module = ast.parse(path.read_text("utf-8"))
        functions = [each for each in ast.walk(module) if isinstance(each, ast.FunctionDef)]
        for function in functions:
            for call in calls(function, {"Refused"}):
                if len(call.args) > 1 and isinstance(call.args[0], ast.Constant):
                    said = marked(call.args[1]) or marked(function) or marked(module)
                    found.setdefault(str(call.args[0].value), set()).update(said)
    return found


SENTENCES = sentences()


def words(text: str, language: str) -> float:
    """How many words a text has; in Vietnamese every syllable counts as one."""
    if language != "th":
        return len(text.split())
    return sum(letter.isalpha() for letter in text) / LETTERS_OF_A_WORD


def test_every_refusal_has_its_sentence() -> None:
    """23. Error sentences: every refusal code."""
    assert len(SENTENCES) > 200
    assert [code for code, said in SENTENCES.items() if not said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_short_and_there_in_each_language(language: str) -> None:
    """23. Error sentences: what is wrong, how to mend it, at most 25 words, six languages."""
    catalogue = polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))
    held = {each.msgid: each for each in catalogue} | {each.msgid_plural: each for each in catalogue}
    wrong = []
    for code, said in sorted(SENTENCES.items()):
        for sentence in sorted(said):
            entry = held[sentence]
            for told in [entry.msgstr, *entry.msgstr_plural.values()]:
                shown = told or (sentence if language == "en" else "")
                if not shown and not entry.msgid_plural:
                    wrong.append((code, "not said", sentence))
                if words(shown, language) > MOST_WORDS:
                    wrong.append((code, words(shown, language), shown))
    assert wrong == []
