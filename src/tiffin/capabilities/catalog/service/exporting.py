"""Assets as a file: what is said of each and how it stands, without any value of it."""

import csv
import io
from collections.abc import Iterable

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.estate.found import OutsideAsset
from tiffin.capabilities.catalog.service.estate import Reading
from tiffin.capabilities.catalog.service.health import Examined

COLUMNS = (
    "asset",
    "label",
    "meaning",
    "owner",
    "technical_owner",
    "domain",
    "tier",
    "classification",
    "life_cycle",
    "successor",
    "contract",
    "latest_day",
    "health",
    "open_findings",
    "users",
)
OUTSIDE_COLUMNS = (
    "key",
    "kind",
    "name",
    "relation",
    "description",
    "owner",
    "times_asked",
    "people",
    "checks_held",
    "checks_failed",
    "table_here",
    "is_confirmed",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(assets: Iterable[Asset], examined: Examined, language: str) -> str:
    """Write assets as CSV; a text that a spreadsheet would run as a formula is kept a text."""
    return _written(COLUMNS, (row_of(asset, examined, language).values() for asset in assets))


def outside_as_csv(assets: Iterable[OutsideAsset], reading: Reading) -> str:
    """Write assets of a system outside as CSV, each with the table here that it is likely the same as."""
    here, uses = {one.key: one.table for one in reading.matched}, reading.uses
    rows = (
        (
            asset.key,
            asset.kind.value,
            asset.name,
            asset.relation,
            asset.description,
            asset.owner,
            *uses.get(asset.key, (0, 0)),
            asset.passed,
            asset.failed,
            here.get(asset.key),
            asset.key in reading.confirmed,
        )
        for asset in assets
    )
    return _written(OUTSIDE_COLUMNS, rows)


def row_of(asset: Asset, examined: Examined, language: str) -> dict[str, object]:
    """Give an asset as plain values, by the names of `COLUMNS`."""
    standing, score = examined.standings[asset.id], examined.score(asset)
    found = (
        asset.id.text,
        asset.label_in(language),
        asset.meaning_in(language),
        asset.owner,
        asset.technical_owner,
        asset.domain,
        asset.tier.value,
        asset.classification.value if asset.classification else None,
        asset.life_cycle.value,
        asset.successor.text if asset.successor else None,
        asset.contract,
        standing.freshness.latest_day if standing.freshness else None,
        None if score is None else round(score, 1),
        sum(one.is_open for one in examined.findings.get(asset.id, ())),
        standing.usage.users if standing.usage else None,
    )
    return dict(zip(COLUMNS, found, strict=True))


def _written(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_plain(value) for value in row])
    return file.getvalue()


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
