"""Collect every string a person reads into six catalogues; `--check` says what is missing.

English is the source language; `locale/<code>/LC_MESSAGES/django.po` holds the rest. A new string
is added empty; the check fails until every catalogue has it, with the same places in it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import polib
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).resolve().parent.parent
CODES = ("vi", "en", "ru", "fr", "th", "ms")
PLURALS = {
    "vi": "nplurals=1; plural=0;",
    "en": "nplurals=2; plural=(n != 1);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "fr": "nplurals=2; plural=(n > 1);",
    "th": "nplurals=1; plural=0;",
    "ms": "nplurals=1; plural=0;",
}
METHODS = [("**/tests/**", "ignore"), ("**/jinja2/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/jinja2/**.html": {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trimmed": "true", "silent": "false"}}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLACES = re.compile(r"%\((\w+)\)[sd]")


def found() -> dict[tuple[str | None, str], tuple[str | None, list[tuple[str, str]]]]:
    """Every string of the product: (context, singular) -> (plural, where)."""
    strings: dict[tuple[str | None, str], tuple[str | None, list[tuple[str, str]]]] = {}
    rows = extract_from_dir(str(ROOT / "dotpha"), METHODS, OPTIONS, KEYWORDS)
    for file, line, message, _comments, context in rows:
        singular, plural = message if isinstance(message, tuple) else (message, None)
        if singular:
            held = strings.setdefault((context, singular), (plural, []))
            held[1].append((f"dotpha/{file}", str(line)))
    return strings


def catalogue(code: str) -> polib.POFile:
    """The catalogue of a language, made when it is not there."""
    path = ROOT / "locale" / code / "LC_MESSAGES" / "django.po"
    if path.exists():
        return polib.pofile(str(path), wrapwidth=0)
    po = polib.POFile(wrapwidth=0)
    po.fpath = str(path)
    po.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": code,
        "Plural-Forms": PLURALS[code],
    }
    return po


def update(code: str) -> int:
    """Bring a catalogue up to date; English is filled with the source itself. Answers what is still empty."""
    po, strings = catalogue(code), found()
    held = {(entry.msgctxt, entry.msgid): entry for entry in po}
    forms = int(re.search(r"nplurals=(\d)", PLURALS[code]).group(1))  # type: ignore[union-attr]
    po.clear()
    for (context, singular), (plural, _where) in sorted(strings.items(), key=lambda s: (s[0][1], s[0][0] or "")):
        entry = held.get((context, singular)) or polib.POEntry(msgctxt=context, msgid=singular)
        entry.obsolete = False
        if plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = {i: entry.msgstr_plural.get(i, "") for i in range(forms)}
            if code == "en":
                entry.msgstr_plural = {0: singular, 1: plural}
        elif code == "en":
            entry.msgstr = singular
        if "%(" in singular and "python-format" not in entry.flags:
            entry.flags.append("python-format")
        po.append(entry)
    Path(po.fpath).parent.mkdir(parents=True, exist_ok=True)
    po.save(po.fpath)
    return len(po.untranslated_entries())


def wrong(code: str) -> list[str]:
    """What stands between a catalogue and completeness, a line each."""
    po, strings = catalogue(code), found()
    held = {(entry.msgctxt, entry.msgid): entry for entry in po if not entry.obsolete}
    lines = [f"{code}: not in the catalogue: {singular!r}" for _c, singular in strings.keys() - held.keys()]
    lines += [f"{code}: no longer used: {singular!r}" for _c, singular in held.keys() - strings.keys()]
    for entry in held.values():
        texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
        if not all(texts) or entry.fuzzy:
            lines.append(f"{code}: not translated: {entry.msgid!r}")
        wanted = set(PLACES.findall(entry.msgid)) | set(PLACES.findall(entry.msgid_plural or ""))
        for text in texts:
            if (text and set(PLACES.findall(text)) - wanted) or (
                text and not entry.msgid_plural and wanted - set(PLACES.findall(text))
            ):
                lines.append(f"{code}: other places in: {entry.msgid!r}")
    return sorted(lines)


def compiled(code: str) -> None:
    """Write the .mo beside a catalogue: what the running product reads."""
    po = catalogue(code)
    po.save_as_mofile(str(Path(po.fpath).with_suffix(".mo")))


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        lines = [line for code in CODES for line in wrong(code)]
        print("\n".join(lines[:60]) or "six catalogues are complete")
        return 1 if lines else 0
    for code in CODES:
        if "--compile" not in arguments:
            print(f"{code}: {update(code)} to translate")
        compiled(code)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
