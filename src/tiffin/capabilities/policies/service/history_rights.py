"""Which past cases somebody may be told of: those of his cities, by grants that open every column behind the answer."""

from dataclasses import dataclass

from sqlglot import exp

from tiffin.capabilities.metrics.service.outside_rights import limited_to_whole_cities
from tiffin.capabilities.policies.domain.case_source import CaseSource
from tiffin.capabilities.policies.domain.policy import CITY, MARKET, Effective
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import EVERY, GUARDED, Grant
from tiffin.runtime.classes import class_in_force, confirmed_classes
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a policy's cases somebody is told.

    Parameters
    ----------
    where : exp.Expr or None
        Whose cases; None for all.
    shows_people : bool
        Whether those who are affected most are named.
    """

    where: exp.Expr | None
    shows_people: bool


def sight_of(context: Context, source: CaseSource, *versions: Effective) -> Sight:
    """Settle what the actor is told.

    Parameters
    ----------
    versions : Effective
        What decides the cases; a column that names people counts as any other where one of these decides by it.

    Raises
    ------
    Forbidden
        None of his grants opens the cases of a whole city and every column that decides them.
    """
    grants = limited_to_whole_cities(context).actor.grants
    hidden = set(source.people.values()) - {one.name for version in versions for one in version.table.domains}
    needed = _classes(context, source, [name for name in source.columns if name not in hidden])
    opening = [one for one in grants if needed <= frozenset(one.opened) and (one.countries or one.cities)]
    if not opening:
        raise Forbidden(
            Message(
                "No grant of yours opens every column that decides the cases of {policy}: {classes}. "
                "Ask a steward for one.",
                policy=source.policy,
                classes=", ".join(sorted(needed)),
            )
        )
    people = _classes(context, source, list(source.people.values()))
    return Sight(_where(opening), all(people <= frozenset(one.opened) for one in opening))


def _classes(context: Context, source: CaseSource, names: list[str]) -> frozenset[Classification]:
    confirmed = confirmed_classes(context)
    reads = {pair for name in names if name in source.columns for pair in source.columns[name].reads}
    found = {class_in_force(confirmed, table, column) for table, column in reads}
    return frozenset(one for one in found if one in GUARDED)


def _where(grants: list[Grant]) -> exp.Expr | None:
    if any(EVERY in one.countries or EVERY in one.cities for one in grants):
        return None
    countries = sorted({country for one in grants for country in one.countries})
    cities = sorted({city for one in grants for city in one.cities})
    parts = [_among(MARKET, countries)] if countries else []
    return exp.or_(*parts, *([_among(CITY, cities)] if cities else []))


def _among(column: str, values: list[str]) -> exp.Expr:
    return exp.column(column, quoted=True).isin(*(exp.Literal.string(value) for value in values))
