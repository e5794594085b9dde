"""Write `docs/problems.md`: every refusal the product can give, by its code, from the code itself; `--check` compares.

The meaning of a refusal is its own sentence; what to do is added here only where the sentence does not say it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from written import ROOT, write_or_check

TARGET = ROOT / "docs" / "problems.md"
HEAD = """# Problems

Every refusal has a code, a status and a sentence in the reader's language. The API answers with
`application/problem+json` (RFC 9457): `type` leads here, `code` is the heading below, `detail` the sentence, `errors`
names the fields. A page shows the sentence at the field that it is about. `%(name)s` stands for a part that differs.

This page is written by `scripts/problems.py`; `make check` holds it together with the code.
"""
HINTS = {
    "changed_meanwhile": "Read the record again, compare, and send your change with the new `version`.",
    "forbidden": "`docs/rights.md` says which role has the right; an administrator gives it within a scope.",
    "sign_in": "Pages: sign in. API: send `Authorization: Bearer TOKEN`; `dotpha token create USERNAME` prints one.",
    "idempotency_key_reused": "Use a new `Idempotency-Key` for another body.",
    "port_taken": "Set `DOTPHA_PORT`, or stop the other program.",
    "demo_in_public": "Demonstration accounts need no password: they are for one machine only.",
}


def advice() -> dict[str, str]:
    """The sentences of what to do, by the name under which a refusal gives them."""
    module = ast.parse((ROOT / "dotpha" / "platform" / "advice.py").read_text("utf-8"))
    named = [each for each in module.body if isinstance(each, ast.Assign)]
    return {f"advice.{ast.unparse(each.targets[0])}": _text_of(each.value) for each in named}


def refusals() -> Iterator[tuple[str, int, str, str]]:
    """(code, status, sentence with what to do, module) of every `Refused(...)` with a literal code."""
    told = advice()
    for path in sorted((ROOT / "dotpha").glob("**/*.py")):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refused" and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    yield str(code.value), _status(node), _sentence(node, told), path.relative_to(ROOT).as_posix()


def _status(node: ast.Call) -> int:
    given = [each.value for each in node.keywords if each.arg == "status"]
    return given[0].value if given and isinstance(given[0], ast.Constant) else 422  # type: ignore[return-value]


def _sentence(node: ast.Call, told: dict[str, str]) -> str:
    if len(node.args) < 2:
        return ""
    then = next((told.get(ast.unparse(each.value), "") for each in node.keywords if each.arg == "do"), "")
    said = _text_of(node.args[1])
    return f"{said} {then}".strip() if said else ""


def _text_of(said: ast.expr) -> str:
    if isinstance(said, ast.Call) and said.args and isinstance(said.args[0], ast.Constant):
        return str(said.args[0].value)
    return ""


def page() -> str:
    """The whole document."""
    by_code: dict[str, list[tuple[int, str, str]]] = {}
    for code, status, sentence, module in refusals():
        by_code.setdefault(code, []).append((status, sentence, module))
    parts = [HEAD]
    for code in sorted(by_code):
        found = by_code[code]
        statuses = ", ".join(str(each) for each in sorted({status for status, _s, _m in found}))
        sentences = sorted({sentence for _status, sentence, _m in found if sentence})
        modules = ", ".join(f"`{each}`" for each in sorted({module for _s, _t, module in found}))
        said = "\n".join(f"> {each}\n" for each in sentences)
        hint = f"\n{HINTS[code]}\n" if code in HINTS else ""
        parts.append(f"### {code}\n\nStatus {statuses}. Raised in {modules}.\n\n{said}{hint}")
    return "\n".join(part.rstrip() + "\n" for part in parts)


def main() -> int:
    """Write the page, or with `--check` say whether it is current."""
    return write_or_check(TARGET, page(), "problems.py")


if __name__ == "__main__":
    sys.exit(main())
