"""Parts of a query that are the same in every request, written as SQL once in the life of a process."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.expressions import RawSQL

_NAME = "_compiled"


@cache
def compiled(model: type[Model], expression: Callable[[], Any]) -> RawSQL:
    """Return what a module's function builds as an annotation of this model's rows, in the SQL that Django writes.

    Django writes nested statements anew for each request, which takes more of the processor than PostgreSQL does to
    answer them. The function takes no argument and asks neither clock nor person. The rows must be read from the
    model's own table, not from within another query: the text names the table.
    """
    rows = model._base_manager.annotate(**{_NAME: expression()})
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
    compiler.pre_sql_setup()
    found = rows.query.annotations[_NAME]
    sql, params = compiler.compile(found)
    return RawSQL(sql, params, output_field=found.output_field)  # noqa: S611 (Django wrote it)
