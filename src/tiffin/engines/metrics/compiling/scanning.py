"""The scans of a request: plain rows, rows of other days, rows at one moment of a period, rows that others follow.

Each part gives the groups of the request's dimensions with one column an aggregate;
`tiffin.engines.metrics.compiling.statement` brings the parts together.
"""

# ruff: noqa: S608 - laying SQL together is what a compiler does; every piece is SQLGlot's or a name that was checked

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tiffin.engines.metrics.compiling.following import followed_sql
from tiffin.engines.metrics.compiling.rows import Cities, Question, Rows, by_place
from tiffin.engines.metrics.compiling.sharing import Shifts, days_to_share, shared, shift_of, shifted_keys
from tiffin.engines.metrics.compiling.spans import Frame
from tiffin.engines.metrics.compiling.states import can_be_split, merged_sql
from tiffin.engines.metrics.formulas import Take
from tiffin.engines.metrics.model import Aggregate, Expression, PreparedSnapshot

Wanted = tuple[int, Cities]
"""An aggregate of the model, and the cities in which it can be told."""

_Scan = tuple[str, Frame | None, Wanted | None]
"""The source of a scan, the days whose rows it reads, and the one aggregate that must have it for itself."""


@dataclass(frozen=True, slots=True)
class Part:
    """Groups of one scan: the request's keys, then a column for each aggregate."""

    sql: str
    wanted: tuple[Wanted, ...]


class Scanner:
    """Writes the scans of one statement.

    Parameters
    ----------
    columns : mapping
        Name of each aggregate's column.
    """

    def __init__(self, question: Question, columns: Mapping[Wanted, str]) -> None:
        self._question = question
        self._fragments = question.fragments
        self._columns = columns
        self._is_grouped = bool(question.keys)
        self._is_approximate = question.request.is_approximate

    def parts(self, wanted: Iterable[Wanted]) -> list[Part]:
        """Write the scans for some aggregates; those that can share one do."""
        groups: dict[_Scan, list[Wanted]] = {}
        for item in wanted:
            leaf = self._fragments.leaf(item[0])
            key = (leaf.source, leaf.frame, None if _may_share(leaf) else item)
            groups.setdefault(key, []).append(item)
        together = self._together(groups)
        return [*together, *(Part(self._scan(items), tuple(items)) for items in groups.values())]

    # Periods of which one lies some days before another.

    def _together(self, groups: dict[_Scan, list[Wanted]]) -> list[Part]:
        """Take out of the groups those that one scan can read together, and write that scan."""
        if len(groups) < 2:  # noqa: PLR2004 - nothing to share
            return []
        parts: list[Part] = []
        for source in dict.fromkeys(source for source, _, _ in groups):
            rows = Rows(self._question, source)
            asked = days_to_share(rows)
            found = {shift: key for key in groups if (shift := self._shift(source, key, groups)) is not None}
            several = (shifts for shifts in shared(list(found), asked) if len(shifts.days) > 1) if asked else ()
            parts += [self._shifted(rows, item, [groups.pop(found[days]) for days in item.days]) for item in several]
        return parts

    def _shift(self, source: str, key: _Scan, groups: Mapping[_Scan, list[Wanted]]) -> int | None:
        leaves = [self._fragments.leaf(number) for number, _ in groups[key]]
        if key[0] != source or any(leaf.snapshot or leaf.followed for leaf in leaves):
            return None
        return shift_of(key[1]) if all(can_be_split(leaf.aggregation) for leaf in leaves) else None

    def _shifted(self, rows: Rows, shifts: Shifts, periods: list[list[Wanted]]) -> Part:
        wanted = [item for items in periods for item in items]
        by_city = _is_by_city(wanted)
        rows = rows.over_rollup([number for number, cities in wanted if cities != ()], is_by_city=by_city)
        columns: dict[str, str] = {}
        values: list[str] = []
        for number, items in enumerate(periods):
            for item in items:
                made = self._states(rows, item, is_split=True)
                names = [columns.setdefault(sql, f"s{len(columns)}") for sql in made]
                chosen = tuple(f"CASE WHEN f = {number} THEN {name} END" for name in names)
                values.append(f"{self._over(item, chosen, is_split=True)} AS {self._columns[item]}")
        keys = [*rows.dimensions(with_periods=False), f"{rows.day} AS d"]
        where = [*rows.chosen(), *rows.permitted(), rows.within([shifts.read])]
        selected = [*keys, *(f"{sql} AS {name}" for sql, name in columns.items())]
        inner = rows.select(selected, where, self._used(rows, wanted), is_by_city=by_city) + by_place(len(keys))
        joined = f"({inner}) AS rows_ CROSS JOIN {shifts.relation()} WHERE {shifts.limit(self._fragments.dialect)}"
        sql = f"SELECT {', '.join([*shifted_keys(rows), *values])} FROM {joined}{rows.grouping()}"
        return Part(sql, tuple(wanted))

    def _scan(self, wanted: list[Wanted]) -> str:
        number, cities = wanted[0]
        leaf = self._fragments.leaf(number)
        rows = Rows(self._question, leaf.source)
        if leaf.followed and cities != ():
            return followed_sql(rows, leaf.followed, cities, self._columns[wanted[0]])
        if leaf.snapshot and cities != ():
            return self._snapshot(rows, wanted[0], leaf.snapshot, leaf.frame)
        known = [item[0] for item in wanted if item[1] != ()]
        rows = rows.over_rollup(known, is_by_city=_is_by_city(wanted))
        if leaf.frame and rows.unit:
            return self._framed(rows, wanted, leaf.frame)
        return self._plain(rows, wanted, leaf.frame)

    # Rows of the periods themselves, or of other days where there is no period to answer to.

    def _plain(self, rows: Rows, wanted: list[Wanted], frame: Frame | None) -> str:
        where = [*rows.chosen(), *rows.permitted(), *_days(rows, frame)]
        shared = None if rows.rollup else self._shared_filter(wanted)
        selected = rows.dimensions()
        for item in wanted:
            selected.append(f"{self._aggregate(rows, item, is_filtered=bool(shared))} AS {self._columns[item]}")
        where += [f"({shared})"] if shared else []
        return rows.select(selected, where, self._used(rows, wanted), is_by_city=_is_by_city(wanted)) + rows.grouping()

    def _aggregate(self, rows: Rows, wanted: Wanted, *, is_filtered: bool) -> str:
        number, cities = wanted
        if cities == ():
            return self._fragments.unknown(self._fragments.leaf(number))
        if self._question.offer and rows.rollup:
            merging, limit = self._question.offer.merging, rows.limit(cities)
            return merging.merged_sql(number, self._fragments, where=limit, is_grouped=self._is_grouped)
        how = {"is_grouped": self._is_grouped, "is_approximate": self._is_approximate}
        if cities is None and not is_filtered:
            return self._fragments.aggregate(number, **how)
        where = None if is_filtered else rows.filter(number, cities)
        return self._fragments.aggregate_where(number, where, **how)

    def _shared_filter(self, wanted: list[Wanted]) -> str | None:
        """Give the filter that all aggregates of a scan share, where taking it first cannot change the groups."""
        if self._is_grouped or any(cities is not None for _, cities in wanted):
            return None
        filters = {self._fragments.filter(number) for number, _ in wanted}
        return filters.pop() if len(filters) == 1 else None

    # Rows of other days, brought to the periods for which they count.

    def _framed(self, rows: Rows, wanted: list[Wanted], frame: Frame) -> str:
        mapping = rows.mapping(frame)
        is_split = all(can_be_split(self._fragments.leaf(number).aggregation) for number, _ in wanted)
        columns: list[str] = []
        values: list[str] = []
        for item in wanted:
            made = self._states(rows, item, is_split=is_split)
            names = tuple(f"s{len(columns) + index}" for index in range(len(made)))
            columns += [f"{sql} AS {name}" for sql, name in zip(made, names, strict=True)]
            values.append(f"{self._over(item, names, is_split=is_split)} AS {self._columns[item]}")
        keys = [*rows.dimensions(with_periods=False), f"{rows.day} AS d"]
        where = [*rows.chosen(), *rows.permitted(), mapping.limit]
        inner = rows.select([*keys, *columns], where, self._used(rows, wanted), is_by_city=_is_by_city(wanted))
        inner += by_place(len(keys)) if is_split else ""
        joined = f"({inner}) AS rows_ JOIN ({mapping.sql}) AS spans_ ON {mapping.on}"
        return f"SELECT {', '.join([*rows.mapped_keys(), *values])} FROM {joined}{rows.grouping()}"

    def _states(self, rows: Rows, wanted: Wanted, *, is_split: bool) -> tuple[str, ...]:
        number, cities = wanted
        if cities == ():
            return ()
        if self._question.offer and rows.rollup:
            return self._question.offer.merging.partials(number, self._fragments, where=rows.limit(cities))
        where = rows.filter(number, cities)
        if is_split:
            return self._fragments.partials(number, where)
        operands = self._fragments.operands(number)
        return tuple(f"CASE WHEN {where} THEN {sql} END" if where else sql for sql in operands)

    def _over(self, wanted: Wanted, names: tuple[str, ...], *, is_split: bool) -> str:
        leaf = self._fragments.leaf(wanted[0])
        if wanted[1] == ():
            return self._fragments.unknown(leaf)
        if is_split:
            return merged_sql(leaf.aggregation, names, leaf.type)
        return self._fragments.aggregate_of(
            leaf.number, names, None, is_grouped=True, is_approximate=self._is_approximate
        )

    # Rows at the first or last moment of each period.

    def _snapshot(self, rows: Rows, wanted: Wanted, snapshot: PreparedSnapshot, frame: Frame | None) -> str:
        mapping = rows.mapping(frame) if frame and rows.unit else None
        where = [*rows.chosen(), *rows.permitted(), *([mapping.limit] if mapping else _days(rows, frame))]
        filtered, at = rows.filter(*wanted), self._fragments.expression(snapshot.at)
        moment = f"CASE WHEN {filtered} THEN {at} END" if filtered else at
        per = [f"{self._fragments.dimension(rows.source, name)} AS g{index}" for index, name in enumerate(snapshot.per)]
        values = [f"{sql} AS v{index}" for index, sql in enumerate(self._fragments.operands(wanted[0]))]
        keys = rows.dimensions(with_periods=mapping is None)
        keys += [f"{rows.day} AS d"] if mapping else []
        used = (*self._used(rows, [wanted]), snapshot.at, *(rows.prepared.dimensions[name] for name in snapshot.per))
        sql = rows.select([*keys, f"{moment} AS t", *per, *values], where, used, is_by_city=_is_by_city([wanted]))
        groups, names = _numbered("g", per), _numbered("v", values)
        if mapping:
            selected = ", ".join([*rows.mapped_keys(), "t", *groups, *names])
            sql = f"SELECT {selected} FROM ({sql}) AS rows_ JOIN ({mapping.sql}) AS spans_ ON {mapping.on}"
        edge = "MAX" if snapshot.take is Take.LAST else "MIN"
        apart = ", ".join([*rows.period_keys(), *groups])
        marked = (
            f"SELECT *, {edge}(t) OVER ({f'PARTITION BY {apart}' if apart else ''}) AS edge FROM ({sql}) AS moments"
        )
        value = self._fragments.aggregate_of(
            wanted[0], names, "t = edge", is_grouped=self._is_grouped, is_approximate=self._is_approximate
        )
        selected = ", ".join([*self._question.keys, f"{value} AS {self._columns[wanted]}"])
        return f"SELECT {selected} FROM ({marked}) AS marked{rows.grouping()}"

    def _used(self, rows: Rows, wanted: Iterable[Wanted]) -> list[Expression]:
        found: list[Expression] = []
        offer = self._question.offer
        if offer and rows.rollup:
            later = (offer.merging.later(number) for number, _ in wanted)
            return [condition for condition in later if condition]
        for number, _ in wanted:
            leaf = self._fragments.leaf(number)
            found += [*leaf.of, *([leaf.where] if leaf.where else [])]
        return found


def _may_share(leaf: Aggregate) -> bool:
    """Tell whether others can be read in the same scan."""
    return leaf.is_plain or (leaf.snapshot is None and leaf.followed is None and can_be_split(leaf.aggregation))


def _is_by_city(wanted: Iterable[Wanted]) -> bool:
    return any(cities for _, cities in wanted)


def _days(rows: Rows, frame: Frame | None) -> list[str]:
    return [rows.within(rows.stretches(frame))] if frame else rows.own_days()


def _numbered(letter: str, items: list[str]) -> tuple[str, ...]:
    return tuple(f"{letter}{index}" for index in range(len(items)))
