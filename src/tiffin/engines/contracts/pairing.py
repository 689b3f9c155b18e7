"""Which part of the old version is which part of the new one, and what is left between two of them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from tiffin.engines.contracts.changes import Change, Kind
from tiffin.engines.contracts.standard import CustomProperty, Section

Part = TypeVar("Part", bound=Section)
Naming = Callable[[Any], Any]

_TRANSLATED = ("meaning.", "grain.", "usage.", "limitations.")


@dataclass(frozen=True, slots=True)
class Pairs(Generic[Part]):
    """Parts that stand in both versions, and those that stand in one."""

    both: tuple[tuple[Part, Part], ...]
    removed: tuple[Part, ...]
    added: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """The place that a change is told at."""

    path: str
    table: str | None = None
    column: str | None = None

    def at(self, name: object) -> "Where":
        """Give a place inside."""
        return Where(f"{self.path}.{name}" if self.path else str(name), self.table, self.column)

    def tell(self, kind: Kind, before: Any = None, after: Any = None) -> Change:
        """Tell a change here."""
        return Change(kind, self.path, before, after, self.table, self.column)


def pair(olds: Sequence[Part] | None, news: Sequence[Part] | None, *namings: Naming) -> Pairs[Part]:
    """Pair parts by the first naming that knows both; a name that several bear pairs them in their order."""
    left, right = list(olds or ()), list(news or ())
    both: list[tuple[Part, Part]] = []
    for naming in namings:
        for one in list(left):
            name = naming(one)
            other = next((new for new in right if naming(new) == name), None) if name is not None else None
            if other is not None:
                both.append((one, other))
                left = [part for part in left if part is not one]
                right = [part for part in right if part is not other]
    return Pairs(tuple(both), tuple(left), tuple(right))


def customs(section: Section) -> dict[str, Any]:
    """Give the custom properties of a part by name."""
    found: Sequence[CustomProperty] = getattr(section, "custom_properties", None) or ()
    return {str(one.property): one.value for one in found}


def rest(old: Section, new: Section, where: Where, handled: Collection[str]) -> Iterator[Change]:
    """Tell what differs beyond the fields that were handled: notes where the standard knows them, else unjudged."""
    for name in (one.name for one in fields(old)):
        before, after = getattr(old, name), getattr(new, name)
        if name in handled or name in {"more", "custom_properties"} or before == after:
            continue
        yield where.at(name.rstrip("_")).tell(Kind.NOTE, before, after)
    for key in (*old.more, *(key for key in new.more if key not in old.more)):
        if key not in handled and old.more.get(key) != new.more.get(key, ...):
            yield where.at(key).tell(Kind.UNJUDGED, old.more.get(key), new.more.get(key))


def rest_of_customs(old: Section, new: Section, where: Where, handled: Collection[str] = ()) -> Iterator[Change]:
    """Tell which custom properties differ beyond those that were handled; translations are wording."""
    before, after = customs(old), customs(new)
    is_told = False
    for name in (*before, *(name for name in after if name not in before)):
        if name not in handled and (name in before, before.get(name)) != (name in after, after.get(name)):
            kind = Kind.WORDING if name.startswith(_TRANSLATED) else Kind.UNJUDGED
            yield where.at(name).tell(kind, before.get(name), after.get(name))
            is_told = True
    written = [getattr(one, "custom_properties", None) for one in (old, new)]
    if written[0] != written[1] and before == after and not is_told:
        yield where.at("customProperties").tell(Kind.NOTE)


def said(before: str | None, after: str | None, where: Where, kind: Kind = Kind.MEANING) -> Iterator[Change]:
    """Tell whether a text says something else, or says it in other signs; a first text is no change of meaning."""
    if before != after:
        is_wording = before is None or _bare(before) == _bare(after)
        yield where.tell(Kind.WORDING if is_wording else kind, before, after)


def _bare(text: str | None) -> str:
    return "".join(sign for sign in (text or "").casefold() if sign.isalnum())
