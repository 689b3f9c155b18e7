"""What somebody asks for, whether it is less or more than needed, and what it would risk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from tiffin.capabilities.access.domain.accounts import beyond_reach
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import InvalidData
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import EVERY, GUARDED, Actor, Grant, Role

LADDER = (Role.VIEWER, Role.ANALYST, Role.CITY_MANAGER, Role.STEWARD, Role.ADMIN)
"""Roles from the least to the most."""

ASKABLE = LADDER[:-1]
"""Roles that can be asked for; who administers is for administrators to settle among themselves."""

MANY_CITIES = 3


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody asks to see, or is given of it.

    Parameters
    ----------
    asset : str
        What it is about, such as ``metric:late_share``; empty for a scope as such.
    days : int
        For how long.
    """

    grant: Grant
    purpose: str
    days: int
    asset: str = ""

    def as_values(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        grant = self.grant
        return {
            "role": grant.role.value,
            "countries": [*grant.countries],
            "cities": [*grant.cities],
            "rows": {name: [*values] for name, values in grant.rows},
            "opens": [*grant.opened],
            "minimum_size": grant.minimum_size,
            "masked": [*grant.masked],
            "assets": [*grant.assets],
            "purpose": self.purpose,
            "days": self.days,
            "asset": self.asset,
        }

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> "Ask":
        """Read it back."""
        grant = Grant(
            Role(values["role"]),
            tuple(values["countries"]),
            tuple(values["cities"]),
            tuple((name, tuple(listed)) for name, listed in sorted(values["rows"].items())),
            tuple(Classification(name) for name in values["opens"]),
            values["minimum_size"],
            # Requests from before there were masks and grants of single assets hold neither.
            tuple(Classification(name) for name in values.get("masked", ())),
            tuple(values.get("assets", ())),
        )
        return cls(grant, values["purpose"], values["days"], values["asset"])


def check_ask(ask: Ask) -> None:
    """Refuse what cannot be asked for.

    Raises
    ------
    InvalidData
        It names no place, an administrator's role, or nought days.
    """
    grant = ask.grant
    if not grant.countries and not grant.cities:
        raise InvalidData(
            Message("A request names a place: a country, a city, or * for all. Choose one and ask again.")
        )
    if grant.role not in ASKABLE:
        raise InvalidData(Message("Administrators are named by administrators. Ask for another role."))
    if grant.assets and grant.role is not Role.VIEWER:
        raise InvalidData(Message("Whoever is granted single assets is a viewer of them. Grant the role viewer."))
    if grant.role is Role.STEWARD and (grant.is_narrow or {*grant.opened} != {*GUARDED}):
        raise InvalidData(
            Message("A data steward works with the facts themselves: ask for the role whole, or for a lesser one.")
        )
    if ask.days < 1 or grant.minimum_size < 1:
        raise InvalidData(Message("A request is for one day at least, and for groups of one row at least."))


def is_within(less: Ask, more: Ask) -> bool:
    """Tell whether what is given opens nothing that was not asked for, and no longer."""
    one, other = less.grant, more.grant
    rows = dict(one.rows)
    narrower = all(name in rows and {*rows[name]} <= {*values} for name, values in other.rows)
    return (
        LADDER.index(one.role) <= LADDER.index(other.role)
        and _places_within(one.countries, other.countries)
        and _places_within(one.cities, (*other.cities, *(name for name in other.countries if name == EVERY)))
        and {*one.opened} <= {*other.opened}
        and {*one.masked} <= {*other.opened, *other.masked}
        and (not other.assets or (bool(one.assets) and {*one.assets} <= {*other.assets}))
        and narrower
        and one.minimum_size >= other.minimum_size
        and less.days <= more.days
    )


def smallest(
    ask: Ask,
    held: Iterable[Grant],
    needed: Iterable[Classification] | None,
    *,
    usual_days: int,
    alone: tuple[str, ...] = (),
) -> Ask:
    """Give the least that does what is asked for.

    Reading is a viewer's; it is for the asset alone where that can be; a class of columns that the asset does not need
    is left out; a place that a grant in force opens as wide already is left out, unless nothing were left; and it lasts
    no longer than is usual.

    Parameters
    ----------
    needed : iterable of Classification or None
        Guarded classes that the asset reads; None where nobody can tell, which leaves what was asked.
    alone : tuple of str
        What is granted where the asset is granted by itself; empty where it cannot be.
    """
    grant, listed = ask.grant, tuple(held)
    if grant.role is Role.STEWARD:
        return replace(ask, days=min(ask.days, usual_days))
    opens = grant.opened if needed is None else tuple(name for name in grant.opened if name in {*needed})
    masked = grant.masked if needed is None else tuple(name for name in grant.masked if name in {*needed})
    least = replace(grant, role=Role.VIEWER, opens=opens, masked=masked, assets=grant.assets or alone)
    countries = tuple(name for name in least.countries if not _opens(listed, least, country=name))
    cities = tuple(name for name in least.cities if not _opens(listed, least, city=name))
    if countries or cities:
        least = replace(least, countries=countries, cities=cities)
    return replace(ask, grant=least, days=min(ask.days, usual_days))


def is_open_already(ask: Ask, held: Iterable[Grant]) -> bool:
    """Tell whether grants in force open all that is asked for, if not as long."""
    listed, grant = tuple(held), ask.grant
    enough = LADDER[LADDER.index(grant.role) :]
    fits = [one for one in listed if one.role in enough]
    return all(_opens(fits, grant, country=name) for name in grant.countries) and all(
        _opens(fits, grant, city=name) for name in grant.cities
    )


def may_decide(
    actor: Actor, requester: str, grant: Grant, country_of: Mapping[str, str], *, owns_asset: bool = False
) -> bool:
    """Tell whether somebody may decide on a request: never the requester himself.

    An administrator or a steward of the whole scope may, a steward no stewardship; and the owner of the asset where a
    grant of his own opens as much.
    """
    if actor.name == requester:
        return False
    roles = [Role.ADMIN]
    if grant.role is not Role.STEWARD:
        roles.append(Role.STEWARD)
        if owns_asset and grant.role is Role.VIEWER and not any(held.is_narrow for held in actor.grants):
            roles = [*LADDER]
    return not beyond_reach(actor, grant, roles, country_of)


class Level(IntEnum):
    """How much is at stake."""

    LOW = 0
    RAISED = 1
    HIGH = 2


@dataclass(frozen=True, slots=True)
class Risk:
    """What a request would risk: the level and why, each reason a message."""

    level: Level
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What there is to measure a request against.

    Parameters
    ----------
    cities_now, cities_after, cities_all : int
        Cities open to the requester now, with the request granted, and all there are.
    columns : mapping of Classification to int
        How many columns of each guarded class there are.
    peers : int
        Other people who hold a grant over one of the places asked for, or over all.
    """

    cities_now: int
    cities_after: int
    cities_all: int
    columns: Mapping[Classification, int]
    peers: int


def risk_of(ask: Ask, around: Surroundings, *, usual_days: int) -> Risk:
    """Tell what a request would risk, from what is known of it; no weights that nobody can follow."""
    found = [*_of_columns(ask.grant, around), *_of_scope(ask.grant, around)]
    if ask.days > usual_days:
        found.append(
            (Level.RAISED, Message("It is for {days} days; {usual} are usual.", days=ask.days, usual=usual_days))
        )
    if ask.grant.role is Role.STEWARD:
        found.append((Level.HIGH, Message("A data steward sees and mends the facts themselves.")))
    level = max((one for one, _ in found), default=Level.LOW)
    return Risk(level, tuple(text for _, text in found))


def _of_columns(grant: Grant, around: Surroundings) -> list[tuple[Level, Message]]:
    counts = {name: around.columns.get(name, 0) for name in GUARDED}
    special, personal, confidential = (counts[name] for name in reversed(GUARDED))
    told = {
        Classification.SPECIAL: (
            Level.HIGH,
            Message("It opens {count} special columns, which would harm people when known.", count=special),
        ),
        Classification.PERSONAL: (
            Level.RAISED,
            Message("It opens {count} columns that tell of single people.", count=personal),
        ),
        Classification.CONFIDENTIAL: (
            Level.LOW,
            Message("It opens {count} confidential columns, such as money.", count=confidential),
        ),
    }
    found = [told[name] for name in told if name in grant.opened]
    if grant.assets:
        # However many columns there are, these assets read few of them.
        what = Message("It opens {assets}, and nothing else.", assets=", ".join(grant.assets))
        levels = [level for level, _ in found]
        found = [(max(levels, default=Level.LOW), what)]
    found += [(Level.LOW, _MASKED[name]) for name in grant.masked]
    return found


_MASKED = {
    Classification.CONFIDENTIAL: Message("It tells confidential values apart, and not what they are."),
    Classification.PERSONAL: Message("It tells single people apart, and not who they are."),
    Classification.SPECIAL: Message("It tells special values apart, and not what they are."),
}


def _of_scope(grant: Grant, around: Surroundings) -> list[tuple[Level, Message]]:
    found = []
    more = around.cities_after - around.cities_now
    sees_people = Classification.PERSONAL in grant.opened or Classification.SPECIAL in grant.opened
    if EVERY in (*grant.countries, *grant.cities):
        found.append((Level.HIGH, Message("It is over every country and city, also those that come later.")))
    elif more > MANY_CITIES:
        level = Level.HIGH if sees_people else Level.RAISED
        found.append((level, Message("It opens {count} more cities.", count=more)))
    if around.peers == 0:
        found.append((Level.RAISED, Message("It is unusual: nobody else holds a grant over this place.")))
    return found


def _opens(held: Iterable[Grant], wanted: Grant, *, country: str = "", city: str = "") -> bool:
    return any(
        {*wanted.opened} <= {*one.opened}
        and {*wanted.masked} <= {*one.opened, *one.masked}
        and (not one.assets or (bool(wanted.assets) and {*wanted.assets} <= {*one.assets}))
        and (one.rows in ((), wanted.rows) and one.minimum_size <= wanted.minimum_size)
        and (
            EVERY in one.countries
            or (country in one.countries if country else city in one.cities or EVERY in one.cities)
        )
        for one in held
    )


def _places_within(less: tuple[str, ...], more: tuple[str, ...]) -> bool:
    return EVERY in more or {*less} <= {*more}
