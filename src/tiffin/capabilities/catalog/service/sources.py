"""Assets as contracts and feeds declare them: fact tables, their columns, feeds, the columns of their files."""

from collections.abc import Iterator, Mapping

from tiffin.capabilities.catalog.domain.assets import Asset, Tier
from tiffin.capabilities.facts.domain.feed import Feed, SourceColumn
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import LOCALES, Classification, Column, TableContract
from tiffin.runtime.i18n import mark, translate

FeedTexts = Mapping[str, Mapping[str, str]]
"""``label`` and ``meaning`` by language."""

CLASSES = tuple(Classification)
"""From the least to the most guarded."""


def team(name: str) -> str:
    """Write a team's name one way: contracts say city-operations, metrics city_operations."""
    return name.replace("-", "_")


def table_assets(contract: TableContract, *, is_critical: bool) -> Iterator[Asset]:
    """Give a fact table and its columns.

    Parameters
    ----------
    is_critical : bool
        A certified metric counts its rows.
    """
    table = AssetId(AssetKind.TABLE, contract.name)
    yield Asset(
        id=table,
        label={"en": contract.name},
        meaning=contract.meaning,
        owner=team(contract.owner),
        tier=Tier.CRITICAL if is_critical else Tier.STANDARD,
        classification=most_guarded(contract.columns),
        contract=contract.version,
        address=f"/data/{contract.name}",
        tables=(contract.name,),
        traits={
            "key": contract.key,
            "grain": contract.grain,
            "usage": contract.usage,
            "limitations": contract.limitations,
            "columns": contract.column_names,
            "event_at": contract.event_at,
            "retention_months": contract.retention_months,
            "tests": len(contract.rules) + sum(_bounds(column) for column in contract.columns),
        },
    )
    for column in contract.columns:
        yield _column(contract, column, table, is_critical=is_critical)


def most_guarded(columns: tuple[Column, ...]) -> Classification:
    """Give the most guarded class of some columns."""
    return max((column.classification for column in columns), key=CLASSES.index, default=Classification.INTERNAL)


BUILT_IN = {
    "simulated": (
        mark("The demo marketplace"),
        mark("Facts that the simulator makes, with known truth; they say so in every row and never pass for real."),
    ),
    "http": (mark("Rows over HTTP"), mark("Rows that other systems hand in over HTTP, in batches, each once.")),
    "calendar": (
        mark("Calendars of the markets"),
        mark("Public holidays, weekends, Ramadan and school terms of each market, as they ship with the platform."),
    ),
    "checks": (
        mark("Checks of tables"),
        mark("What the checks of the quality of fact tables find, written by the platform at every run."),
    ),
    "judging": (
        mark("Verdicts and appeals"),
        mark("What was decided about incidents, what it led to and what became of appeals, as the platform books it."),
    ),
}
"""Where facts come from without a feed's file: label and meaning."""


def built_in_feeds() -> Iterator[Asset]:
    """Give what brings facts without a feed's file."""
    for name, (label, meaning) in BUILT_IN.items():
        yield Asset(
            id=AssetId(AssetKind.FEED, name),
            label={locale: translate(locale, label) for locale in LOCALES},
            meaning={locale: translate(locale, meaning) for locale in LOCALES},
            classification=Classification.INTERNAL,
            domain="platform",
            traits={"built_in": True},
        )


def feed_assets(feed: Feed, texts: FeedTexts) -> Iterator[Asset]:
    """Give a feed and the columns of its files.

    Parameters
    ----------
    texts : FeedTexts
        What it is called and means in languages that its own file does not write.
    """
    named = AssetId(AssetKind.FEED, feed.name)
    filled = tuple(dict.fromkeys(mapped.table for mapped in feed.tables))
    yield Asset(
        id=named,
        label={"en": feed.title, **texts.get("label", {})},
        meaning={"en": " ".join(feed.description.split()), **texts.get("meaning", {})},
        contract=feed.digest[:8],
        file=feed.file,
        address=f"/data/loads?feed={feed.name}",
        tables=filled,
        traits={
            "licence": feed.origin.licence,
            "publisher": feed.origin.publisher,
            "countries": tuple(sorted({row.city.country for row in feed.cities})),
            "tests": sum(len(one.row_rules) + len(one.value_rules) for one in feed.tables)
            + sum(len(kind.known) for kind in feed.files),
        },
    )
    seen: dict[str, SourceColumn] = {}
    for kind in feed.files:
        for column in kind.columns:
            seen.setdefault(column.header, column)
    for header, column in seen.items():
        yield Asset(
            id=AssetId(AssetKind.FEED_COLUMN, f"{feed.name}/{header.strip()}"),
            label={"en": header.strip()},
            file=feed.file,
            part_of=named,
            tables=filled,
            traits={"type": column.type.value, "alias": column.alias, "zone": column.zone or feed.time_zone},
        )


def _column(contract: TableContract, column: Column, table: AssetId, *, is_critical: bool) -> Asset:
    return Asset(
        id=AssetId(AssetKind.COLUMN, f"{contract.name}.{column.name}"),
        label={"en": column.name},
        meaning=column.meaning,
        owner=team(contract.owner),
        tier=Tier.CRITICAL if is_critical else Tier.STANDARD,
        classification=column.classification,
        contract=contract.version,
        part_of=table,
        tables=(contract.name,),
        traits=_traits(contract, column),
    )


def _traits(contract: TableContract, column: Column) -> Mapping[str, object]:
    return {
        "column": column.name,
        "type": column.type.value,
        "unit": column.unit or "",
        "required": column.required,
        "derived": column.derived,
        "is_key": column.name in contract.key,
        "references": column.references or "",
        "values": column.values,
        "siblings": contract.column_names,
        "tests": _bounds(column),
    }


def _bounds(column: Column) -> int:
    """Count what a value of the column must keep to."""
    stated = (column.required, column.values, column.pattern, column.references, column.max_length is not None)
    return sum(map(bool, stated)) + (column.minimum is not None) + (column.maximum is not None)
