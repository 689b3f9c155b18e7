"""Who joined, moved and left, from the personnel file: what their jobs give, and what is taken back."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tiffin.capabilities.access.domain.accounts import clean_name, opened_classes
from tiffin.kernel.errors import InvalidData
from tiffin.runtime.actor import Grant, Role

COLUMNS = ("employee_id", "account", "name", "job", "country", "city", "team", "manager", "from", "to", "employment")
ATTRIBUTES = ("country", "city", "team", "employment")
"""What of a person a rule may ask for beside his job."""

REQUIRED = frozenset({"employee_id", "account", "name", "job", "country", "from"})


@dataclass(frozen=True, slots=True)
class Birthright:
    """One grant that a job gives by itself, over the holder's country or city.

    Parameters
    ----------
    masked : tuple of str
        Guarded classes of columns that it opens masked.
    who : mapping of str to tuple of str
        Attributes of the person, each with the values of which he must have one; empty for whoever has the job.
    """

    role: Role
    over: str
    opens: tuple[str, ...] | None = None
    minimum_size: int = 1
    masked: tuple[str, ...] = ()
    who: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the personnel file that can be read."""

    line: int
    employee_id: str
    account: str
    name: str
    job: str
    country: str
    city: str
    team: str
    manager: str
    employment: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that says nothing that could be done; whoever it is about keeps what he has."""

    line: int
    reason: str


class Move(StrEnum):
    """What becomes of a person."""

    JOINS = "joins"
    MOVES = "moves"
    LEAVES = "leaves"
    STAYS = "stays"
    COMES_LATER = "comes_later"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an account before the file is applied.

    Parameters
    ----------
    job_grants : mapping of int to Grant
        Grants in force that the person's job gave, by number.
    others : int
        Further grants in force.
    """

    is_owner: bool
    is_disabled: bool
    job_grants: Mapping[int, Grant]
    others: int


@dataclass(frozen=True, slots=True)
class Change:
    """What the file changes for one person.

    Parameters
    ----------
    gives : tuple of Grant
        What the job gives anew.
    takes : tuple of int
        Numbers of grants that an earlier job gave.
    """

    move: Move
    person: Person
    is_new_account: bool = False
    gives: tuple[Grant, ...] = ()
    takes: tuple[int, ...] = ()


def read_people(rows: Iterable[tuple[int, Mapping[str, str]]]) -> tuple[tuple[Person, ...], tuple[Fault, ...]]:
    """Read the rows of a personnel file; what cannot be read is told and left out.

    One person has one row: of two with one employee or one account none is applied.
    """
    people, faults = [], []
    for line, row in rows:
        try:
            people.append(_person(line, row))
        except (InvalidData, ValueError) as error:
            faults.append(Fault(line, str(error)))
    for named in ("employee_id", "account"):
        counted = Counter(getattr(one, named) for one in people)
        twice = [one for one in people if counted[getattr(one, named)] > 1]
        faults += [Fault(one.line, f"{named} {getattr(one, named)!r} stands in several rows.") for one in twice]
        people = [one for one in people if one not in twice]
    return tuple(people), tuple(sorted(faults, key=lambda one: one.line))


def plan(
    people: Iterable[Person],
    rights: Mapping[str, Collection[Birthright]],
    standing_of: Callable[[Person], Standing | None],
    *,
    today: date,
) -> tuple[tuple[Change, ...], tuple[Fault, ...]]:
    """Tell what the file changes; applied twice it changes nothing the second time."""
    changes, faults = [], []
    for person in people:
        try:
            changes.append(_planned(person, rights, standing_of(person), today))
        except (InvalidData, ValueError) as error:
            faults.append(Fault(person.line, str(error)))
    return tuple(changes), tuple(faults)


def _planned(
    person: Person, rights: Mapping[str, Collection[Birthright]], standing: Standing | None, today: date
) -> Change:
    if person.ends_on is not None and person.ends_on < today:
        return _leaving(person, standing)
    if person.job not in rights:
        message = f"The job {person.job!r} is not among those with rules: {', '.join(sorted(rights))}."
        raise ValueError(message)
    if standing is not None and standing.is_disabled:
        message = f"The account {person.account!r} is disabled. Enable it first, or state the last day."
        raise ValueError(message)
    if person.starts_on > today:
        return Change(Move.COMES_LATER, person)
    fitting = [one for one in rights[person.job] if _fits(person, one)]
    wanted = tuple(_granted(person, one) for one in fitting)
    held = standing.job_grants if standing else {}
    gives = tuple(grant for grant in wanted if grant not in held.values())
    takes = tuple(number for number, grant in held.items() if grant not in wanted)
    if standing is None or (gives and not held):
        return Change(Move.JOINS, person, standing is None, gives, takes)
    return Change(Move.MOVES if gives or takes else Move.STAYS, person, gives=gives, takes=takes)


def _leaving(person: Person, standing: Standing | None) -> Change:
    if standing is not None and standing.is_owner:
        message = f"{person.account!r} owns this workspace and cannot leave it. Hand it over first."
        raise ValueError(message)
    is_gone = standing is None or (standing.is_disabled and not standing.job_grants and not standing.others)
    return Change(Move.STAYS if is_gone else Move.LEAVES, person)


def _fits(person: Person, right: Birthright) -> bool:
    return all(getattr(person, name) in values for name, values in right.who.items())


def _granted(person: Person, right: Birthright) -> Grant:
    if right.over == "city" and not person.city:
        message = f"The job {person.job!r} is over a city, and the row names none."
        raise ValueError(message)
    countries, cities = ((person.country,), ()) if right.over == "country" else ((), (person.city,))
    plain = Grant(right.role, countries, cities)
    opens = plain.opened if right.opens is None else opened_classes(right.opens)
    masked = tuple(name for name in opened_classes(right.masked) if name not in opens)
    return Grant(right.role, countries, cities, (), opens, right.minimum_size, masked)


def _person(line: int, row: Mapping[str, str]) -> Person:
    said = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if missing := sorted(name for name in REQUIRED if not said[name]):
        message = f"{', '.join(missing)} must be stated."
        raise ValueError(message)
    if not re.fullmatch("[A-Z]{2}", said["country"]):
        message = f"country is an ISO 3166 code such as SA; found {said['country']!r}."
        raise ValueError(message)
    starts_on, ends_on = _day(said["from"]), _day(said["to"]) if said["to"] else None
    if ends_on is not None and ends_on < starts_on:
        message = f"to ({ends_on}) is before from ({starts_on})."
        raise ValueError(message)
    return Person(
        line=line,
        employee_id=said["employee_id"],
        account=clean_name(said["account"]),
        name=said["name"],
        job=said["job"],
        country=said["country"],
        city=said["city"],
        team=said["team"],
        manager=said["manager"],
        employment=said["employment"],
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"a day is written 2026-03-01; found {text!r}."
        raise ValueError(message) from None
