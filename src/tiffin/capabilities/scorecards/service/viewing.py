"""A whole dashboard for a reader: chosen, answered and drawn, with what can be chosen instead."""

from collections.abc import Mapping
from dataclasses import dataclass

from tiffin.capabilities.metrics.service.forest import list_trees
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.scorecards.domain.asking import Chosen
from tiffin.capabilities.scorecards.domain.dashboards import CITY, HOUR, Dashboard
from tiffin.capabilities.scorecards.service.answering import answer_dashboard
from tiffin.capabilities.scorecards.service.choosing import HOURS, chosen_on
from tiffin.capabilities.scorecards.service.drawing import Drawer, TileView
from tiffin.capabilities.scorecards.service.places import PARTS, VEHICLES, Places, hour_name, places_of
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import language_of, translate

PLACED = frozenset({"country", "city_id", "zone_id", "fleet_id"})


@dataclass(frozen=True, slots=True)
class FilterView:
    """A filter with what can be chosen, as pairs of value and name."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str
    is_needed: bool


@dataclass(frozen=True, slots=True)
class DashboardView:
    """A dashboard, drawn.

    Parameters
    ----------
    address : mapping of str to str
        What the address carries so that it shows the same to whoever may see it.
    trees : mapping of str to str
        The tree in which each metric stands.
    """

    dashboard: Dashboard
    chosen: Chosen
    place: str
    filters: tuple[FilterView, ...]
    tiles: tuple[TileView, ...]
    address: Mapping[str, str]
    trees: Mapping[str, str]
    requests: int


def show_dashboard(context: Context, dashboard: Dashboard, raw: Mapping[str, str]) -> DashboardView:
    """Show a dashboard under the choices of an address.

    Raises
    ------
    NotFound, WrongUse, Forbidden
        A choice cannot be read, or names what the actor may not see.
    """
    places = places_of(context, asset=AssetId(AssetKind.DASHBOARD, dashboard.name).text)
    chosen = chosen_on(context, dashboard, places, raw)
    told = answer_dashboard(context, dashboard, chosen, places)
    drawer = drawer_for(context, places, chosen.city_id)
    days = {"first": chosen.days.first.isoformat(), "last": chosen.days.last.isoformat()}
    return DashboardView(
        dashboard=dashboard,
        chosen=chosen,
        place=place_name(places, chosen, context.locale),
        filters=tuple(_filter(context, dashboard, places, chosen, name) for name in dashboard.filters),
        tiles=tuple(drawer.draw(number, one) for number, one in enumerate(told.tiles, start=1)),
        address={**chosen.values, **days},
        trees=trees_of(context, dashboard.metrics),
        requests=told.requests,
    )


def drawer_for(context: Context, places: Places, city_id: str | None) -> Drawer:
    """Give what draws tiles in the reader's language."""
    model = library_of(context.workspace).model
    return Drawer(model.metrics, model.dimensions, places.names(context.locale), places, city_id, context.locale)


def trees_of(context: Context, metrics: tuple[str, ...]) -> Mapping[str, str]:
    """Name the tree in which each metric is a part; the others stand in none."""
    trees = list_trees(context)
    return {name: tree.name for name in metrics for tree in reversed(trees) if name in tree.parts()}


def place_name(places: Places, chosen: Chosen, locale: str) -> str:
    """Name the chosen place: the city, else the country, else all."""
    names = places.names(locale)
    if chosen.city_id:
        return names.of("city_id", chosen.city_id)
    return names.of("country", chosen.country) if chosen.country else translate(locale, "All your cities")


def _filter(context: Context, dashboard: Dashboard, places: Places, chosen: Chosen, name: str) -> FilterView:
    locale = context.locale
    label = library_of(context.workspace).model.dimensions[name].label.text(language_of(locale))
    return FilterView(
        name,
        label,
        _options(context, places, chosen, name),
        chosen.values.get(name, ""),
        is_needed=name == dashboard.needs and name == CITY,
    )


def _options(context: Context, places: Places, chosen: Chosen, name: str) -> tuple[tuple[str, str], ...]:
    locale = context.locale
    if name in PLACED:
        return places.options(name, chosen.values, locale)
    if name == HOUR:
        return tuple((str(hour), hour_name(hour, locale)) for hour in range(HOURS))
    if name == "day_part":
        return tuple((part, translate(locale, words)) for part, words in PARTS.items())
    if name == "vehicle":
        return tuple((vehicle, translate(locale, words)) for vehicle, words in VEHICLES.items())
    return _values(context, places, chosen, name)


def _values(context: Context, places: Places, chosen: Chosen, name: str) -> tuple[tuple[str, str], ...]:
    """List the merchants or categories of the chosen cities."""
    cities = places.cities_within(country=chosen.country, city_id=chosen.city_id)
    if not cities or "merchants" not in context.warehouse.versions():
        return ()
    marks = ", ".join("?" for _ in cities)
    columns = {"category": "category, category", "merchant_id": "merchant_id, name"}[name]
    sql = f"SELECT DISTINCT {columns} FROM merchants WHERE city_id IN ({marks}) ORDER BY 1"  # noqa: S608 - own names
    rows = context.warehouse.query_text(sql, [one.city_id for one in cities])
    first, second = (column.to_pylist() for column in rows.columns)
    return tuple((value, called or value) for value, called in zip(first, second, strict=True) if value)
