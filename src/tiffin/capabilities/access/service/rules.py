"""The dated rules of access, as shipped or as the workspace states them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tiffin.capabilities.access.domain.moving import ATTRIBUTES, Birthright
from tiffin.capabilities.access.domain.terms import EmergencyRule, TermRules
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.masks import FITTING, Mask, MaskKind, Shape
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import place_of, read_yaml, without_lines
from tiffin.runtime.workspace import Workspace

MaskRules = Mapping[tuple[Role, Classification], Mapping[Shape, Mask]]
"""How values of a class are told to a role, by what they are."""


@dataclass(frozen=True, slots=True)
class StatedMasks:
    """What a file says about a role and a class, from its day on, and why."""

    masks: Mapping[Shape, Mask]
    since: date
    source: str


SHIPPED = Path(__file__).resolve().parents[1] / "rules"
FOLDER = "access"


def term_rules(context: Context) -> TermRules:
    """Read the rules about grants that hold today.

    Raises
    ------
    InvalidDefinition
        An entry cannot be read, or none holds today.
    """
    found = _newest(context.workspace, "grants.yaml", "terms", context.now.date(), lambda _: "")
    if not found:
        raise InvalidDefinition(
            f"No rule about grants holds on {context.now.date()}. Give an entry of {FOLDER}/grants.yaml an earlier "
            "date."
        )
    path, entry = found[""]
    read: TermRules = _read(path, entry, _terms)
    return read


def birthrights(context: Context) -> Mapping[str, tuple[Birthright, ...]]:
    """Read what each job gives by itself today.

    Raises
    ------
    InvalidDefinition
        An entry cannot be read.
    """
    found = _newest(context.workspace, "jobs.yaml", "jobs", context.now.date(), lambda entry: str(entry["job"]))
    return {job: _read(path, entry, _birthrights) for job, (path, entry) in found.items()}


def stated_masks(context: Context) -> Mapping[tuple[Role, Classification], StatedMasks]:
    """Read how each role is told each guarded class masked today, as the files say.

    Raises
    ------
    InvalidDefinition
        An entry cannot be read.
    """
    found = _newest(
        context.workspace, "masks.yaml", "masks", context.now.date(), lambda entry: f"{entry['role']} {entry['class']}"
    )
    listed = [(_read(path, entry, _masking), entry) for path, entry in found.values()]
    return {
        (role, kind): StatedMasks(masks, entry["from"], str(entry.get("source", "")))
        for (role, kind, masks), entry in listed
    }


def _masking(entry: dict[str, Any]) -> tuple[Role, Classification, Mapping[Shape, Mask]]:
    texts = {shape: entry[shape.value] for shape in Shape if shape.value in entry}
    if Shape.PLACE in texts:
        texts[Shape.PLACE] = f"{MaskKind.COARSE}:{round(1 / texts[Shape.PLACE])}"
    masks = {shape: Mask.parse(str(text)) for shape, text in texts.items()}
    for shape, mask in masks.items():
        if mask.kind not in FITTING[shape]:
            message = f"{mask.kind} does not mask a {shape}"
            raise ValueError(message)
    return Role(entry["role"]), Classification(entry["class"]), masks


def _newest(workspace: Workspace, name: str, key: str, day: date, named: Any) -> dict[str, tuple[Path, dict[str, Any]]]:
    """Give for each name the entry with the latest day that has come; the workspace's own come after the shipped."""
    chosen: dict[str, tuple[Path, dict[str, Any]]] = {}
    for path in (SHIPPED / name, workspace.overlay(FOLDER) / name):
        for entry in _entries(path, key) if path.is_file() else ():
            since = entry.get("from")
            if type(since) is not date:
                raise InvalidDefinition(f"{place_of(path, entry)}: every entry needs a date under `from`.")
            earlier = chosen.get(_read(path, entry, named))
            if since <= day and (earlier is None or since >= earlier[1]["from"]):
                chosen[named(entry)] = path, entry
    return chosen


def _entries(path: Path, key: str) -> list[dict[str, Any]]:
    found = read_yaml(path)
    listed = found.get(key) if isinstance(found, dict) else None
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise InvalidDefinition(f"{path} must hold a list under `{key}`.")
    return listed


def _read(path: Path, entry: dict[str, Any], make: Any) -> Any:
    try:
        return make(without_lines(entry))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidDefinition(
            f"{place_of(path, entry)}: this entry cannot be read ({error}). Compare it with {SHIPPED / path.name}."
        ) from error


def _terms(entry: dict[str, Any]) -> TermRules:
    stated = entry["emergency"]
    maximum = {Role(name): _days(days) for name, days in entry["maximum_days"].items()}
    if missing := {*Role} - {*maximum}:
        message = f"maximum_days lacks {', '.join(sorted(missing))}"
        raise ValueError(message)
    return TermRules(
        default_days=_days(entry["default_days"]),
        maximum_days=maximum,
        maximum_days_of_classes={
            Classification(name): _days(days) for name, days in entry["maximum_days_of_classes"].items()
        },
        second_approval=tuple(Classification(name) for name in entry["second_approval"]),
        emergency=EmergencyRule(
            tuple(Role(name) for name in stated["roles"]),
            float(stated["hours"]),
            tuple(Classification(name) for name in stated["opens"]),
            float(stated["review_days"]),
        ),
    )


def _birthrights(entry: dict[str, Any]) -> tuple[Birthright, ...]:
    return tuple(_birthright(**grant) for grant in entry["grants"])


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
