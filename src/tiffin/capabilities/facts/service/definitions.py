"""Feed files read into feeds."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from tiffin.capabilities.facts.domain.feed import (
    CityRow,
    Feed,
    FileKind,
    Format,
    Mapped,
    Origin,
    Partner,
    RowRule,
    SourceColumn,
    SourceType,
    TableMap,
    Unreadable,
    ValueRule,
)
from tiffin.capabilities.facts.service.section import Section
from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.places import City, LocalRules
from tiffin.kernel.row_rules import EARLIEST
from tiffin.runtime.definitions import read_yaml
from tiffin.runtime.markets import Market, load_markets
from tiffin.runtime.offsets import is_timezone

_ALIAS = re.compile(r"[a-z][a-z0-9_]*")
_RESERVED = {"file", "folder", "line"}
_DEFAULT_SEPARATOR = {Format.TSV: "\t"}


def read_feed(path: Path) -> Feed:
    """Read a feed's definition file.

    Raises
    ------
    InvalidDefinition
        It breaks the form of feeds; the message names file, line and the fix.
    """
    return _read_feed(path, path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache(maxsize=64)
def _read_feed(path: Path, _changed: int) -> Feed:
    content = read_yaml(path)
    top = Section(path, content, what="a feed")
    zone = _zone(top, "time_zone", "UTC")
    lookups = _lookups(top)
    markets = load_markets() if "cities" in top else {}
    feed = Feed(
        name=top.text("feed"),
        title=top.text("title"),
        description=top.text("description"),
        origin=_origin(top.section("origin")),
        time_zone=zone,
        cities=tuple(_city(entry, markets) for entry in top.sections("cities")),
        lookups=lookups,
        keeps_formulas=top.text("formulas", "quarantine") == "keep",
        files=tuple(_kind(name, top.section("files")) for name in top.section("files").names()),
        tables=tuple(_table(entry) for entry in top.sections("tables")),
        file=str(path),
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    top.done()
    return _checked(feed, top)


def _lookups(top: Section) -> dict[str, dict[str, str]]:
    if "lookups" not in top:
        return {}
    lists = top.section("lookups")
    return {name: lists.words(name) for name in lists.names()}


def _origin(section: Section) -> Origin:
    origin = Origin(
        publisher=section.text("publisher"),
        obtain=section.text("obtain"),
        licence=section.text("licence"),
        notes=section.texts("notes"),
    )
    section.done()
    return origin


def _city(section: Section, markets: Mapping[str, Market]) -> CityRow:
    country = section.text("country")
    weekend = tuple(int(day) for day in section.texts("weekend")) or None
    base = LocalRules(
        date.fromisoformat(EARLIEST), _zone(section, "timezone"), int(section.number("cutoff_min") or 0), weekend
    )
    history = _history(section, base)
    city = City(
        city_id=section.text("city_id"),
        name=section.text("name"),
        country=country,
        timezone=base.timezone,
        cutoff_min=base.cutoff_min,
        weekend=weekend or _usual_weekend(markets.get(country)),
        currency=section.text("currency"),
        latitude=section.number("latitude"),
        longitude=section.number("longitude"),
        history=history,
    )
    row = CityRow(city=city, timezone_known=section.flag("timezone_known", default=True))
    section.done()
    return row


def _usual_weekend(market: Market | None) -> tuple[int, ...]:
    return market.weekends[-1].weekdays if market else (6, 7)


def _history(section: Section, base: LocalRules) -> tuple[LocalRules, ...]:
    """Read what changed at which business day; what a change does not name stays as it was."""
    if "changes" not in section:
        return ()
    history = [base]
    for entry in section.sections("changes"):
        before = history[-1]
        weekend = entry.texts("weekend")
        cutoff = entry.number("cutoff_min")
        changed = LocalRules(
            since=entry.day("since"),
            timezone=_zone(entry, "timezone", before.timezone),
            cutoff_min=before.cutoff_min if cutoff is None else int(cutoff),
            weekend=tuple(int(day) for day in weekend) or before.weekend,
        )
        if changed.since <= before.since:
            raise InvalidDefinition(
                f"{entry.at('since')}: changes of a city stand in the order of their days; {changed.since} was found "
                f"after {before.since}."
            )
        entry.done()
        history.append(changed)
    return tuple(history)


def _zone(section: Section, key: str, default: str | None = None) -> str:
    zone = section.text(key, default)
    if not is_timezone(zone):
        raise InvalidDefinition(
            f"{section.at(key)}: `{key}` should be an IANA time zone such as Asia/Riyadh; {zone!r} was found."
        )
    return zone


def _kind(name: str, parent: Section) -> FileKind:
    section = parent.section(name)
    written = section.word("format", Format)
    section_columns = section.section("columns")
    missing = section.texts("missing")
    kind = FileKind(
        name=name,
        pattern=section.text("pattern"),
        format=written,
        encoding=_encoding(section),
        separator=section.text("separator", _DEFAULT_SEPARATOR.get(written, ",")) or "\t",
        decimal_comma=section.flag("decimal_comma", default=False),
        sheet=section.maybe_text("sheet"),
        known=section.words("sha256"),
        known_only=section.flag("known_only", default=False),
        columns=tuple(_column(alias, section_columns, missing) for alias in section_columns.names()),
        place=parent.at(name),
    )
    section.done()
    if len(kind.separator) != 1:
        raise InvalidDefinition(
            f"{section.at('separator')}: `separator` should be one character; {kind.separator!r} was found."
        )
    return kind


def _encoding(section: Section) -> str:
    name = section.text("encoding", "utf-8")
    try:
        return "".encode(name).decode() or name
    except LookupError:
        raise InvalidDefinition(
            f"{section.at('encoding')}: `encoding` should be one that Python knows, such as utf-8 or windows-1252; "
            f"{name!r} was found."
        ) from None


def _column(alias: str, parent: Section, missing: tuple[str, ...]) -> SourceColumn:
    if not _ALIAS.fullmatch(alias) or alias in _RESERVED:
        raise InvalidDefinition(
            f"{parent.at(alias)}: a column's name in expressions is lower-case letters, digits and underscores, and "
            "not file, folder "
            f"or line; {alias!r} was found. Rename it; the file's own name goes under `header`."
        )
    section = parent.section(alias)
    column = SourceColumn(
        alias=alias,
        header=section.text("header", alias),
        type=section.word("type", SourceType, SourceType.TEXT),
        formats=section.texts("formats"),
        zone=_zone(section, "zone") if "zone" in section else None,
        missing=(*missing, *section.texts("missing")),
        required=not section.flag("optional", default=False),
        unreadable=section.word("unreadable", Unreadable, Unreadable.QUARANTINE),
        place=parent.at(alias),
    )
    section.done()
    if column.type is SourceType.TIME and not column.formats:
        return replace(column, formats=("iso",))
    return column


def _table(section: Section) -> TableMap:
    where = section.place
    name = section.text("table")
    mapping = section.section("map")
    table = TableMap(
        table=name,
        kinds=section.texts("from"),
        is_main=section.flag("main", default=False),
        where=section.maybe_text("where"),
        grain=section.texts("grain"),
        columns=tuple(Mapped(column, mapping.text(column), mapping.at(column)) for column in mapping.names()),
        row_rules=tuple(_row_rule(entry) for entry in section.sections("quarantine")),
        value_rules=tuple(_value_rule(entry) for entry in section.sections("remove_values")),
        partners=_partners(section),
        event_at=section.maybe_text("event_at"),
        place=where,
    )
    section.done()
    return table


def _row_rule(section: Section) -> RowRule:
    rule = RowRule(section.text("rule"), section.text("when"), section.text("reason"), section.at("when"))
    section.done()
    return rule


def _value_rule(section: Section) -> ValueRule:
    rule = ValueRule(section.text("column"), section.text("when"), section.text("reason"), section.at("when"))
    section.done()
    return rule


def _partners(section: Section) -> tuple[Partner, ...]:
    if "partners" not in section:
        return ()
    partners = section.section("partners")
    return tuple(Partner(kind, partners.words(kind), partners.at(kind)) for kind in partners.names())


def _checked(feed: Feed, top: Section) -> Feed:
    if [table.is_main for table in feed.tables].count(True) != 1:
        raise InvalidDefinition(
            f"{top.at('tables')}: exactly one table of a feed is `main: true`, the one whose counts a load reports."
        )
    for table in feed.tables:
        contract = TABLES.get(table.table)
        if contract is None:
            raise InvalidDefinition(
                f"{table.place}: there is no fact table {table.table!r}; there are: {', '.join(sorted(TABLES))}."
            )
        _check_kinds(feed, table)
        _check_columns(table, contract)
    return feed


def _check_kinds(feed: Feed, table: TableMap) -> None:
    known = {kind.name for kind in feed.files}
    wanted = [*table.kinds, *(partner.kind for partner in table.partners)]
    unknown = [name for name in wanted if name not in known]
    if unknown or not table.kinds:
        raise InvalidDefinition(
            f"{table.place}: the table {table.table} reads {unknown or 'nothing'}; `from` and `partners` name files "
            "of the feed: "
            f"{', '.join(sorted(known))}."
        )


def _check_columns(table: TableMap, contract: TableContract) -> None:
    named = [
        *((one.column, one.place) for one in table.columns),
        *((one.column, one.place) for one in table.value_rules),
    ]
    for column, place in named:
        if not contract.has(column):
            raise InvalidDefinition(f"{place}: {_no_column(column, contract)}")
    missing = [name for name in contract.required_columns if name != "source" and table.mapped(name) is None]
    if missing:
        raise InvalidDefinition(
            f"{table.place}: {contract.name} needs {', '.join(missing)}; add an expression for it under `map`."
        )


def _no_column(name: str, contract: TableContract) -> str:
    near = get_close_matches(name, contract.column_names, n=1, cutoff=0.5)
    hint = f"Did you mean `{near[0]}`?" if near else f"It has: {', '.join(contract.column_names)}."
    return f"the table {contract.name} has no column `{name}`. {hint}"
