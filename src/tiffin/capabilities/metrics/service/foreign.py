"""Run the foreign cases of a semantic layer: import its manifests, load its tables, ask, compare."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tiffin.capabilities.metrics.domain.cases import Answer, CaseOutcome, Status, difference, request_of_case
from tiffin.engines.metrics.semantic.compiler import SemanticRequest, compile_semantic
from tiffin.engines.metrics.semantic.manifest import Manifest
from tiffin.engines.metrics.semantic.naming import all_grains
from tiffin.engines.metrics.semantic.reading import read_manifest
from tiffin.engines.metrics.semantic.saved import read_saved
from tiffin.engines.metrics.semantic.scope import quoted
from tiffin.kernel.errors import InvalidDefinition, NotFound, TiffinError
from tiffin.runtime.definitions import read_yaml_documents, without_lines

SCHEMA = "src"
"""Schema in which the check queries expect the tables."""

FOLDERS = {
    "SIMPLE_MODEL": "simple_manifest",
    "EXTENDED_DATE_MODEL": "extended_date_manifest",
    "SCD_MODEL": "scd_manifest",
    "UNPARTITIONED_MULTI_HOP_JOIN_MODEL": "multi_hop_join_manifest",
    "PARTITIONED_MULTI_HOP_JOIN_MODEL": "partitioned_multi_hop_join_manifest",
    "SIMPLE_MODEL_NON_DS": "non_sm_manifest",
}
"""Folder of each model that cases name."""

_TYPES = {"TIME": "TIMESTAMP", "STRING": "VARCHAR", "BOOLEAN": "BOOLEAN", "FLOAT": "DOUBLE", "INT": "BIGINT"}


def counts(outcomes: Sequence[CaseOutcome]) -> dict[str, int]:
    """Count the cases by how they came out."""
    return {status.value: sum(outcome.status is status for outcome in outcomes) for status in Status}


@dataclass(frozen=True, slots=True)
class Imported:
    """A semantic layer from outside, and the requests that it keeps under names."""

    manifest: Manifest
    saved: Mapping[str, SemanticRequest]


def import_manifest(folder: Path, schema: str = SCHEMA) -> Imported:
    """Import a dbt semantic manifest: every YAML file of a folder, and the shared file that one of them names.

    Raises
    ------
    NotFound
        There is no such folder.
    InvalidDefinition
        A file is no YAML, or lacks what it must say.
    """
    if not folder.is_dir():
        raise NotFound(f"A folder with a semantic manifest was expected at {folder}, and there is none.")
    documents: list[Mapping[str, Any]] = []
    for path in sorted(folder.rglob("*.y*ml")):
        for found in read_yaml_documents(path):
            named = read_yaml_documents(path.parent / found) if isinstance(found, str) else [found]
            documents += [without_lines(item) for item in named if isinstance(item, dict)]
    manifest = read_manifest(documents, schema)
    return Imported(manifest, read_saved(documents, all_grains(tuple(manifest.custom_grains))))


def run_cases(folder: Path) -> tuple[CaseOutcome, ...]:
    """Run every case of ``folder/cases.jsonl`` over ``folder/tables`` and ``folder/manifests``.

    Raises
    ------
    NotFound
        A part of the folder is missing.
    InvalidDefinition
        A manifest or table cannot be read.
    """
    listed = folder / "cases.jsonl"
    if not listed.is_file():
        raise NotFound(f"Cases were expected at {listed}, and there are none.")
    cases = [json.loads(line) for line in listed.read_text(encoding="utf-8").splitlines() if line]
    layers: dict[str, Imported] = {}
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
        for path in sorted((folder / "tables").rglob("*.yaml")):
            for document in read_yaml_documents(path):
                _load_table(connection, without_lines(document)["table_snapshot"])
        outcomes = []
        for case in cases:
            name = case["model"]
            if name not in layers:
                layers[name] = import_manifest(folder / "manifests" / FOLDERS.get(name, name))
            outcomes.append(_run(connection, case, layers[name]))
    return tuple(outcomes)


def _load_table(connection: duckdb.DuckDBPyConnection, table: Mapping[str, Any]) -> None:
    columns = table["column_definitions"]
    unknown = {column["type"] for column in columns} - set(_TYPES)
    if unknown:
        raise InvalidDefinition(f"Table {table['table_name']} has columns of unknown types {', '.join(unknown)}.")
    told = ", ".join(f"{quoted(column['name'])} {_TYPES[column['type']]}" for column in columns)
    name = f"{SCHEMA}.{quoted(table['table_name'])}"
    connection.execute(f"CREATE TABLE {name} ({told})")
    values = {f"c{place}": [row[place] for row in table["rows"]] for place in range(len(columns))}
    casts = [f"CAST(UNNEST($c{place}::VARCHAR[]) AS {_TYPES[item['type']]})" for place, item in enumerate(columns)]
    if table["rows"]:
        connection.execute(f"INSERT INTO {name} SELECT {', '.join(casts)}", values)


def _run(connection: duckdb.DuckDBPyConnection, case: Mapping[str, Any], layer: Imported) -> CaseOutcome:
    name = f"{case['file'].removesuffix('.yaml')}/{case['name']}"
    try:
        grains = all_grains(tuple(layer.manifest.custom_grains))
        sql = compile_semantic(request_of_case(case, grains, layer.saved), layer.manifest)
    except TiffinError as error:
        return CaseOutcome(name, Status.REFUSED, str(error))
    try:
        found = _answer(connection, sql)
    except duckdb.Error as error:
        return CaseOutcome(name, Status.FAILED, f"DuckDB cannot run what was compiled: {str(error).splitlines()[0]}")
    why = next(filter(None, _differences(connection, case, found)), "")
    return CaseOutcome(name, Status.FAILED if why else Status.PASSED, why)


def _differences(connection: duckdb.DuckDBPyConnection, case: Mapping[str, Any], found: Answer) -> Iterable[str]:
    is_ordered = bool(case["check_order"])
    yield difference(found, _answer(connection, case["check_sql"]), is_ordered=is_ordered)
    if case["rows"] is not None:
        yield difference(found, Answer(tuple(case["columns"]), case["rows"]), is_ordered=is_ordered)


def _answer(connection: duckdb.DuckDBPyConnection, sql: str) -> Answer:
    found = connection.execute(sql)
    columns = tuple(column[0] for column in found.description or ())
    return Answer(columns, found.fetchall())
