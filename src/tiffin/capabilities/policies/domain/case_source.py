"""Where the past cases of a policy come from: which facts are a case, and how each input is computed from them.

The section ``cases:`` of a policy's base file. A case is a row of one fact table; other tables are brought together on
some of its columns first, so that no case is ever counted twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from tiffin.capabilities.policies.domain.faults import PolicyFault, Spot, unknown
from tiffin.capabilities.policies.domain.parts import Parts
from tiffin.capabilities.policies.domain.policy import CITY, MARKET, Effective
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.parsing import columns_of, parse, type_of
from tiffin.kernel.contract import LogicalType, TableContract
from tiffin.kernel.errors import InvalidDefinition, Place
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message

BASE = "base"
"""How the fact table whose rows are cases is called in queries."""

HOWS = ("sum", "min", "max", "count")
"""What may be made of the rows that are brought together."""

OWN = ("case_id", "bucket", "at", "known_at", MARKET, CITY, "business_date")
"""Columns that every table of cases has."""

MAX_SETTLE_HOURS = 24 * 366

_KEYS = (
    "from",
    "at",
    "where",
    "settle_hours",
    "join",
    "inputs",
    "columns",
    "amount",
    "shares",
    "bearer",
    "party",
    "joint",
)
_JOIN = ("table", "by", "through", "at", "earlier_days", "where", "columns")

TYPES: Mapping[LogicalType, ColumnType] = {
    LogicalType.STRING: ColumnType.TEXT,
    LogicalType.INTEGER: ColumnType.INTEGER,
    LogicalType.NUMBER: ColumnType.DOUBLE,
    LogicalType.BOOLEAN: ColumnType.BOOLEAN,
    LogicalType.DATE: ColumnType.DATE,
    LogicalType.TIMESTAMP: ColumnType.INSTANT,
}
"""What an expression makes of a column of the facts."""

_FITS: Mapping[Kind, tuple[ColumnType, ...]] = {
    Kind.NUMBER: (ColumnType.INTEGER, ColumnType.DOUBLE),
    Kind.STRING: (ColumnType.TEXT,),
    Kind.BOOLEAN: (ColumnType.BOOLEAN,),
    Kind.DATE: (ColumnType.DATE,),
    Kind.DATE_TIME: (ColumnType.INSTANT,),
}


@dataclass(frozen=True, slots=True)
class Computed:
    """A column of the cases.

    Parameters
    ----------
    reads : frozenset of (str, str)
        Columns of the facts behind it, by table.
    whole : bool
        Fractions are cut off, downwards.
    """

    tree: exp.Expr
    type: ColumnType
    reads: frozenset[tuple[str, str]]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """Rows of another fact table, brought together before they meet the cases.

    Parameters
    ----------
    name : str
        How expressions call it.
    on : tuple of str
        Columns of the same name on both sides.
    through : tuple of (str, tuple of str)
        Further tables, each with the columns on which it is joined, that lend columns which the table lacks.
    at, earlier_days : str, int
        Only rows with an instant in this column so many days before the case or less, and none after it; 0 for all.
    columns : mapping of str to (str, Computed)
        By name, what is made of which expression.
    """

    name: str
    table: str
    on: tuple[str, ...]
    through: tuple[tuple[str, tuple[str, ...]], ...]
    at: str
    earlier_days: int
    where: exp.Expr | None
    columns: Mapping[str, tuple[str, Computed]]


@dataclass(frozen=True, slots=True)
class CaseSource:
    """Where the cases of a policy come from.

    Parameters
    ----------
    table : TableContract
        Each of its rows that meets ``where`` is a case.
    at : str
        Its column with the instant at which the case happened.
    settle_hours : int
        A case is taken up so long after it happened, with what is known by then.
    columns : mapping of str to Computed
        Inputs, people, currency and amount.
    amount, shares, bearer, party, joint
        As `Stakes` means them.
    """

    policy: str
    table: TableContract
    at: str
    where: exp.Expr | None
    settle_hours: int
    joins: tuple[Joined, ...]
    columns: Mapping[str, Computed]
    currency: str = ""
    amount: str = ""
    shares: Mapping[str, str] = field(default_factory=dict)
    bearer: str = ""
    party: str = ""
    joint: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The table of the warehouse that keeps the cases."""
        return f"policy_cases_{self.policy.replace('-', '_')}"


def case_source(effective: Effective) -> CaseSource | None:
    """Read where the cases of a policy come from; None where its file does not say.

    Raises
    ------
    InvalidDefinition
        The section names what there is not, or does not bring every input.
    """
    stated = effective.stated
    if not stated.cases:
        return None
    parts = Parts(stated.cases, Spot(Place(f"policies/{effective.name}, cases")), _KEYS)
    table = _table(parts, "from")
    if not table.has("city_id"):
        raise parts.fault(
            Message("the table {table} belongs to no city, so that its rows are no cases.", table=table.name)
        )
    joins = tuple(_joined(name, raw, parts, table) for name, raw in (parts.raw.get("join") or {}).items())
    reader = Reader(table, joins, parts)
    inputs = {one.name: one for one in stated.inputs}
    given = parts.texts("inputs", inputs)
    columns = {
        name: _input(reader, name, given.get(name), one.kind, whole=one.whole)
        for name, one in inputs.items()
        if name in given or table.has(name)
    }
    missing = [name for name in inputs if name not in columns]
    if missing:
        raise parts.fault(
            Message("the inputs {names} are not told; add them under `inputs`.", names=", ".join(missing))
        )
    others = parts.texts("columns")
    currency = stated.money.get("currency", "")
    for name in dict.fromkeys((*stated.people.values(), *([currency] if currency else []))):
        others.setdefault(name, name)
    columns |= {name: reader.computed(text) for name, text in others.items() if name not in columns}
    _check_names(parts, columns)
    where = parts.raw.get("where")
    return CaseSource(
        policy=effective.name,
        table=table,
        at=_instant(parts, "at", table),
        where=reader.condition(parts.text("where")) if where is not None else None,
        settle_hours=_count(parts, "settle_hours", MAX_SETTLE_HOURS),
        joins=joins,
        columns=columns,
        currency=currency,
        amount=_known(parts, "amount", columns),
        shares=_shares(parts, [one.name for one in stated.outputs]),
        bearer=parts.text("bearer", default=""),
        party=_known(parts, "party", [one.name for one in stated.outputs]),
        joint=_joint(parts),
        people=stated.people,
    )


class Reader:
    """Reads expressions over a table and what is joined to it.

    Parameters
    ----------
    table : TableContract
        Whose columns stand without a table's name.
    """

    def __init__(self, table: TableContract, joins: tuple[Joined, ...], parts: Parts) -> None:
        self._table, self._parts = table, parts
        self._joins = {one.name: one for one in joins}

    def computed(self, text: str) -> Computed:
        """Read an expression.

        Raises
        ------
        InvalidDefinition
            It is none, or names what there is not.
        """
        try:
            tree = parse(text)
            kind = type_of(tree, self._type)
        except PolicyFault:
            raise
        except InvalidDefinition as error:
            raise self._parts.fault(error.said) from None
        reads = frozenset(pair for column in columns_of(tree) for pair in self._read_by(column))
        return Computed(tree, kind, reads)

    def condition(self, text: str) -> exp.Expr:
        """Read a condition.

        Raises
        ------
        InvalidDefinition
            It is none.
        """
        found = self.computed(text)
        if found.type is not ColumnType.BOOLEAN:
            raise self._parts.fault(Message("{text} is no condition: it should be true or false.", text=text))
        return found.tree

    def _type(self, column: exp.Column) -> ColumnType:
        if column.table:
            join = self._joins.get(column.table)
            if join is None:
                raise self._parts.fault(unknown(column.table, self._joins))
            if column.name not in join.columns:
                raise self._parts.fault(unknown(f"{column.table}.{column.name}", join.columns))
            how, found = join.columns[column.name]
            return ColumnType.INTEGER if how == "count" else found.type
        if not self._table.has(column.name):
            raise self._parts.fault(unknown(column.name, [one.name for one in self._table.columns]))
        return TYPES[self._table.column(column.name).type]

    def _read_by(self, column: exp.Column) -> frozenset[tuple[str, str]]:
        if column.table:
            return self._joins[column.table].columns[column.name][1].reads
        return frozenset({(self._table.name, column.name)})


def _table(parts: Parts, key: str) -> TableContract:
    name = parts.text(key)
    if name not in TABLES:
        raise parts.fault(unknown(name, TABLES), key)
    return TABLES[name]


def _joined(name: str, raw: Any, outer: Parts, cases: TableContract) -> Joined:
    parts = Parts(raw, outer.at("join"), _JOIN)
    table = _table(parts, "table")
    through = tuple(_through(item, parts) for item in (parts.raw.get("through") or {}).items())
    lent = [table, *(TABLES[one] for one, _ in through)]
    on = parts.names("by")
    if not on:
        raise parts.fault(Message("`{key}` is missing.", key="by"))
    for column in on:
        if not cases.has(column) or not any(one.has(column) for one in lent):
            known = [one.name for one in cases.columns if any(other.has(one.name) for other in lent)]
            raise parts.fault(unknown(column, known), "by")
    reader = Reader(table, (), parts)
    columns = {key: _made(key, text, parts, reader) for key, text in (parts.raw.get("columns") or {}).items()}
    where = reader.condition(parts.text("where")) if parts.raw.get("where") is not None else None
    days = _count(parts, "earlier_days", 3660)
    at = _instant(parts, "at", table) if days else ""
    return Joined(name, table.name, on, through, at, days, where, columns)


def _through(item: tuple[str, Any], parts: Parts) -> tuple[str, tuple[str, ...]]:
    name, on = item
    if name not in TABLES:
        raise parts.fault(unknown(name, TABLES), "through")
    columns = tuple(on) if isinstance(on, list) else ()
    for column in columns:
        if not TABLES[name].has(column):
            raise parts.fault(unknown(str(column), [one.name for one in TABLES[name].columns]), "through")
    if not columns:
        raise parts.fault(Message("`{key}` is missing.", key="by"), "through")
    return name, columns


def _made(name: str, raw: Any, outer: Parts, reader: Reader) -> tuple[str, Computed]:
    parts = Parts(raw, outer.at("columns"), HOWS)
    if len(parts.listed) != 1:
        raise parts.fault(Message("`{key}` says one of {known}.", key=name, known=", ".join(HOWS)))
    (how,) = parts.listed
    return how, reader.computed(parts.text(how))


def _input(reader: Reader, name: str, text: str | None, kind: Kind, *, whole: bool) -> Computed:
    found = reader.computed(text if text is not None else name)
    if found.type not in _FITS.get(kind, ()):
        raise reader._parts.fault(  # noqa: SLF001 - a helper of the same reader
            Message(
                "the input {name} is a {kind}; {text} gives a {found}.",
                name=name,
                kind=kind.value,
                text=text or name,
                found=found.type.value,
            )
        )
    return Computed(found.tree, found.type, found.reads, whole=whole and kind is Kind.NUMBER)


def _check_names(parts: Parts, columns: Mapping[str, Computed]) -> None:
    taken = [name for name in columns if name in OWN]
    if taken:
        raise parts.fault(
            Message("every case has {names} by itself; name these otherwise.", names=", ".join(taken)), "columns"
        )


def _instant(parts: Parts, key: str, table: TableContract) -> str:
    name = parts.text(key)
    instants = [one.name for one in table.columns if one.type is LogicalType.TIMESTAMP]
    if name not in instants:
        raise parts.fault(unknown(name, instants), key)
    return name


def _count(parts: Parts, key: str, most: int) -> int:
    found = parts.raw.get(key, 0)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= most:
        raise parts.fault(
            Message(
                "`{key}` is a whole number from 0 to {most}; found {found}.", key=key, most=most, found=repr(found)
            ),
            key,
        )
    return found


def _known(parts: Parts, key: str, known: Any) -> str:
    found = parts.text(key, default="")
    if found and found not in known:
        raise parts.fault(unknown(found, known), key)
    return found


def _shares(parts: Parts, outputs: list[str]) -> Mapping[str, str]:
    found = parts.texts("shares")
    for name in found.values():
        if name not in outputs:
            raise parts.fault(unknown(name, outputs), "shares")
    return found


def _joint(parts: Parts) -> Mapping[str, tuple[str, ...]]:
    inner = Parts(parts.raw.get("joint") or {}, parts.at("joint"), None)
    return {name: inner.names(name) for name in inner.listed}
