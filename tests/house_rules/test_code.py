"""House rules that an import graph and a linter cannot tell: one function a rule."""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
APPS = ROOT / "dotpha"
WRITES = {
    "save",
    "create",
    "delete",
    "update",
    "bulk_create",
    "bulk_update",
    "update_or_create",
    "get_or_create",
}
CLOCK = re.compile(r"\b(?:localdate|localtime|timezone\.now|date\.today|datetime\.now|datetime\.utcnow)\(")
PURE = (
    "__future__", "bisect", "calendar", "collections", "dataclasses", "datetime", "decimal", "enum", "functools",
    "babel.dates", "graphlib", "itertools", "math", "re", "typing", "unicodedata",
    "django.utils.translation", "django.utils.functional",
    "dotpha.platform.advice", "dotpha.platform.classification", "dotpha.platform.graphs", "dotpha.platform.periods",
    "dotpha.platform.refusals", "dotpha.platform.text", "dotpha.platform.working_days",
)  # fmt: skip
LONG_FUNCTIONS: dict[str, str] = {
    # "file.function": "why it is better in one piece"
}


def sources(*parts: str) -> Iterator[Path]:
    """Modules of the product, without tests and migrations."""
    for pattern in parts or ("**/*.py",):
        for path in sorted(APPS.glob(pattern)):
            if not {"tests", "migrations"} & set(path.parts):
                yield path


def name(path: Path) -> str:
    return path.relative_to(APPS).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(node: ast.ImportFrom | ast.Import) -> list[str]:
    """The modules that an import names; those of the platform each by itself."""
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if node.module == "dotpha.platform":
        return [f"dotpha.platform.{each.name}" for each in node.names]
    return [node.module or ""]


def test_rules_touch_neither_database_nor_request_nor_clock() -> None:
    strange = {
        (name(path), module)
        for path in sources("*/rules.py", "*/rules/**/*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom | ast.Import)
        for module in imported(node)
        if not module.startswith(PURE) and ".rules" not in module
    }
    assert strange == set()


def test_pages_api_jobs_and_commands_write_nothing() -> None:
    thin = sources("*/views.py", "*/views/*.py", "*/api.py", "*/api/*.py", "*/jobs.py", "*/commands.py")
    writes = [
        f"{name(path)}:{node.lineno} {ast.unparse(node.func)}"
        for path in thin
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        and "objects" in ast.unparse(node.func)
    ]
    assert writes == []


def test_every_act_that_an_app_offers_is_an_action() -> None:
    """What `actions/__init__.py` exports and takes `by` runs in the one frame of every change."""
    loose = []
    for package in sources("*/actions/__init__.py"):
        offered = set(re.findall(r'^    "(\w+)",$', package.read_text("utf-8"), re.MULTILINE))
        for path in package.parent.glob("*.py"):
            for node in tree(path).body:
                if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                    continue
                if offered and node.name not in offered:
                    continue
                takes_by = "by" in {each.arg for each in node.args.args + node.args.kwonlyargs}
                if takes_by and "action" not in [ast.unparse(each) for each in node.decorator_list]:
                    loose.append(f"{name(path)}.{node.name}")
    assert loose == []


def test_only_one_module_reads_the_clock() -> None:
    readers = {name(path) for path in sources() if CLOCK.search(path.read_text("utf-8"))}
    assert readers <= {"platform/days.py", "platform/logs.py"}


def test_every_lock_names_its_table() -> None:
    loose = [
        f"{name(path)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
        and "of" not in {keyword.arg for keyword in node.keywords}
    ]
    assert loose == []


def test_modules_stay_short() -> None:
    long = {name(path): lines for path in sources() if (lines := len(path.read_text("utf-8").splitlines())) > 300}
    assert long == {}


def test_functions_stay_short() -> None:
    long = {
        f"{name(path)}.{node.name}": node.end_lineno - node.lineno + 1
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno + 1 > 40
    }
    assert {key: lines for key, lines in long.items() if key not in LONG_FUNCTIONS} == {}


def test_every_public_module_and_class_says_what_it_is() -> None:
    silent = [
        f"{name(path)} {getattr(node, 'name', '')}"
        for path in sources()
        if path.read_text("utf-8").strip() and path.name not in ("__init__.py", "apps.py")
        for node in [tree(path)]
        if ast.get_docstring(node) is None
    ]
    assert silent == []


def test_nothing_speaks_of_a_machine_or_of_how_it_was_written() -> None:
    here = ROOT.parent if ROOT.parent.name else ROOT
    folders = {f"{each}/" for each in (here, Path.home(), tempfile.gettempdir(), "/home", "/root", "/Users")}
    paths = "|".join(map(re.escape, sorted(folders)))
    words = re.compile(rf"(?<!\w)(?:{paths})|registry\.npm|files\.python|pypi\.")
    said = [
        f"{path.relative_to(ROOT)}:{number}"
        for pattern in (
            "dotpha/**/*",
            "config/**/*",
            "scripts/*",
            "docs/**/*",
            "*.md",
            "*.txt",
            "*.json",
            "*.toml",
            "Makefile",
            ".ci/run",
        )
        for path in ROOT.glob(pattern)
        if path.is_file() and path.suffix in (".py", ".md", ".html", ".txt", ".json", ".toml", ".in", ".css", "")
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if words.search(line)
    ]
    assert said == []


def test_texts_are_marked_by_names_that_the_catalogues_collect() -> None:
    """`scripts/messages.py` looks for `_` and the plain names: under another name a text is never translated."""
    hidden = [
        f"{name(path)}: {each.asname}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for each in node.names
        if each.asname not in (None, "_")
    ]
    assert hidden == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Not even for types or within functions: of two modules that need each other, a third one holds what both need."""
    graph = grimp.build_graph("dotpha", exclude_type_checking_imports=False, cache_dir=None)
    order = TopologicalSorter({each: graph.find_modules_directly_imported_by(each) for each in graph.modules})
    try:
        order.prepare()
    except CycleError as circle:
        raise AssertionError(" -> ".join(circle.args[1])) from None
