"""What is refused is said in a sentence of one's own language (expectation 23); its page is in the journeys."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
import pytest

from tests.expectations.people import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
MOST_WORDS = 25
LETTERS_OF_A_WORD = 4  # of Thai, which is written without blanks; vowels and tones over a letter are none of their own
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
CLAUSE = re.compile(r"(?<=[.!?…])\s+|[:;] |, or |, then ")
_BIDS = (
    "Accept Add Answer Ask Begin Break Change Check Choose Close Compare Complete Correct Delete Drop End Export "
    "Extend Fill Finish Give Grant Have Leave Load Look Make Mend Move Name Number Open Put Read Record Refuse Remove "
    "Rename Reopen Save Say Send Set Settle Shorten Sign Split Submit Take Tell Tick Try Turn Unite Upload Use "
    "Wait Withdraw Write"
)
BIDS = frozenset(_BIDS.split())
"""What a clause begins with that says what to do. A word is added here only when a sentence of ours needs it."""


@dataclass(frozen=True)
class Told:
    """A refusal as the code writes it: where, its code, what may be its sentence, the name of its advice."""

    where: str
    code: str
    sentences: frozenset[str]
    advice: str


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


def set_before(said: ast.expr, call: ast.Call, function: ast.FunctionDef) -> set[str]:
    """The texts of the name that a refusal gives as its sentence, as they were set last before it."""
    sets = [
        each
        for each in ast.walk(function)
        if isinstance(each, ast.Assign)
        and each.lineno < call.lineno
        and any(ast.unparse(target) == ast.unparse(said) for target in each.targets)
    ]
    return marked(max(sets, key=lambda each: each.lineno).value) if sets else set()


def told_by_callers(said: ast.expr, function: ast.FunctionDef, module: ast.Module) -> set[str]:
    """The texts that the callers within a module give a function whose parameter is the sentence."""
    taken = {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}
    if ast.unparse(said) not in taken:
        return set()
    return {text for call in calls(module, {function.name}) for text in marked(call)}


def kept_in(module: ast.Module, said: ast.expr) -> set[str]:
    """The text of a sentence that a module keeps under the name a refusal gives."""
    held = [each for each in module.body if isinstance(each, ast.Assign)]
    names = ast.unparse(said)
    return {text for each in held if ast.unparse(each.targets[0]) == names for text in marked(each.value)}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "dotpha").glob("**/*.py")):
        if "tests" not in path.parts:
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def refusals() -> Iterator[Told]:
    """Every refusal; a sentence given by a name is looked for before it, in its function, or in its module."""
    for where, module in modules():
        for function in (each for each in ast.walk(module) if isinstance(each, ast.FunctionDef)):
            for call in calls(function, {"Refused"}):
                if len(call.args) > 1:
                    said = call.args[1]
                    texts = marked(said) or set_before(said, call, function) or told_by_callers(said, function, module)
                    texts = texts or kept_in(module, said) or marked(function) or marked(module)
                    code = call.args[0].value if isinstance(call.args[0], ast.Constant) else ast.unparse(call.args[0])
                    yield Told(f"{where}:{call.lineno}", str(code), frozenset(texts), advice_of(call))


def advice_of(call: ast.Call) -> str:
    """The advice that a refusal gives: the name of a constant, or `parameter` where its function is told one."""
    given = next((each.value for each in call.keywords if each.arg == "do"), None)
    if isinstance(given, ast.Name) and given.id == "do":
        return "parameter"
    return ast.unparse(given) if given else ""


def advice() -> dict[str, str]:
    """The sentences of what to do, by the name under which a refusal gives them."""
    module = ast.parse((ROOT / "dotpha" / "platform" / "advice.py").read_text("utf-8"))
    return {
        f"advice.{ast.unparse(each.targets[0])}": marked(each.value).pop()
        for each in module.body
        if isinstance(each, ast.Assign)
    }


TOLD = list(refusals())
ADVICE = advice()


def bids(text: str) -> bool:
    """Whether a text says what to do: one of its clauses begins with a word that bids."""
    return any(re.split(r"[\s,.]", clause.strip(), maxsplit=1)[0].capitalize() in BIDS for clause in CLAUSE.split(text))


def words(text: str, language: str) -> float:
    """How many words a text has; in Vietnamese every syllable counts as one."""
    if language != "th":
        return len(text.split())
    return sum(letter.isalpha() for letter in text) / LETTERS_OF_A_WORD


def test_every_refusal_has_its_sentence() -> None:
    """23. Error sentences: every refusal code."""
    assert len({each.code for each in TOLD}) > 200
    assert [each for each in TOLD if not each.sentences] == []


def test_every_refusal_says_what_to_do() -> None:
    """23. Error sentences: by its own sentence, or by an advice beside it. Two facts are no advice."""
    assert not bids("This task is closed. Nothing was kept; its history stays.")
    assert bids("This task is closed. Reopen it first, then change it.")
    bare = {
        (each.where.partition(":")[0], text)
        for each in TOLD
        for text in each.sentences
        if not each.advice and not bids(text)
    }
    assert bare == set()
    assert [text for text in ADVICE.values() if not bids(text)] == []


def test_every_advice_is_one_of_the_register_and_is_given() -> None:
    given = {name for _where, module in modules() for name in ADVICE if name in ast.unparse(module)}
    assert set(ADVICE) - given == set()
    assert {each.advice for each in TOLD} - set(ADVICE) == {"", "parameter"}


def held_in(language: str) -> dict[str, list[str]]:
    """What a catalogue says for each text, in all its plural forms."""
    held = {}
    for each in polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po")):
        told = [form for form in (each.msgstr, *each.msgstr_plural.values()) if form]
        held[each.msgid] = held[each.msgid_plural or each.msgid] = told or [each.msgid] * (language == "en")
    return held


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_short_and_there_in_each_language(language: str) -> None:
    """23. Error sentences: what is wrong, how to mend it, at most 25 words together, six languages."""
    held = held_in(language)
    wrong = []
    for each in TOLD:
        [then] = held[ADVICE[each.advice]] if each.advice in ADVICE else [""]
        for sentence in each.sentences:
            shown = [f"{form} {then}".strip() for form in held[sentence]]
            wrong += [(each.where, "not said", sentence)] if not shown else []
            wrong += [(each.where, words(form, language), form) for form in shown if words(form, language) > MOST_WORDS]
    assert wrong == []
