"""Whether the facts that a requirement needs are there for its cities, and whether their metrics keep their targets."""

from collections.abc import Iterable, Mapping

from sqlglot import exp

from tiffin.capabilities.adoption.domain.scoring import Need
from tiffin.capabilities.adoption.service.estate import is_known
from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.capabilities.quality import service as quality
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context


def read_needs(context: Context, text: str) -> tuple[str, ...]:
    """Read a list of needed assets as people type it: names of metrics or tables, with or without their kind.

    Raises
    ------
    WrongUse
        There is no such metric or fact table.
    """
    named = [one for one in text.replace(",", " ").split() if one]
    return tuple(dict.fromkeys(_need(context, one) for one in named))


def needs_met(context: Context, needs: Iterable[str], cities: Iterable[str]) -> tuple[Need, ...]:
    """Tell for each needed asset and each city whether it is there; without cities, for all that the actor may see."""
    seen = {city.city_id: city.country for city in visible_cities(context)}
    wanted = [city for city in cities if city in seen] or sorted(seen)
    found: list[Need] = []
    for asset in needs:
        kind, _, name = asset.partition(":")
        there = _cities_of_metric(context, name) if kind == "metric" else _cities_of_table(context, name)
        kept = _kept(context, name) if kind == "metric" else {}
        found += [Need(asset, city, city in there, kept.get(seen[city])) for city in wanted]
    return tuple(found)


def _need(context: Context, text: str) -> str:
    offered = (text,) if ":" in text else (f"metric:{text}", f"table:{text}")
    for asset in offered:
        if asset.partition(":")[0] in ("metric", "table") and is_known(context, asset):
            return asset
    said = Message(
        "There is no metric or fact table '{name}'. Name what is needed as the pages of metrics and data name it, "
        "with blanks between.",
        name=text,
    )
    raise WrongUse(said)


def _cities_of_metric(context: Context, name: str) -> frozenset[str]:
    return frozenset(city.city_id for city in metrics.cities_with(context, name))


def _cities_of_table(context: Context, name: str) -> frozenset[str]:
    columns = {column.name for column in TABLES[name].columns}
    if name not in context.warehouse.versions() or "city_id" not in columns:
        return frozenset()
    rows = context.warehouse.query(exp.select("city_id").distinct().from_(exp.to_table(name)))
    return frozenset(rows.column("city_id").to_pylist())


def _kept(context: Context, metric: str) -> Mapping[str, bool]:
    return {one.country: not one.is_fallen for one in quality.board(context, names=(metric,)) if one.measured}
