"""What a request is measured against: the cities, the columns of its asset, and what others hold."""

from collections.abc import Iterable, Mapping
from functools import cache

from sqlalchemy import select

from tiffin.capabilities.access.domain.accounts import ALONE
from tiffin.capabilities.access.domain.requesting import Ask, Surroundings
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import InvalidData, TiffinError
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import EVERY, GUARDED, Grant
from tiffin.runtime.auth import grant_of
from tiffin.runtime.context import Context
from tiffin.runtime.models import Account, AccountGrant

ADDRESSED = 2
"""So many parts has the path of a page about one thing."""


def countries_of_cities(context: Context) -> Mapping[str, str]:
    """Give the country of every city that has facts."""
    # The metrics are read by who asks for access and not by every command of it.
    from tiffin.capabilities.metrics.service.footprints import cities_in  # noqa: PLC0415 - for the reason above

    found = cities_in(context.workspace, context.warehouse, context.warehouse.versions())
    return {city_id: city.country for city_id, city in found.items()}


def names_of_cities(context: Context) -> Mapping[str, str]:
    """Give the name of every city that has facts."""
    from tiffin.capabilities.metrics.service.footprints import cities_in  # noqa: PLC0415 - as above

    found = cities_in(context.workspace, context.warehouse, context.warehouse.versions())
    return {city_id: city.name for city_id, city in sorted(found.items(), key=lambda one: one[1].name)}


def owner_of(context: Context, asset: str) -> str:
    """Name who answers for an asset, as people say or else its definition; empty where the catalog does not know."""
    if not asset:
        return ""
    from tiffin.capabilities.catalog.service.owners import owner_named  # noqa: PLC0415 - as above

    return owner_named(context, AssetId.parse(asset))


def classes_needed(context: Context, asset: str) -> tuple[Classification, ...] | None:
    """Give the guarded classes that must be open to read an asset; None where nobody can tell."""
    if not asset:
        return None
    named = AssetId.parse(asset)
    table, _, column = named.name.partition(".")
    if named.kind is AssetKind.TABLE and table in TABLES:
        return _ordered({one.classification for one in TABLES[table].columns})
    if named.kind is AssetKind.COLUMN and table in TABLES and TABLES[table].has(column):
        return _ordered({TABLES[table].column(column).classification})
    from tiffin.capabilities.catalog.service.inventory import inventory_of  # noqa: PLC0415 - as above

    found = inventory_of(context).get(named)
    metrics = (named.name,) if named.kind is AssetKind.METRIC else found.metrics if found else ()
    return _of_metrics(context, metrics) if metrics else None


def alone(context: Context, asset: str) -> tuple[str, ...]:
    """Tell what is granted where an asset is granted by itself: it, and the metrics that it shows at this moment.

    A number that is put on it later is not among them: nobody decided on that one. Empty where it cannot be granted so.
    """
    if not asset:
        return ()
    named = AssetId.parse(asset)
    table, _, column = named.name.partition(".")
    if named.kind is AssetKind.TABLE:
        return (named.text,) if table in TABLES else ()
    if named.kind is AssetKind.COLUMN:
        return (named.text,) if table in TABLES and TABLES[table].has(column) else ()
    if named.kind not in ALONE:
        return ()
    from tiffin.capabilities.catalog.service.inventory import inventory_of  # noqa: PLC0415 - as above

    found = inventory_of(context).get(named)
    if found is None:
        return ()
    shown = () if named.kind is AssetKind.METRIC else found.metrics
    metrics = tuple(AssetId(AssetKind.METRIC, name).text for name in sorted({*shown}))
    return (named.text, *metrics) if shown or named.kind is AssetKind.METRIC else ()


def all_alone(context: Context, assets: Iterable[str]) -> tuple[str, ...]:
    """Give single assets with the metrics that they show now.

    Raises
    ------
    InvalidData
        One is not there, or cannot be granted by itself.
    """
    found: dict[str, None] = {}
    for asset in assets:
        listed = alone(context, asset)
        if not listed:
            raise InvalidData(
                Message(
                    "{asset} cannot be opened alone: there is no such asset, or it shows no metric. Ask for the place.",
                    asset=asset,
                )
            )
        found |= dict.fromkeys(listed)
    return tuple(sorted(found))


def _of_metrics(context: Context, metrics: tuple[str, ...]) -> tuple[Classification, ...] | None:
    from tiffin.capabilities.metrics.service.policies import classes_of_metrics  # noqa: PLC0415 - as above

    try:
        return _ordered(classes_of_metrics(context, metrics))
    except TiffinError:
        return None


def surroundings(context: Context, requester: str, ask: Ask, held: tuple[Grant, ...]) -> Surroundings:
    """Measure what a request would open, beside what is open to the requester now."""
    cities = countries_of_cities(context)
    now = {city for city, country in cities.items() if _reaches(held, country, city)}
    opened = () if ask.grant.assets else cities.items()  # single assets open no city
    after = now | {city for city, country in opened if ask.grant.covers(country=country, city_id=city)}
    return Surroundings(len(now), len(after), len(cities), columns_by_class(), _peers(context, requester, ask.grant))


@cache
def columns_by_class() -> Mapping[Classification, int]:
    """Count the columns of each guarded class in all tables."""
    listed = [column.classification for table in TABLES.values() for column in table.columns]
    return {name: listed.count(name) for name in GUARDED}


def held_by(context: Context, name: str) -> tuple[Grant, ...]:
    """Give the grants of an account that are in force."""
    return tuple(grant_of(row) for row in _in_force(context) if row.account_id == _number(context, name))


def _peers(context: Context, requester: str, wanted: Grant) -> int:
    own = _number(context, requester)
    places = {*wanted.countries, *wanted.cities}
    over = (row for row in _in_force(context) if {EVERY, *places}.intersection((*row.countries, *row.cities)))
    return len({row.account_id for row in over if row.role != "admin"} - {own})


def _in_force(context: Context) -> tuple[AccountGrant, ...]:
    wanted = select(AccountGrant).where(AccountGrant.revoked_at.is_(None), AccountGrant.expires_at > context.now)
    return tuple(context.session.scalars(wanted.order_by(AccountGrant.grant_id)))


def _number(context: Context, name: str) -> int | None:
    return context.session.scalar(select(Account.account_id).where(Account.name == name))


def _reaches(held: tuple[Grant, ...], country: str, city: str) -> bool:
    return any(grant.covers(country=country, city_id=city) for grant in held if not grant.assets)


def _ordered(classes: set[Classification] | frozenset[Classification]) -> tuple[Classification, ...]:
    return tuple(name for name in GUARDED if name in classes)


def asset_of_page(address: str) -> tuple[str, str]:
    """Tell which asset and which city a page of the console is about, empty where it is about none."""
    path, _, asked = address.partition("?")
    parts = [part for part in path.split("/") if part]
    city = next((value for name, _, value in (one.partition("=") for one in asked.split("&")) if name == "city"), "")
    kinds = {"metrics": "metric", "data": "table", "dashboards": "dashboard"}
    if len(parts) >= ADDRESSED and parts[0] == "daybooks":
        return "", parts[1]
    if len(parts) >= ADDRESSED and parts[0] in kinds:
        return f"{kinds[parts[0]]}:{parts[1]}", city
    return "", city
