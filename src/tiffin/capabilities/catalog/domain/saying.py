"""What people may say of an asset beyond its definition, and what each saying must look like."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tiffin.capabilities.catalog.domain.assets import Asset, LifeCycle
from tiffin.kernel.assets import AssetId
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import TiffinError, WrongUse
from tiffin.kernel.messages import Message

TEXT_MAX = 4000
OWNER_MAX = 80
TAGS_MAX = 12
_TAG = re.compile(r"[\w][\w -]{0,38}")
_OWNER = re.compile(r"[\w][\w.@-]*")


class Field(StrEnum):
    """What can be said of an asset."""

    OWNER = "owner"
    TECHNICAL_OWNER = "technical_owner"
    MEANING = "meaning"
    NOTE = "note"
    TAGS = "tags"
    LIFE_CYCLE = "life_cycle"
    SUCCESSOR = "successor"


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody said: one field of one asset, in a language where it is a meaning."""

    field: Field
    value: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of what is said of an asset.

    Parameters
    ----------
    before, after : str or None
        None where people had nothing to say, and the definition's own word holds.
    undoes : int or None
        Number of the change that this one took back.
    is_undone : bool
        It was taken back.
    is_latest : bool
        Nothing was said of the same field since, so that it can be taken back.
    """

    number: int
    asset: AssetId
    field: Field
    language: str
    before: str | None
    after: str | None
    at: datetime
    actor: str
    undoes: int | None = None
    is_undone: bool = False
    is_latest: bool = False


def checked(asset: Asset, saying: Saying) -> Saying:
    """Give a saying as it is kept: without blanks around it, tags in order.

    Raises
    ------
    WrongUse
        It is too long, names no language or no such life cycle, or a successor that is the asset itself.
    """
    value = saying.value.strip()
    if len(value) > TEXT_MAX:
        raise WrongUse(Message("A text of {most} characters at most was expected.", most=TEXT_MAX))
    if (saying.language in LOCALES) != (saying.field is Field.MEANING):
        raise WrongUse(Message("A meaning is said in one of {languages}.", languages=", ".join(LOCALES)))
    check = _CHECKS.get(saying.field)
    return replace(saying, value=check(asset, value) if check and value else value)


def with_sayings(asset: Asset, sayings: Iterable[Saying]) -> Asset:
    """Put what people said over what the definition says."""
    for saying in sayings:
        asset = _with(asset, saying)
    return asset


def _with(asset: Asset, saying: Saying) -> Asset:
    value = saying.value
    if saying.field is Field.MEANING:
        return replace(asset, meaning={**asset.meaning, saying.language: value})
    if saying.field is Field.TAGS:
        return replace(asset, tags=tuple(value.split(", ")))
    if saying.field is Field.LIFE_CYCLE:
        return replace(asset, life_cycle=LifeCycle(value))
    if saying.field is Field.SUCCESSOR:
        return replace(asset, successor=AssetId.parse(value))
    named: Mapping[str, str] = {saying.field.value: value}
    return replace(asset, **named)  # type: ignore[arg-type] # the names of the fields that are left are the asset's own


def _owner(_asset: Asset, value: str) -> str:
    if len(value) > OWNER_MAX or not _OWNER.fullmatch(value):
        raise WrongUse(
            Message("An owner is a team or an account, written like city_operations; '{owner}' was found.", owner=value)
        )
    return value


def _tags(_asset: Asset, value: str) -> str:
    tags = sorted({tag.strip() for tag in re.split(r"[,\u060c\u3001\uff0c]", value) if tag.strip()})
    if len(tags) > TAGS_MAX or not all(_TAG.fullmatch(tag) for tag in tags):
        raise WrongUse(
            Message("Up to {most} tags of letters and digits were expected, with commas between.", most=TAGS_MAX)
        )
    return ", ".join(tags)


def _life_cycle(_asset: Asset, value: str) -> str:
    if value not in tuple(LifeCycle):
        raise WrongUse(
            Message("A life cycle is one of {known}; '{found}' was found.", known=", ".join(LifeCycle), found=value)
        )
    return value


def _successor(asset: Asset, value: str) -> str:
    try:
        named = AssetId.parse(value if ":" in value else f"{asset.kind.value}:{value}")
    except TiffinError as error:
        raise WrongUse(error.said) from error
    if named == asset.id:
        raise WrongUse(Message("{asset} cannot replace itself. Name another asset.", asset=named.text))
    return named.text


_CHECKS = {
    Field.OWNER: _owner,
    Field.TECHNICAL_OWNER: _owner,
    Field.TAGS: _tags,
    Field.LIFE_CYCLE: _life_cycle,
    Field.SUCCESSOR: _successor,
}
