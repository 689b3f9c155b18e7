"""Links from the columns of files, and from whoever else writes facts, to the columns of the fact tables."""

from collections.abc import Iterable, Iterator, Mapping

from tiffin.capabilities.catalog.service.lineage_names import column_id, feed_id, table_id
from tiffin.capabilities.catalog.service.lineage_simulated import SIMULATED
from tiffin.capabilities.facts.domain.expressions import Names, compile_expression
from tiffin.capabilities.facts.domain.feed import Feed, TableMap
from tiffin.engines.lineage.links import How, Link
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import Place
from tiffin.kernel.facts.registry import TABLES

CITIES, CITY_DAYS, CALENDARS = "cities", "city_days", "city_calendars"
SIMULATION = feed_id("simulated")
"""The demo marketplace, as the source of the columns that it fills."""
HTTP = feed_id("http")
"""Rows handed in over HTTP, as the source of columns that no shipped feed and no simulation fills."""
CALENDAR = feed_id("calendar")
"""The shipped calendars of the markets, as the source of the days' holidays and dates."""
CHECKS = feed_id("checks")
"""Runs of the checks of tables, as the source of their results."""
JUDGING = feed_id("judging")
"""What was decided about incidents, as the source of verdicts, penalties and appeals."""
_WRITTEN_BY = {
    "check_results": CHECKS,
    "verdicts": JUDGING,
    "penalties": JUDGING,
    "appeals": JUDGING,
    "rehearsal_outcomes": SIMULATION,
    "delay_causes": SIMULATION,
    "planted_rows": SIMULATION,
}
"""By table that the platform writes by itself: what writes it."""

LOCAL = ("business_date", "local_hour", "slot_at", "day_part")
_CLOCK = tuple(column_id(CITIES, name) for name in ("timezone", "cutoff_min"))
_ZONES = {
    "zone_id": ("pickup_latitude", "pickup_longitude"),
    "dropoff_zone_id": ("dropoff_latitude", "dropoff_longitude"),
}
_STATED_OF_DAYS = ("holiday", "is_ramadan", "hijri_date", "hijri_year", "hijri_month", "hijri_day", "is_school_term")
_OF_CITY = {"is_weekend": ("weekend", "country"), "sunset_at": ("latitude", "longitude")}


def feed_columns(feed: Feed) -> Mapping[tuple[str, str], AssetId]:
    """Name the columns of a feed's files, by kind of file and alias; a header that several kinds share is one asset."""
    return {
        (kind.name, column.alias): AssetId(AssetKind.FEED_COLUMN, f"{feed.name}/{column.header.strip()}")
        for kind in feed.files
        for column in kind.columns
    }


def fact_links(feeds: Iterable[Feed]) -> Iterator[Link]:
    """Link everything from where facts come in to the tables' columns."""
    filled: set[AssetId] = set()
    derived: dict[tuple[str, str], set[str]] = {}
    for feed in feeds:
        links = [*_of_feed(feed)]
        filled |= {link.later for link in links}
        yield from links
        for table in feed.tables:
            _note_derived(derived, table.table, _mapped(table), event=table.event_at)
    for simulated, columns in SIMULATED.items():
        filled |= {column_id(simulated, name) for name in columns}
        yield from (Link(SIMULATION, column_id(simulated, name), How.COMPUTED_FROM) for name in columns)
        _note_derived(derived, simulated, set(columns))
    yield from _of_calendar()
    for contract in TABLES.values():
        yield from _of_table(contract, filled, derived)


def _of_feed(feed: Feed) -> Iterator[Link]:
    named = feed_columns(feed)
    own = feed_id(feed.name)
    for column in named.values():
        yield Link(own, column, How.READ_FROM)
    for table in feed.tables:
        yield from _Reading(feed, table, named).links()
    stated = ((CITIES, bool(feed.cities)), (CALENDARS, any(row.city.history for row in feed.cities)))
    for name, is_stated in stated:
        if is_stated:
            yield from (Link(own, column_id(name, column), How.STATED_BY) for column in TABLES[name].column_names)


class _Reading:
    """What one table of a feed is made of."""

    def __init__(self, feed: Feed, table: TableMap, named: Mapping[tuple[str, str], AssetId]) -> None:
        self._table, self._feed, self._named = table, feed, named
        self._visible: dict[str, set[AssetId]] = {name: set() for name in ("file", "folder", "line")}
        for kind in table.kinds:
            for column in feed.kind(kind).columns:
                self._visible.setdefault(column.alias, set()).add(named[kind, column.alias])
        self._partners: dict[str, str] = {}
        for partner in table.partners:
            for column in feed.kind(partner.kind).columns:
                name = f"{partner.kind}.{column.alias}"
                self._visible[name] = {named[partner.kind, column.alias]}
                self._partners[name] = partner.kind
        self._names = Names(dict.fromkeys(self._visible, ""), feed.lookups)

    def links(self) -> Iterator[Link]:
        """Link every column that is filled."""
        table, own = self._table, feed_id(self._feed.name)
        filters = [rule.when for rule in table.row_rules] + ([table.where] if table.where else [])
        filtered = self._read(filters)
        grained = self._read(table.grain)
        for mapped in table.columns:
            later = column_id(table.table, mapped.column)
            values = self._read([mapped.expression])
            yield from _all(values, later, How.COMPUTED_FROM)
            yield from _all(filtered | self._removing(mapped.column), later, How.FILTERED_BY)
            yield from _all(grained | self._matching(mapped.expression), later, How.JOINED_BY)
            if not values:
                yield Link(own, later, How.STATED_BY)
        yield Link(own, column_id(table.table, "source"), How.STATED_BY)
        if table.event_at:
            dated = self._read([table.event_at])
            for name in TABLES[table.table].derived_columns:
                if name in LOCAL and name not in _mapped(table):
                    yield from _all(dated, column_id(table.table, name), How.COMPUTED_FROM)

    def _read(self, texts: Iterable[str]) -> set[AssetId]:
        return {asset for text in texts for name in self._named_in(text, self._names) for asset in self._visible[name]}

    def _named_in(self, text: str, names: Names) -> frozenset[str]:
        return compile_expression(text, names, _NOWHERE).names

    def _removing(self, column: str) -> set[AssetId]:
        """Give what decides whether the value of a column is taken out again."""
        own = Names({mapped.column: "" for mapped in self._table.columns}, self._feed.lookups)
        rules = [rule for rule in self._table.value_rules if rule.column == column]
        read = {name for rule in rules for name in self._named_in(rule.when, own)}
        return self._read(mapped.expression for mapped in self._table.columns if mapped.column in read)

    def _matching(self, text: str) -> set[AssetId]:
        """Give the columns by which other files were joined, where a value comes from one of them."""
        kinds = {self._partners.get(name) for name in self._named_in(text, self._names)}
        found: set[AssetId] = set()
        for partner in self._table.partners:
            if partner.kind in kinds:
                found |= self._read(partner.match.values())
                found |= {self._named[partner.kind, name] for name in partner.match if name not in ("folder", "file")}
        return found


_NOWHERE = Place("", None)


def _all(earlier: Iterable[AssetId], later: AssetId, how: How) -> Iterator[Link]:
    return (Link(one, later, how) for one in earlier)


def _mapped(table: TableMap) -> set[str]:
    return {mapped.column for mapped in table.columns}


def _note_derived(
    derived: dict[tuple[str, str], set[str]], table: str, given: set[str], *, event: str | None = None
) -> None:
    """Note which columns the platform computes for rows that bring some others, and from which of these."""
    contract = TABLES[table]
    for name in contract.derived_columns:
        if name in given:
            continue
        if name in LOCAL:
            instants = given.intersection(contract.event_at) if event is None else set()
            is_possible = event is not None or bool(instants)
        else:
            instants = set(_ZONES.get(name, ()))
            is_possible = instants <= given
        if is_possible:
            derived.setdefault((table, name), set()).update(instants)


def _of_calendar() -> Iterator[Link]:
    """Link the days of a city, which the platform writes for every day of which there are facts."""
    for name in ("city_id", "business_date", "weekday", "is_weekend", "holiday", "is_ramadan", "sunset_at"):
        yield Link(column_id(CITIES, "city_id"), column_id(CITY_DAYS, name), How.JOINED_BY)
    for name in _STATED_OF_DAYS:
        yield Link(column_id(CITIES, "country"), column_id(CITY_DAYS, name), How.JOINED_BY)
        yield Link(CALENDAR, column_id(CITY_DAYS, name), How.STATED_BY)
    for name, read in _OF_CITY.items():
        yield from (Link(column_id(CITIES, one), column_id(CITY_DAYS, name), How.COMPUTED_FROM) for one in read)
    for name in ("business_date", "weekday", "source"):
        yield Link(CALENDAR, column_id(CITY_DAYS, name), How.STATED_BY)


def _of_table(
    contract: TableContract, filled: set[AssetId], derived: Mapping[tuple[str, str], set[str]]
) -> Iterator[Link]:
    for name in contract.column_names:
        later = column_id(contract.name, name)
        yield Link(later, table_id(contract.name), How.PART_OF)
        if (contract.name, name) in derived:
            yield from _derivation(contract.name, name, derived[contract.name, name])
        elif later not in filled and contract.name != CITY_DAYS:
            yield Link(_WRITTEN_BY.get(contract.name, HTTP), later, How.COMPUTED_FROM)


def _derivation(table: str, name: str, read: Iterable[str]) -> Iterator[Link]:
    later = column_id(table, name)
    yield Link(column_id(table, "city_id"), later, How.JOINED_BY)
    yield from (Link(column_id(table, one), later, How.COMPUTED_FROM) for one in read)
    if name in LOCAL:
        yield from _all(_CLOCK, later, How.DATED_BY)
    elif name not in _ZONES:
        yield Link(column_id(CITIES, name), later, How.COMPUTED_FROM)
