"""The dated rules of access, as shipped or as the workspace states them."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from tiffin.capabilities.access.domain.moving import ATTRIBUTES, Birthright
from tiffin.capabilities.access.domain.terms import EmergencyRule, TermRules
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.masks import FITTING, Mask, MaskKind, Shape
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.dated import Entry, entries_of, in_force

MaskRules = Mapping[tuple[Role, Classification], Mapping[Shape, Mask]]
"""How values of a class are told to a role, by what they are."""


@dataclass(frozen=True, slots=True)
class StatedMasks:
    """What a file says about a role and a class, from its day on, and why."""

    masks: Mapping[Shape, Mask]
    since: date
    source: str


_Made = TypeVar("_Made")
_Name = TypeVar("_Name", bound=Hashable)
SHIPPED = Path(__file__).resolve().parents[1] / "rules"
FOLDER = "access"


def term_rules(context: Context) -> TermRules:
    """Read the rules about grants that hold today.

    Raises
    ------
    InvalidDefinition
        An entry cannot be read, or none holds today.
    """
    found = _held(context, "grants.yaml", "terms", _terms, lambda _: "")
    if not found:
        raise InvalidDefinition(
            f"No rule about grants holds on {context.now.date()}. Give an entry of {FOLDER}/grants.yaml an earlier "
            "date."
        )
    return found[""]


def birthrights(context: Context) -> Mapping[str, tuple[Birthright, ...]]:
    """Read what each job gives by itself today.

    Raises
    ------
    InvalidDefinition
        An entry cannot be read.
    """
    found = _held(context, "jobs.yaml", "jobs", _birthrights, lambda made: made[0])
    return dict(found.values())


def stated_masks(context: Context) -> Mapping[tuple[Role, Classification], StatedMasks]:
    """Read how each role is told each guarded class masked today, as the files say.

    Raises
    ------
    InvalidDefinition
        An entry cannot be read.
    """
    found = _held(context, "masks.yaml", "masks", _masking, lambda made: made[0])
    return dict(found.values())


def _held(
    context: Context, name: str, key: str, make: Callable[[Entry], _Made], named: Callable[[_Made], _Name]
) -> dict[_Name, _Made]:
    """Give for each name what holds today; the workspace's own come after the shipped."""
    own = context.workspace.overlay(FOLDER) / name
    return in_force(entries_of(SHIPPED / name, own, key, (), make), context.now.date(), named)


def _readable(make: Callable[[Entry], _Made]) -> Callable[[Entry], _Made]:
    """Tell of an entry that cannot be read where it stands."""

    @wraps(make)
    def read(entry: Entry) -> _Made:
        try:
            return make(entry)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            shipped = SHIPPED / Path(entry.place.file).name
            raise InvalidDefinition(
                f"{entry.place}: this entry cannot be read ({error}). Compare it with {shipped}."
            ) from error

    return read


@_readable
def _masking(entry: Entry) -> tuple[tuple[Role, Classification], StatedMasks]:
    stated = entry.stated
    texts = {shape: stated[shape.value] for shape in Shape if shape.value in stated}
    if Shape.PLACE in texts:
        texts[Shape.PLACE] = f"{MaskKind.COARSE}:{round(1 / texts[Shape.PLACE])}"
    masks = {shape: Mask.parse(str(text)) for shape, text in texts.items()}
    for shape, mask in masks.items():
        if mask.kind not in FITTING[shape]:
            message = f"{mask.kind} does not mask a {shape}"
            raise ValueError(message)
    named = Role(stated["role"]), Classification(stated["class"])
    return named, StatedMasks(masks, entry.since, str(stated.get("source", "")))


@_readable
def _terms(entry: Entry) -> TermRules:
    stated, emergency = entry.stated, entry.stated["emergency"]
    maximum = {Role(name): _days(days) for name, days in stated["maximum_days"].items()}
    if missing := {*Role} - {*maximum}:
        message = f"maximum_days lacks {', '.join(sorted(missing))}"
        raise ValueError(message)
    return TermRules(
        default_days=_days(stated["default_days"]),
        maximum_days=maximum,
        maximum_days_of_classes={
            Classification(name): _days(days) for name, days in stated["maximum_days_of_classes"].items()
        },
        second_approval=tuple(Classification(name) for name in stated["second_approval"]),
        emergency=EmergencyRule(
            tuple(Role(name) for name in emergency["roles"]),
            float(emergency["hours"]),
            tuple(Classification(name) for name in emergency["opens"]),
            float(emergency["review_days"]),
        ),
    )


@_readable
def _birthrights(entry: Entry) -> tuple[str, tuple[Birthright, ...]]:
    return str(entry.stated["job"]), tuple(_birthright(**grant) for grant in entry.stated["grants"])


def _birthright(
    *,
    role: str,
    over: str,
    opens: list[str] | None = None,
    masked: list[str] | None = None,
    minimum_size: int = 1,
    who: dict[str, str | list[str]] | None = None,
) -> Birthright:
    if over not in ("country", "city"):
        message = f"over is country or city; found {over!r}"
        raise ValueError(message)
    if strangers := {*(who or {})} - {*ATTRIBUTES}:
        message = f"who may say {', '.join(ATTRIBUTES)}; found {', '.join(sorted(strangers))}"
        raise ValueError(message)
    fits = {name: tuple(said if isinstance(said, list) else [said]) for name, said in (who or {}).items()}
    opened = None if opens is None else tuple(opens)
    return Birthright(Role(role), over, opened, minimum_size, tuple(masked or ()), fits)


def _days(value: Any) -> int:
    if not isinstance(value, int) or value < 1:
        message = f"a number of days is 1 or more; found {value!r}"
        raise ValueError(message)
    return value
