"""Reading a data pack: files of facts with their sources, no code. Nothing here touches the database."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.refusals import Refused

PACKS = Path(__file__).resolve().parent / "packs"


@dataclass(frozen=True)
class Pack:
    """A folder with `manifest.toml`, CSV and YAML files, and `SOURCES.md` that says where each comes from."""

    folder: Path

    @classmethod
    def named(cls, key: str) -> Pack:
        """The pack of this name that ships with the product."""
        folder = PACKS / key
        if not (folder / "manifest.toml").exists():
            raise Refused("no_such_pack", _("There is no data pack “%(key)s”."), do=advice.FIND, key=key, status=404)
        return cls(folder)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / "manifest.toml").read_text("utf-8"))

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """The rows of a CSV file, as written."""
        with open(self.folder / name, encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)

    @cached_property
    def documents(self) -> list[dict[str, Any]]:
        """The documents of `documents.yaml`."""
        read: dict[str, list[dict[str, Any]]] = yaml.safe_load((self.folder / "documents.yaml").read_text("utf-8"))
        return read["documents"]

    @cached_property
    def translations(self) -> dict[tuple[str, str], dict[str, str]]:
        """(kind, key) -> name by locale, from `names_i18n.csv`."""
        return {
            (row["kind"], row["key"]): {code: row[code] for code in ("vi", "en", "ru", "fr", "th", "ms") if row[code]}
            for row in self.rows("names_i18n.csv")
        }

    def names(self, kind: str, key: str, row: dict[str, str]) -> dict[str, str]:
        """A name in every language the pack has: its own columns first, then the translations."""
        own = {code: row[f"name_{code}"] for code in ("vi", "en") if row.get(f"name_{code}")}
        return {**self.translations.get((kind, key), {}), **own}


def day(text: str | None) -> date | None:
    """A date of a pack; an empty cell is none."""
    return date.fromisoformat(str(text)) if text else None
