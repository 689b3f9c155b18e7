"""Facts that name people as their files did: those that were loaded before people had pseudonyms."""

from collections.abc import Iterator

from tiffin.cli.findings import Finding, Health
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.people import SIMULATED
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.people_pages import FIRST_LETTERS, LETTERS, NAME_LETTERS
from tiffin.runtime.workspace import Workspace

_ALL = LETTERS.tobytes().decode().replace("-", "") + "-"
_FIRST = _ALL[:FIRST_LETTERS]
PSEUDONYM = f"^([{_FIRST}][{_ALL}]{{{NAME_LETTERS - 1}}}|[{_FIRST}]{{16}})$"
"""What a pseudonym looks like, or one of the sixteen letters that they had at first; a file's name may look like it."""


def people_finding(workspace: Workspace) -> Finding:
    """Tell whether every real person in the facts stands there under a pseudonym."""
    with open_context(workspace.root, engine="duckdb") as context:
        raw = [f"{table} ({', '.join(columns)})" for table, columns in _raw(context)]
    if not raw:
        return Finding("people", Health.OK, "every person in the facts stands there under a pseudonym")
    found = f"people stand under the names that files gave them in {'; '.join(raw)}: an older Tiffin loaded these facts"
    mend = (
        "Nobody can be erased from them. Make a workspace with `tiffin init DIR`, load the same files there with "
        "`tiffin load FEED PATH... --workspace DIR`, and delete this one."
    )
    return Finding("people", Health.WARN, found, mend)


def _raw(context: Context) -> Iterator[tuple[str, list[str]]]:
    loaded = context.warehouse.versions()
    for name, contract in TABLES.items():
        people = [column.name for column in contract.columns if column.person] if name in loaded else []
        held = [column for column in people if _is_raw(context, name, column)]
        if held:
            yield name, held


def _is_raw(context: Context, table: str, column: str) -> bool:
    # A contract's names; the first that is no pseudonym is enough.
    raw = f"NOT regexp_matches({column}, ?) AND NOT starts_with(source, ?)"
    sql = f"SELECT 1 FROM {table} WHERE {raw} LIMIT 1"  # noqa: S608 - for the reason above
    return bool(context.warehouse.query_text(sql, [PSEUDONYM, SIMULATED]).num_rows)
