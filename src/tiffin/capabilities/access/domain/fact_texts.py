"""Texts of the facts that name a person who is to be erased, as an officer looks at them before they are rewritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

MARK_LETTERS = 24


@dataclass(frozen=True, slots=True)
class FactText:
    """One text that stands in rows of the facts.

    Parameters
    ----------
    key : str
        Stands for the text in a decision to leave it out; tells nothing of it.
    """

    table: str
    column: str
    text: str
    rows: int
    key: str
    is_left_out: bool


@dataclass(frozen=True, slots=True)
class FactTexts:
    """The texts of the facts that name a person.

    Parameters
    ----------
    texts : tuple of FactText
        Those with most rows first, the first some of them.
    count, rows : int
        How many different texts there are, and in how many rows.
    """

    texts: tuple[FactText, ...]
    count: int
    rows: int


def text_key(half: str, text: str) -> str:
    """Give what stands for a text in a decision.

    Parameters
    ----------
    half : str
        Half of who is meant; random, and gone with the request.

    Examples
    --------
    >>> text_key("ab", "call me") == text_key("cd", "call me")
    False
    """
    return sha256(f"{half} {text}".encode()).hexdigest()[:MARK_LETTERS]


def left_out_keys(kept: Mapping[str, Any] | None) -> frozenset[str]:
    """Give the keys of the texts that stay as they are."""
    return frozenset((kept or {}).get("texts", ()))


def decision(keys: Sequence[str], reason: str, by: str) -> dict[str, Any]:
    """Write down which texts stay as they are, why, and who said so."""
    return {"texts": sorted(set(keys)), "reason": reason, "by": by}
