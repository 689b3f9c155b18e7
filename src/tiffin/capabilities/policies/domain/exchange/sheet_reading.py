"""Sheets that people changed as a policy again; what cannot be read is told by sheet, row and column."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tiffin.capabilities.policies.domain.exchange import sheets
from tiffin.capabilities.policies.domain.exchange.files import PolicyFile, PolicyFiles, cell_text, plain_cell
from tiffin.capabilities.policies.domain.exchange.flattening import ANYTHING
from tiffin.capabilities.policies.domain.exchange.renaming import Renaming
from tiffin.capabilities.policies.domain.exchange.sheets import Cell
from tiffin.capabilities.policies.domain.versions import BASE, PARAMETERS
from tiffin.engines.decisions.feel.types import Kind
from tiffin.kernel.errors import InvalidData, InvalidDefinition
from tiffin.kernel.messages import Message

HEAD_ROWS = 2
MOST_FAULTS = 20
"""Faults that are told at once."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet as it was read.

    Parameters
    ----------
    kind, place : str
        Which of ours it is, and the overlay whose rules it holds.
    name : str
        What people call it.
    before : int
        Lines of ``rows`` that do not stand in the file.
    """

    kind: str
    place: str
    name: str
    rows: Sequence[Sequence[Cell]]
    before: int = 0


@dataclass(slots=True)
class Faults:
    """What is wrong, each with its place."""

    found: list[str] = field(default_factory=list)

    def add(self, grid: Grid, row: int, column: int, reason: str) -> None:
        """Note a fault; row and column from 0."""
        if len(self.found) < MOST_FAULTS:
            self.found.append(
                Message(
                    "{sheet}, row {row}, column {column}: {reason}",
                    sheet=grid.name,
                    row=row + 1 - grid.before,
                    column=column_name(column),
                    reason=reason,
                )
            )

    def tell(self) -> None:
        """Refuse the sheets if anything is wrong.

        Raises
        ------
        InvalidData
            Something is.
        """
        if self.found:
            raise InvalidData(_joined(self.found))


def column_name(column: int) -> str:
    """Name a column as spreadsheets do, from 0.

    Examples
    --------
    >>> column_name(0), column_name(25), column_name(26)
    ('A', 'Z', 'AA')
    """
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def policy_in(grids: Iterable[Grid], load: Callable[[str], Any], since: date) -> PolicyFiles:
    """Read a policy from its sheets.

    Parameters
    ----------
    load : callable
        Reads a value that has parts from its text.
    since : date
        From which day it is meant to hold where the sheets do not say.

    Raises
    ------
    InvalidData
        A sheet is missing, or something in one cannot be read; the message tells sheet, row and column.
    """
    return _Reading(tuple(grids), load, since).policy()


class _Reading:
    """Reads the sheets of one policy."""

    def __init__(self, grids: tuple[Grid, ...], load: Callable[[str], Any], since: date) -> None:
        self.grids, self.load, self.since = grids, load, since
        self.faults = Faults()

    def policy(self) -> PolicyFiles:
        """Read everything, and tell all that is wrong at once."""
        contents = self._settings()
        inputs, outputs = self._columns()
        reasons = self._reasons()
        rules = {one.place: one for one in self.grids if one.kind == sheets.RULES}
        for place, content in contents.items():
            if place == BASE:
                content["inputs"], content["outputs"] = inputs, outputs
            rows = self._rules(rules.pop(place, None), inputs, outputs, reasons)
            content["rows"] = rows
        for place, grid in rules.items():
            self.faults.add(
                grid,
                0,
                0,
                Message("the place {place} has no settings; add `policy`, `overlay` and `source`.", place=place),
            )
        self._cases(contents)
        parameters = self._parameters()
        self.faults.tell()
        files = [self._file(place, content) for place, content in contents.items()]
        return PolicyFiles(files[0], tuple(files[1:]), parameters)

    def _file(self, place: str, content: dict[str, Any]) -> PolicyFile:
        since = content.pop("since", self.since)
        return PolicyFile(place, since if isinstance(since, date) else self.since, "", content)

    def _settings(self) -> dict[str, dict[str, Any]]:
        grid = self._need(sheets.SETTINGS)
        contents: dict[str, dict[str, Any]] = {BASE: {}}
        for number, row in records_of(grid, self.faults, sheets.SETTING_KEYS):
            key, value = cell_text(row.get("key")), row.get("value")
            content = contents.setdefault(cell_text(row.get("place")), {})
            spoken, _, language = key.partition(".")
            if spoken in sheets.SPOKEN and language:
                content.setdefault(spoken, {})[language] = cell_text(value)
            elif key == "since" or key in _PLAIN_SETTINGS:
                content[key] = value
            elif key:
                content[key] = self._loaded(grid, number, cell_text(value))
        if "policy" not in contents[BASE]:
            self.faults.add(grid, 0, 0, Message("the setting `policy` is missing: how the policy is called."))
        return contents

    def _loaded(self, grid: Grid, number: int, text: str) -> Any:
        try:
            return self.load(text)
        except InvalidDefinition as error:
            self.faults.add(grid, number, 2, error.said)
            return None

    def _columns(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        grid = self._need(sheets.COLUMNS)
        found: dict[str, list[dict[str, Any]]] = {one: [] for one in sheets.KINDS}
        for number, row in records_of(grid, self.faults, None):
            kind = cell_text(row.pop("kind", None))
            if kind not in found:
                self.faults.add(
                    grid, number, 0, Message("{known} was expected; found {found}.", known=", ".join(found), found=kind)
                )
                continue
            label = {
                key.removeprefix(sheets.LABEL): cell_text(row.pop(key))
                for key in list(row)
                if key.startswith(sheets.LABEL)
            }
            plain = {"name": row.pop("name", ""), "label": label, **row}
            found[kind].append({key: value for key, value in plain.items() if value is not False})
        return found["input"], found["output"]

    def _reasons(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for _, row in records_of(self._need(sheets.REASONS), self.faults, None):
            identity = cell_text(row.pop(sheets.ROW, None))
            found[identity] = {key.removeprefix(sheets.REASON): cell_text(text) for key, text in row.items()}
        return found

    def _rules(
        self,
        grid: Grid | None,
        inputs: list[dict[str, Any]],
        outputs: list[dict[str, Any]],
        reasons: Mapping[str, Mapping[str, str]],
    ) -> list[dict[str, Any]]:
        if grid is None:
            return []
        reader = RuleCells(grid, self.faults, inputs, outputs)
        rows = [reader.row(number, row) for number, row in records_of(grid, self.faults, reader.keys)]
        return [{**row, "reason": dict(reasons.get(row["id"], {}))} for row in rows]

    def _parameters(self) -> PolicyFile | None:
        grid = next((one for one in self.grids if one.kind == sheets.PARAMETERS), None)
        rows = [row for _, row in records_of(grid, self.faults, sheets.PARAMETER_KEYS)] if grid else []
        return PolicyFile(PARAMETERS, None, "", {"parameters": rows}) if rows else None

    def _cases(self, contents: Mapping[str, dict[str, Any]]) -> None:
        grid = next((one for one in self.grids if one.kind == sheets.CASES), None)
        for number, row in records_of(grid, self.faults, None) if grid else ():
            place = cell_text(row.pop(sheets.PLACE, None))
            if grid is not None and place not in contents:
                self.faults.add(grid, number, 0, Message("there is no overlay {place}.", place=place))
                continue
            case: dict[str, Any] = {
                "title": {
                    key.removeprefix(sheets.TITLE): text for key, text in row.items() if key.startswith(sheets.TITLE)
                },
                **{key: row[key] for key in ("market", "city") if key in row},
                "given": _values(row, sheets.GIVEN),
                "expect": _values(row, sheets.EXPECT),
            }
            contents[place].setdefault("worked_cases", []).append(case)

    def _need(self, kind: str) -> Grid:
        found = next((one for one in self.grids if one.kind == kind), None)
        if found is None:
            raise InvalidData(
                Message(
                    "The sheet {sheet} was expected and is not there. Export the policy as a spreadsheet, and "
                    "change that.",
                    sheet=kind,
                )
            )
        return found


_PLAIN_SETTINGS = ("policy", "overlay", "owner", "source", "hit_policy", "aggregation")


class RuleCells:
    """Reads the cells of rules."""

    def __init__(
        self, grid: Grid, faults: Faults, inputs: Iterable[Mapping[str, Any]], outputs: Iterable[Mapping[str, Any]]
    ) -> None:
        self.grid, self.faults = grid, faults
        self.columns = {f"{sheets.WHEN}{one['name']}": one for one in inputs}
        self.columns |= {f"{sheets.THEN}{one['name']}": one for one in outputs}
        self.keys = (sheets.ROW, sheets.OVERRIDES, *self.columns)
        self.feel = Renaming((), ())
        self.at = {key: column for column, key in enumerate(keys_of(grid))}

    def row(self, number: int, row: Mapping[str, Cell]) -> dict[str, Any]:
        """Give a rule without its reason; one without a name is noted."""
        identity = cell_text(row.get(sheets.ROW)).strip()
        if not identity:
            self.faults.add(self.grid, number, 0, Message("the row has no name; give it one such as late.kitchen."))
        overrides = [one.strip() for one in cell_text(row.get(sheets.OVERRIDES)).split(",") if one.strip()]
        found: dict[str, Any] = {"id": identity, **({"overrides": overrides} if overrides else {})}
        sides = {"when": self.cells(number, row, sheets.WHEN), "then": self.cells(number, row, sheets.THEN)}
        return {**found, **{side: cells for side, cells in sides.items() if cells}}

    def cells(self, number: int, row: Mapping[str, Cell], side: str) -> dict[str, Any]:
        """Give the cells of one side; what is no FEEL is noted."""
        return {
            key.removeprefix(side): self._cell(number, key, cell, tests=side == sheets.WHEN)
            for key, cell in row.items()
            if key.startswith(side) and key in self.columns
        }

    def _cell(self, number: int, key: str, cell: Cell, *, tests: bool) -> Cell:
        if not isinstance(cell, str):
            return cell
        text = _quoted(cell.strip(), self.columns[key])
        if text == ANYTHING and tests:
            return text
        fault = (self.feel.cell(text) if tests else self.feel.expression(text)).fault
        if fault:
            self.faults.add(self.grid, number, self.at[key], fault)
        return plain_cell(text)


def keys_of(grid: Grid) -> list[str]:
    """Give the names of a sheet's columns."""
    return [cell_text(one).strip() for one in grid.rows[1]] if len(grid.rows) >= HEAD_ROWS else []


def records_of(grid: Grid, faults: Faults, known: Iterable[str] | None) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give each row that holds anything: its number, and its cells by their column's name without empty ones."""
    keys = keys_of(grid)
    _check_keys(grid, keys, faults, known)
    for number, row in enumerate(grid.rows[HEAD_ROWS:], HEAD_ROWS):
        cells = {key: cell for key, cell in zip(keys, row, strict=False) if key and cell is not None and cell != ""}
        extra = next(
            (at for at, cell in enumerate(row) if cell not in (None, "") and not "".join(keys[at : at + 1])), None
        )
        if extra is not None:
            faults.add(grid, number, extra, Message("the column has no name in the second row."))
        if cells:
            yield number, cells


def _check_keys(grid: Grid, keys: Sequence[str], faults: Faults, known: Iterable[str] | None) -> None:
    for column, key in enumerate(keys):
        if key and key in keys[:column]:
            faults.add(grid, 1, column, Message("the column {name} is there twice.", name=key))
        if key and known is not None and key not in tuple(known):
            faults.add(
                grid,
                1,
                column,
                Message("there is no column {name}; known are {known}.", name=key, known=", ".join(known)),
            )


def _quoted(text: str, column: Mapping[str, Any]) -> str:
    """Put texts in quotes that a column names as its values and people wrote without."""
    if column.get("type") != Kind.STRING.value or '"' in text or not text or text in (ANYTHING, "null"):
        return text
    values = {one.strip().strip('"') for one in cell_text(column.get("values")).split(",")}
    words = [one.strip() for one in text.split(",")]
    return ", ".join(f'"{one}"' for one in words) if all(one in values for one in words) else text


def _values(row: Mapping[str, Cell], side: str) -> dict[str, Cell]:
    return {key.removeprefix(side): _value(cell) for key, cell in row.items() if key.startswith(side)}


def _value(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    if cell == "null":
        return None
    return cell[1:-1] if len(cell) > 1 and cell.startswith('"') and cell.endswith('"') else cell


def _joined(faults: Sequence[str]) -> str:
    """Say several faults as one text, each still in the reader's language."""
    if len(faults) == 1:
        return faults[0]
    return Message("{first}\n{rest}", first=faults[0], rest=_joined(faults[1:]))
