"""Write the table of outgoing connections in `docs/operations.md` from the code; `--check` compares."""

from __future__ import annotations

import sys

from written import ROOT, from_code

TARGET = ROOT / "docs" / "operations.md"
BEGIN, END = "<!-- written by scripts/outgoing_doc.py -->\n", "<!-- end of what is written -->\n"


def page() -> str:
    """The whole document, with the part between the two marks renewed; in English whatever the language is."""
    from django.utils import translation  # noqa: PLC0415 -- settings come first when this runs as a script

    from dotpha.platform.outgoing import WAYS  # noqa: PLC0415

    with translation.override(None):
        rows = "\n".join(
            f"| {way.label} | {way.purpose} | {_code(way.settings) or 'always'} | {_code(', '.join(way.modules))} |"
            for way in WAYS
        )
    before, _mark, rest = TARGET.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    table = f"| connection | what for | opened by | modules |\n|---|---|---|---|\n{rows}\n"
    return f"{before}{BEGIN}{table}{END}{after}"


def _code(names: str) -> str:
    return ", ".join(f"`{each}`" for each in names.split(", ") if each)


if __name__ == "__main__":
    sys.exit(from_code(TARGET, page, "outgoing_doc.py"))
