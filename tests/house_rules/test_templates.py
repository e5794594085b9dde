"""Templates: used, without inline style or script, with labels and captions, colours from tokens."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ROOT / "dotpha"
TEMPLATES = sorted(APPS.glob("*/jinja2/**/*.html"))
TEXT = {path: path.read_text("utf-8") for path in TEMPLATES}


def where(path: Path, index: int) -> str:
    return f"{path.relative_to(APPS)}:{TEXT[path].count(chr(10), 0, index) + 1}"


def found(pattern: str) -> list[str]:
    return [where(path, match.start()) for path, text in TEXT.items() for match in re.finditer(pattern, text)]


def test_no_inline_style_script_or_handler() -> None:
    inline = found(r"<[^>]*\sstyle=") + found(r"<style\b") + found(r"<[a-z][^>{}]*\son[a-z]+=")
    inline += found(r"<script(?![^>]*(?:\bsrc=|type=\"application/json\"))[^>]*>")
    assert inline == []


def test_every_template_is_used() -> None:
    python = "\n".join(path.read_text("utf-8") for path in APPS.glob("**/*.py"))
    used = python + "\n".join(TEXT.values())
    framework = ("account/", "mfa/", "usersessions/", "allauth/", "django/")
    unused = [
        name
        for path in TEMPLATES
        if (name := path.as_posix().split("/jinja2/", 1)[1]) not in used and not name.startswith(framework)
    ]
    assert unused == []


def test_every_table_says_what_it_holds() -> None:
    silent = [
        where(path, match.start())
        for path, text in TEXT.items()
        for match in re.finditer(r"<table\b(?P<tag>[^>]*)>(?P<rest>.{0,400})", text, re.DOTALL)
        if "<caption" not in match["rest"]
        and "aria-label" not in match["tag"]
        and "aria-labelledby" not in match["tag"]
        and 'role="presentation"' not in match["tag"]
    ]
    assert silent == []


def test_colours_come_from_the_tokens() -> None:
    # The tokens name the colours; tabler.css is cut by scripts/vendor.py from the package and only read through tokens.
    theirs = {"tokens.css", "tabler.css"}
    styles = [path for path in APPS.glob("*/static/**/*.css") if "vendor" not in path.parts and path.name not in theirs]
    coloured = [
        f"{path.name}:{number}"
        for path in styles
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"#[0-9a-fA-F]{3,8}\b(?!\")", re.sub(r"url\([^)]*\)", "", line))
    ]
    assert coloured == []


def test_no_outside_request() -> None:
    outside = found(r"(?:src|href)=\"(?:https?:)?//")
    assert outside == []
