"""A body with the register's columns as a task row: the same reading as for the cells of a file."""

from __future__ import annotations

from dataclasses import replace

from dotpha.programmes.api.schemas import TaskChangesIn
from dotpha.programmes.rows import REGISTER, read_row
from dotpha.programmes.task_row import TaskRow


def row_of(body: TaskChangesIn, key: str) -> TaskRow:
    """The row that a body asks for. `given` names the columns that stood in the body, empty ones too."""
    said = {name: value for name, value in body.dict(exclude_unset=True).items() if name in REGISTER}
    cells = {name: _cell(name, value) for name, value in said.items()}
    return replace(read_row({**cells, "key": key}), given=frozenset(said) - {"key"})


def _cell(column: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ("\n" if column == "product" else ";").join(str(each) for each in value)
    return str(value)
