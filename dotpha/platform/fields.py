"""Model fields of our own: words for search, texts in several languages."""

from __future__ import annotations

from typing import Any

from django.db import models

from dotpha.platform import text
from dotpha.platform.spelling import Wanted


class WordsField(models.Field):  # type: ignore[type-arg]
    """A tsvector filled from the model's own `search_text` whenever the row is written.

    The folded words are made in Python (`text.tsvector`), so search ignores case and Vietnamese
    marks without any PostgreSQL extension. Query it with `words__matches="co so du lieu"`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str:
        return "tsvector"

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        words = text.tsvector(model_instance.search_text)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, words)
        return words

    def get_prep_value(self, value: Any) -> str:
        return str(value or "")

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::tsvector"


@WordsField.register_lookup
class Matches(models.Lookup):
    """`words__matches=phrase`: every word of the phrase, the last one also as a beginning; of `Wanted` what it says."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        query = self.rhs.tsquery if isinstance(self.rhs, Wanted) else text.tsquery(str(self.rhs))
        if not query:
            return "TRUE", ()
        return f"{left} @@ %s::tsquery", (*params, query)
