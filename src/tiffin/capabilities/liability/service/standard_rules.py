"""Standards of conduct and tiers as they hold on a day: as shipped, or as the workspace states them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.standards import Standard, Step
from tiffin.capabilities.liability.domain.tiers import Tier, Tiers
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message
from tiffin.runtime.dated import Entry, Number, entries_of, in_force
from tiffin.runtime.definitions import read_yaml
from tiffin.runtime.i18n import RIDER_LOCALES
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "standards.yaml"
EVERY = "*"
SHOWN = 200
"""Letters of what was found that a complaint repeats."""
_COUNT = Number(least=1, is_whole=True)
_WHOLE = Number(is_whole=True)
_SHARE = Number(below=1)
_LIKELY = Number(least=0.5, below=1)
_STANDARD = ("source", "country", "standard", "incidents", "count", "within_days", "steps", "forgotten_after_days")
_TIERS = ("source", "country", "confidence", "base", "tiers")
_TIER = frozenset({"tier", "deliveries", "clean_share", "asks_no_breach", "gives"})

Texts = Mapping[str, Mapping[str, str]]


def standards_on(workspace: Workspace, country: str, day: date) -> tuple[Standard, ...]:
    """Give the standards of a country on a day, in the order in which they are stated.

    Raises
    ------
    InvalidDefinition
        ``parameters/standards.yaml`` of the workspace is not what it should be.
    """
    read = entries_of(SHIPPED, _own(workspace, "standards"), "standards", _STANDARD, _standard)
    held = in_force(read, day, lambda one: (one.name, one.country))
    names = dict.fromkeys(name for name, place in held if place in (country, EVERY))
    return tuple(held.get((name, country)) or held[name, EVERY] for name in names)


def tiers_on(workspace: Workspace, country: str, day: date) -> Tiers:
    """Give the tiers of a country on a day, the base first.

    Raises
    ------
    InvalidDefinition
        ``parameters/standards.yaml`` of the workspace is not what it should be, or nothing holds on the day.
    """
    read = entries_of(SHIPPED, _own(workspace, "tiers"), "tiers", _TIERS, _tiers)
    held = in_force(read, day, lambda one: one.country)
    if EVERY not in held:
        raise InvalidDefinition(
            Message("No tiers of '*' hold on {day}. Give them an earlier date in {file}.", day=day, file=SHIPPED)
        )
    return held.get(country, held[EVERY])


def titles_on(workspace: Workspace, of: str, day: date) -> Texts:
    """Give what standards, steps, tiers or gifts (``of``) are called on a day, by name and language."""
    return _texts(workspace, of, "titles", day)


def texts_on(workspace: Workspace, of: str, day: date) -> Texts:
    """Give what is said of standards or steps (``of``) on a day, by name and language."""
    return _texts(workspace, of, "texts", day)


def said_in(texts: Texts, name: str, locale: str) -> str:
    """Give a text in a reader's language; the name itself where nobody wrote one."""
    found = texts.get(name, {})
    return found.get(locale) or found.get(locale.partition("_")[0]) or found.get("en") or name


def _texts(workspace: Workspace, of: str, part: str, day: date) -> Texts:
    read = entries_of(SHIPPED, _own(workspace, "texts"), "texts", ("source", "of", "titles"), _checked_texts)
    found: dict[str, Mapping[str, str]] = {}
    for since, entry in sorted(read, key=lambda one: one[0]):
        if since <= day and entry.stated["of"] == of:
            found |= entry.stated.get(part) or {}
    return found


def _own(workspace: Workspace, key: str) -> Path:
    """Give the workspace's file where it has such a list, and else one that is not there."""
    path = workspace.overlay("parameters") / "standards.yaml"
    if path.is_file():
        found = read_yaml(path)
        if isinstance(found, dict) and key not in found and {*found} & {"standards", "tiers", "texts"}:
            return path.with_suffix(".none")
    return path


def _standard(entry: Entry) -> Standard:
    stated = entry.stated
    for name in ("count", "within_days", "forgotten_after_days"):
        if not _COUNT.takes(stated[name]):
            raise _wrong(entry, name, str(_COUNT))
    if not stated["incidents"] or not set(stated["incidents"]) <= set(IncidentType):
        raise _wrong(entry, "incidents", ", ".join(IncidentType))
    if not stated["steps"] or not set(stated["steps"]) <= set(Step):
        raise _wrong(entry, "steps", ", ".join(Step))
    return Standard(
        name=str(stated["standard"]),
        country=str(stated["country"]),
        incidents=frozenset(IncidentType(one) for one in stated["incidents"]),
        count=stated["count"],
        within_days=stated["within_days"],
        steps=tuple(Step(one) for one in stated["steps"]),
        forgotten_after_days=stated["forgotten_after_days"],
    )


def _tiers(entry: Entry) -> Tiers:
    stated = entry.stated
    if not _LIKELY.takes(stated["confidence"]):
        raise _wrong(entry, "confidence", str(_LIKELY))
    if not isinstance(stated["base"], list) or not isinstance(stated["tiers"], list) or not stated["tiers"]:
        raise _wrong(entry, "tiers", "a list of tiers, the base first, and a list of what everybody has")
    made: list[Tier] = []
    for raw in stated["tiers"]:
        # What a tier gives is added to what the one below gives, so that no better tier can take anything away.
        below = made[-1].gives if made else tuple(str(one) for one in stated["base"])
        made.append(_tier(entry, raw, below))
    return Tiers(str(stated["country"]), float(stated["confidence"]), tuple(made))


def _tier(entry: Entry, raw: Any, below: tuple[str, ...]) -> Tier:
    is_whole = isinstance(raw, dict) and set(raw) >= _TIER
    if not is_whole or not _WHOLE.takes(raw["deliveries"]) or not _SHARE.takes(raw["clean_share"]):
        raise _wrong(entry, "tiers", f"tiers with {', '.join(sorted(_TIER))}")
    gives = (*below, *(str(one) for one in raw["gives"] if one not in below))
    return Tier(str(raw["tier"]), raw["deliveries"], float(raw["clean_share"]), bool(raw["asks_no_breach"]), gives)


def _checked_texts(entry: Entry) -> Entry:
    for part in ("titles", "texts"):
        for name, by_locale in (entry.stated.get(part) or {}).items():
            if not isinstance(by_locale, dict) or not {*RIDER_LOCALES} <= {*by_locale}:
                raise _wrong(entry, part, f"a text of {name} in {', '.join(RIDER_LOCALES)}")
    return entry


def _wrong(entry: Entry, name: str, expected: str) -> InvalidDefinition:
    found = repr(entry.stated.get(name))
    return InvalidDefinition(
        Message(
            "{place}: `{name}` is {expected}; found {found}.",
            place=entry.place,
            name=name,
            expected=expected,
            found=found[:SHOWN],
        )
    )
