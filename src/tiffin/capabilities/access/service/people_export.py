"""All that is known of one person as one archive, made for the one who asked and kept nowhere."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from tiffin.capabilities.access.domain.erasing import SoughtPerson
from tiffin.capabilities.access.service.people import find_person, plain, told_of
from tiffin.capabilities.access.service.people_facts import meanings, rows_of, sealed_values
from tiffin.capabilities.access.service.people_walk import rows_in
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import LOCALES, mark, translate
from tiffin.runtime.json_text import json_text

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these begins what a spreadsheet would run."""

HEADS = {"table": mark("Table"), "column": mark("Column"), "meaning": mark("Meaning"), "rows": mark("Rows")}


def export_person(context: Context, person: SoughtPerson, *, language: str | None = None) -> bytes:
    """Give a ZIP archive: each table as CSV and JSON with sealed values opened, what columns mean, what was found.

    Nothing of it is written into the workspace.

    Parameters
    ----------
    language : str or None
        In which the person reads; None for the context's.

    Raises
    ------
    Forbidden
        The actor does not answer for personal data.
    WrongUse
        There is no such kind of person or language, or a word is too short.
    NotFound
        There is no such account.
    """
    read = language or context.locale
    if read not in LOCALES:
        raise WrongUse(
            Message("A language is one of {languages}; found '{found}'.", languages=", ".join(LOCALES), found=read)
        )
    found = find_person(context, person)
    held = io.BytesIO()
    told: list[tuple[str, str, str, int]] = []
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in dict.fromkeys(one.table for one in found.facts):
            rows = rows_of(context, found.person, table)
            _add(archive, f"facts/{table}", rows)
            told += [(table, name, said, len(rows)) for name, said in meanings(table, read).items()]
        _add(archive, "facts/sealed_values", sealed_values(context, found.person))
        for table in dict.fromkeys(one.table for one in (*found.records, *found.evidence)):
            rows = rows_in(context.session.connection(), table, found.person.sought)
            _add(archive, f"records/{table}", rows)
            told += [(table, name, "", len(rows)) for name in (rows[0] if rows else ())]
        heads = [translate(read, HEADS[name]) for name in ("table", "column", "meaning", "rows")]
        archive.writestr("columns.csv", _csv(heads, told))
        archive.writestr("found.json", json_text(plain(found)))
    details = {"facts": sum(one.rows for one in found.facts), "records": sum(one.rows for one in found.records)}
    audit.record_read(context, action="person_exported", subject=told_of(context, found.person), details=details)
    return held.getvalue()


def _add(archive: zipfile.ZipFile, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    heads = list(dict.fromkeys(column for row in rows for column in row))
    archive.writestr(f"{name}.json", json_text(list(rows)))
    archive.writestr(f"{name}.csv", _csv(heads, [[row.get(column) for column in heads] for row in rows]))


def _csv(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json_text(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
