"""What of our tables a query from outside may be rebuilt over: the rows and columns that the asker may see."""

# ruff: noqa: S608 - names are contracts' own, values are literals that SQLGlot quotes

from dataclasses import replace

from sqlglot import exp

from tiffin.engines.metrics.comparing.calibers import Caliber
from tiffin.engines.metrics.model import BASE
from tiffin.engines.metrics.parsing import columns_of
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import GUARDED, Role
from tiffin.runtime.classes import class_in_force, confirmed_classes
from tiffin.runtime.context import Context


def permitted(context: Context, table: str) -> str:
    """Give a table as the relation of those rows of it that the actor may see.

    Raises
    ------
    Forbidden
        His grants are on cities, and the table's rows belong to none.
    """
    countries = {country for grant in context.actor.grants for country in grant.countries}
    cities = {city for grant in context.actor.grants for city in grant.cities}
    if "*" in countries | cities:
        return table
    if not TABLES[table].has("city_id"):
        raise Forbidden(f"Rows of {table} belong to no city, and your grants are on cities. Ask for a wider one.")
    allowed = [f"country IN ({_literals(countries)})"] if countries else []
    allowed += [f"city_id IN ({_literals(cities)})"] if cities else []
    return f"(SELECT * FROM {table} WHERE city_id IN (SELECT city_id FROM cities WHERE {' OR '.join(allowed)}))"


def _literals(values: set[str]) -> str:
    return ", ".join(exp.Literal.string(value).sql("duckdb") for value in sorted(values))


def limited_to_whole_cities(context: Context) -> Context:
    """Limit the actor to those grants that open cities as a whole: conditions from outside could single rows out.

    Raises
    ------
    Forbidden
        He has none.
    """
    if not context.actor.has_role(Role.ANALYST, Role.CITY_MANAGER, Role.STEWARD):
        raise Forbidden(Message("Numbers are compared by analysts, city managers and stewards. Ask for such a grant."))
    grants = tuple(grant for grant in context.actor.grants if not grant.is_narrow)
    if not any(grant.countries or grant.cities for grant in grants):
        raise Forbidden(
            f"{context.actor.name} may see groups and parts of cities only; conditions from outside could single out "
            "what is withheld. Ask a steward to compare the numbers."
        )
    return replace(context, actor=replace(context.actor, grants=grants, asset_grants=()))


def refuse_guarded(context: Context, caliber: Caliber) -> None:
    """Refuse columns that the actor's grants do not open; what is only counted distinct or joined on tells nothing.

    Raises
    ------
    Forbidden
        A column is guarded, and none of the actor's grants opens it.
    """
    tables = {BASE: caliber.base, **{join.alias: join.table for join in caliber.joins}}
    opened = frozenset.intersection(*(frozenset(grant.opened) for grant in context.actor.grants))
    trees = [*caliber.time.values(), *caliber.filters.values(), *caliber.groups, caliber.formula]
    confirmed = confirmed_classes(context)
    for column in (column for tree in trees for column in columns_of(tree)):
        kind = class_in_force(confirmed, tables[column.table], column.name)
        if kind in GUARDED and kind not in opened and column.find_ancestor(exp.Distinct, exp.Count) is None:
            raise Forbidden(
                f"The query reads {tables[column.table]}.{column.name}, which is {kind}; none of your grants opens it."
            )
