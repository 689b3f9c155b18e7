"""Answering cases of localisation that come in files, one row a leaf."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tiffin.capabilities.balance.domain.root_cause_cases import AnsweredCase, KnownCase, read_known
from tiffin.engines.attribution.localisation.evidence import Evidence
from tiffin.engines.attribution.localisation.leaves import BoolArray, FloatArray, IntArray, Leaves
from tiffin.engines.attribution.localisation.measures import evidence_of_measures
from tiffin.engines.attribution.localisation.ratios import evidence_of_ratios
from tiffin.engines.attribution.localisation.search import localise
from tiffin.kernel.errors import InvalidData, NotFound

CASE = "case"
MEASURED = ("real", "predict")
SHARED = ("min", "value", "cnt")
"""Columns of amounts with their forecasts, and of events by minute; every other column is a dimension."""

LIST = "cases.json"

MOST_ABOVE = 0.05
"""Share of rows that may tell more events affected than events, since both are counted at slightly other moments."""


@dataclass(frozen=True, slots=True)
class _File:
    """The rows of one file: its cases, its numbers, its dimensions as numbered values (-1 for none)."""

    path: Path
    cases: tuple[str, ...]
    case_of: IntArray
    numbers: Mapping[str, FloatArray]
    dimensions: Mapping[str, tuple[tuple[str, ...], IntArray]]


def known_cases(folder: Path) -> tuple[KnownCase, ...]:
    """Read the list of cases beside their rows; there need be none.

    Raises
    ------
    InvalidData
        The list cannot be read.
    """
    path = folder / LIST
    if not path.exists():
        return ()
    try:
        return tuple(read_known(raw) for raw in json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidData(
            f'A list of objects with "case" and "root_causes" was expected in {path}, and it cannot be read as such '
            f"({error!r}). See the command's help for the form."
        ) from error


def answer_cases(
    folder: Path, known: Sequence[KnownCase], *, advance: Callable[[int], None] = lambda _: None
) -> tuple[AnsweredCase, ...]:
    """Name the root causes of every case in a folder's Parquet files.

    Parameters
    ----------
    known : times at which shares went wrong are taken from here; root causes are not looked at.
    advance : told of each case that is done.

    Raises
    ------
    NotFound
        There is no such folder, or no Parquet file in it.
    InvalidData
        A file lacks a column, or a case has numbers from which nothing can be read.
    """
    times = {case.name: case.timestamp for case in known}
    files = [_read(path) for path in paths_in(folder)]
    _warm(files)
    answered: list[AnsweredCase] = []
    for file in files:
        for name, rows in _cases_of(file):
            answered.append(_answered(file, name, rows, times.get(name)))
            advance(1)
    return tuple(answered)


def paths_in(folder: Path) -> tuple[Path, ...]:
    """List the Parquet files of a folder.

    Raises
    ------
    NotFound
        There is no such folder, or none in it.
    """
    found = tuple(sorted(folder.glob("*.parquet"))) if folder.is_dir() else ()
    if not found:
        there = "has none" if folder.is_dir() else "is no folder"
        raise NotFound(f"A folder with Parquet files of cases was expected, and {folder} {there}.")
    return found


def _warm(files: Sequence[_File]) -> None:
    """Compile before anything is timed."""
    leaves = Leaves(("a",), (("1", "2"),), np.array([[0, 1]]))
    if files:
        localise(evidence_of_measures(leaves, actual=np.array([1.0, 0.0]), expected=np.array([1.0, 1.0])))


def _answered(file: _File, name: str, rows: IntArray, timestamp: float | None) -> AnsweredCase:
    begun = process_time()
    try:
        found = localise(_evidence(file, rows, timestamp))
    except InvalidData as error:
        raise InvalidData(f"{file.path}, case {name}: {error}") from error
    return AnsweredCase(name=name, ranked=found.ranked, seconds=process_time() - begun)


def _read(path: Path) -> _File:
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise InvalidData(f"A Parquet file was expected at {path}, and it cannot be read ({error}).") from error
    numbers = _number_columns(path, table.column_names)
    cases, case_of = _numbered(table.column(CASE))
    return _File(
        path=path,
        cases=cases,
        case_of=case_of,
        numbers={name: _floats(path, name, table.column(name)) for name in numbers},
        dimensions={n: _numbered(table.column(n)) for n in table.column_names if n not in {CASE, *numbers}},
    )


def _number_columns(path: Path, columns: Sequence[str]) -> tuple[str, ...]:
    there = set(columns)
    for wanted in (MEASURED, SHARED):
        if there >= {CASE, *wanted}:
            return wanted
    raise InvalidData(
        f"Columns {CASE}, {' and '.join(MEASURED)} (an amount and its forecast), or {CASE}, {', '.join(SHARED)} (a "
        f"minute, events affected, events) were expected in {path}; found {', '.join(columns)}. Name the columns so."
    )


def _floats(path: Path, name: str, column: pa.ChunkedArray) -> FloatArray:
    numbers = np.asarray(pc.cast(column, pa.float64(), safe=False).to_numpy(), dtype=float)
    missing = int(np.count_nonzero(~np.isfinite(numbers)))
    if missing:
        told = "every row lacks one" if missing == numbers.size else f"{missing} of {numbers.size} rows lack one"
        raise InvalidData(
            f"A number in every row of column {name} was expected in {path}, and {told}. Write 0 where nothing "
            "happened, and leave out rows that nobody counted."
        )
    return numbers


def _numbered(column: pa.ChunkedArray) -> tuple[tuple[str, ...], IntArray]:
    coded = column.combine_chunks()
    if not pa.types.is_dictionary(coded.type):
        coded = coded.dictionary_encode()
    labels = tuple(str(value) for value in coded.dictionary.to_pylist())
    return labels, np.asarray(pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def _cases_of(file: _File) -> Iterator[tuple[str, IntArray]]:
    order = np.argsort(file.case_of, kind="stable")
    codes, starts = np.unique(file.case_of[order], return_index=True)
    for code, rows in zip(codes, np.split(order, starts[1:]), strict=True):
        if code >= 0:
            yield file.cases[code], rows


def _evidence(file: _File, rows: IntArray, timestamp: float | None) -> Evidence:
    numbers = {name: column[rows] for name, column in file.numbers.items()}
    dimensions = {name: (labels, codes[rows]) for name, (labels, codes) in file.dimensions.items()}
    leaves = _leaves({name: found for name, found in dimensions.items() if (found[1] >= 0).any()})
    if "real" in numbers:
        # Made cases hold noise below nothing: nobody counts less than nothing.
        actual, expected = (np.maximum(numbers[name], 0.0) for name in MEASURED)
        if not expected.any():
            raise InvalidData(
                "A forecast above 0 of at least one leaf was expected, and there is none to compare with."
            )
        return evidence_of_measures(leaves, actual=actual, expected=expected)
    return _evidence_by_minute(leaves, numbers, timestamp)


def _leaves(dimensions: Mapping[str, tuple[tuple[str, ...], IntArray]]) -> Leaves:
    if not dimensions:
        raise InvalidData("At least one dimension with values was expected, and every other column is empty.")
    names = tuple(sorted(dimensions))
    labels: list[tuple[str, ...]] = []
    codes: list[IntArray] = []
    for name in names:
        values, column = dimensions[name]
        there, places = np.unique(column, return_inverse=True)
        labels.append(tuple("" if code < 0 else values[code] for code in there))
        codes.append(places.astype(np.int64))
    return Leaves(names, tuple(labels), np.array(codes))


def _evidence_by_minute(leaves: Leaves, numbers: Mapping[str, FloatArray], timestamp: float | None) -> Evidence:
    minutes = numbers["min"]
    until = minutes if timestamp is None else minutes[minutes <= timestamp]
    when = float(until.max(initial=0.0))
    at, before = minutes == when, minutes < when
    if not at.any() or not before.any():
        raise InvalidData(
            f"Rows at minute {when:.0f} and at earlier ones were expected, and there are none of one of them."
        )
    affected = _at_most(numbers["value"], numbers["cnt"])
    cells, leaf_of = np.unique(leaves.codes, axis=1, return_inverse=True)
    apart = Leaves(leaves.names, leaves.labels, cells)
    times, time_of = np.unique(minutes, return_inverse=True)

    def by_minute(counted: FloatArray, which: BoolArray) -> FloatArray:
        totals = np.zeros((times.size, cells.shape[1]))
        np.add.at(totals, (time_of[which], leaf_of.ravel()[which]), counted[which])
        return totals

    return evidence_of_ratios(
        apart,
        numerator=by_minute(affected, at).sum(axis=0),
        denominator=by_minute(numbers["cnt"], at).sum(axis=0),
        usual=by_minute(affected, before)[times < when],
        usual_denominator=by_minute(numbers["cnt"], before)[times < when],
    )


def _at_most(affected: FloatArray, events: FloatArray) -> FloatArray:
    above = int(np.count_nonzero(affected > events))
    if above > MOST_ABOVE * events.size:
        raise InvalidData(
            f"At most as many events affected (value) as events (cnt) were expected, and in {above} of {events.size} "
            "rows there are more. Are the columns exchanged?"
        )
    return np.minimum(affected, events)


def payload_of(answered: Sequence[AnsweredCase]) -> list[Mapping[str, Any]]:
    """Write the answers as the command tells them."""
    return [
        {
            "case": case.name,
            "root_causes": [str(combination) for combination in case.root_causes],
            "ranked": [[str(combination) for combination in explanation] for explanation in case.ranked],
            "seconds": round(case.seconds, 6),
        }
        for case in answered
    ]
