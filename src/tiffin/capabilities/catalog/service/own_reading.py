"""Read the definition of a policy or model of a workspace's own: each fault is told with its file and line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tiffin.capabilities.catalog.domain.assets import LifeCycle
from tiffin.engines.lineage.links import How, Link
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import InvalidDefinition, Place, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.definitions import place_of, read_yaml, without_lines

NAME_MAX = 64
_NEEDED = ("id", "title", "description", "owner")
_MORE = ("lifecycle", "successor", "reads", "writes")
_NAME = re.compile(rf"[a-z][a-z0-9_]{{0,{NAME_MAX - 1}}}")


@dataclass(frozen=True, slots=True)
class OwnAsset:
    """A policy or a model that a workspace states.

    Parameters
    ----------
    reads, writes : tuple of AssetId
        What goes into it, and what is made or judged by it.
    places : mapping of str to Place
        Where each key of it stands.
    """

    id: AssetId
    label: Mapping[str, str] = field(hash=False)
    meaning: Mapping[str, str] = field(hash=False)
    owner: str
    life_cycle: LifeCycle
    successor: AssetId | None
    reads: tuple[AssetId, ...]
    writes: tuple[AssetId, ...]
    places: Mapping[str, Place] = field(hash=False)

    @property
    def links(self) -> Iterator[Link]:
        """Links from what it reads, and to what it writes."""
        yield from (Link(one, self.id, How.COMPUTED_FROM) for one in self.reads)
        yield from (Link(self.id, one, How.DECIDED_BY) for one in self.writes)

    @property
    def names(self) -> Iterator[tuple[str, AssetId]]:
        """Other assets that it names, each with the key under which it does."""
        yield from (("reads", one) for one in self.reads)
        yield from (("writes", one) for one in self.writes)
        if self.successor:
            yield "successor", self.successor


def read_own_asset(path: Path, kind: AssetKind, called: str) -> OwnAsset:
    """Read one definition.

    Parameters
    ----------
    called : str
        What complaints call the file.

    Raises
    ------
    InvalidDefinition
        It lacks something, or something of it cannot be understood; the message names file and line.
    """
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not set(_NEEDED) <= set(without_lines(raw)) <= {*_NEEDED, *_MORE}:
        raise InvalidDefinition(
            Message(
                "{place}: a policy or model has the keys {needed}, and may have {more}. These were found: {found}.",
                place=str(_stray(path, raw, called)),
                needed=", ".join(_NEEDED),
                more=", ".join(_MORE),
                found=", ".join(map(str, without_lines(raw))) if isinstance(raw, dict) else repr(raw),
            )
        )
    found = _Found(without_lines(raw), {key: Place(called, place_of(path, raw, key).line) for key in raw})
    return OwnAsset(
        id=AssetId(kind, found.name()),
        label=found.texts("title"),
        meaning=found.texts("description"),
        owner=found.line("owner"),
        life_cycle=found.life_cycle(),
        successor=next(iter(found.assets("successor", is_one=True)), None),
        reads=found.assets("reads"),
        writes=found.assets("writes"),
        places=found.places,
    )


def _stray(path: Path, raw: Any, called: str) -> Place:
    """Tell where the first key stands that does not belong there, else where the definition begins."""
    if not isinstance(raw, dict):
        return Place(called, 1)
    stray = next((key for key in without_lines(raw) if key not in {*_NEEDED, *_MORE}), None)
    return Place(called, place_of(path, raw, stray).line)


@dataclass(frozen=True, slots=True)
class _Found:
    """What stands in a file, and where."""

    values: Mapping[str, Any]
    places: Mapping[str, Place]

    def name(self) -> str:
        name = self.values["id"]
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise InvalidDefinition(
                Message(
                    "{place}: an `id` begins with a small letter, goes on with small letters, digits and _, and has "
                    "at most {most} signs. This was found: {found}.",
                    place=str(self.places["id"]),
                    most=NAME_MAX,
                    found=repr(name),
                )
            )
        return name

    def texts(self, key: str) -> dict[str, str]:
        texts = self.values[key]
        is_sound = isinstance(texts, dict) and "en" in texts and set(texts) <= set(LOCALES)
        if not is_sound or not all(isinstance(one, str) and one.strip() for one in texts.values()):
            raise InvalidDefinition(
                Message(
                    "{place}: `{key}` has a text in English under `en`, and may have one under each of {locales}. "
                    "This was found: {found}.",
                    place=str(self.places[key]),
                    key=key,
                    locales=", ".join(LOCALES[1:]),
                    found=repr(texts),
                )
            )
        return {locale: " ".join(texts[locale].split()) for locale in LOCALES if locale in texts}

    def line(self, key: str) -> str:
        text = self.values[key]
        if not isinstance(text, str) or not text.strip() or not text.strip().isprintable():
            raise InvalidDefinition(
                Message(
                    "{place}: `{key}` names a team or a person on one line. This was found: {found}.",
                    place=str(self.places[key]),
                    key=key,
                    found=repr(text),
                )
            )
        return text.strip()

    def life_cycle(self) -> LifeCycle:
        stated = self.values.get("lifecycle", LifeCycle.ACTIVE)
        if stated not in list(LifeCycle):
            raise InvalidDefinition(
                Message(
                    "{place}: `lifecycle` is one of {states}. This was found: {found}.",
                    place=str(self.places["lifecycle"]),
                    states=", ".join(LifeCycle),
                    found=repr(stated),
                )
            )
        return LifeCycle(stated)

    def assets(self, key: str, *, is_one: bool = False) -> tuple[AssetId, ...]:
        stated = self.values.get(key, ())
        found = _parsed([stated] if is_one and stated != () else stated)
        if found is None:
            raise InvalidDefinition(
                Message(
                    "{place}: `{key}` names assets as `tiffin catalog list` writes them, such as table:orders. This "
                    "was found: {found}.",
                    place=str(self.places[key]),
                    key=key,
                    found=repr(stated),
                )
            )
        return found


def _parsed(listed: Any) -> tuple[AssetId, ...] | None:
    if not isinstance(listed, list | tuple) or not all(isinstance(one, str) for one in listed):
        return None
    try:
        return tuple(dict.fromkeys(map(AssetId.parse, listed)))
    except WrongUse:
        return None
