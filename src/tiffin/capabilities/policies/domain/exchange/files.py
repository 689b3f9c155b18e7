"""A policy as its files say it: what an exchange takes out and brings back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tiffin.capabilities.policies.domain.versions import BASE, PARAMETERS, file_name

_WHOLE = re.compile(r"-?(0|[1-9]\d{0,14})")
_SIDES = ("when", "then")


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """One definition file.

    Parameters
    ----------
    place : str
        Empty for the base, a market (ISO 3166-1 alpha-2) or a city for an overlay, ``parameters`` for the parameters.
    since : date or None
        From which day it is in force; None for parameters, each of which says so itself.
    text : str
        The YAML as it stands in the file; empty where the content comes from elsewhere and has none yet.
    content : Mapping
        The same as plain values.
    """

    place: str
    since: date | None
    text: str
    content: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its file's name within the policy's folder."""
        return f"{PARAMETERS}.yaml" if self.since is None else file_name(self.place, self.since)


@dataclass(frozen=True, slots=True)
class PolicyFiles:
    """The files of a policy that are in force on a day: its base, its overlays, its parameters if it has any."""

    base: PolicyFile
    overlays: tuple[PolicyFile, ...] = ()
    parameters: PolicyFile | None = None

    @property
    def policy(self) -> str:
        """The policy's name."""
        return str(self.base.content["policy"])

    @property
    def tables(self) -> tuple[PolicyFile, ...]:
        """The files that hold rows, the base first."""
        return (self.base, *self.overlays)

    @property
    def all(self) -> tuple[PolicyFile, ...]:
        """Every file."""
        return (*self.tables, *((self.parameters,) if self.parameters else ()))

    def rows(self) -> Iterator[tuple[PolicyFile, Mapping[str, Any]]]:
        """Give every row with the file in which it stands."""
        return ((file, row) for file in self.tables for row in file.content.get("rows", ()))


def is_market(place: str) -> bool:
    """Tell an overlay's market from a city and from the base."""
    return place != BASE and len(place) == len("KW") and place.isupper()


def cell_text(value: object) -> str:
    """Write a cell as FEEL: what a file says as a plain number or truth value too."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def in_language(texts: object, locale: str = "en") -> str:
    """Give a text of a file in a language, else in English, else in any; a plain text is in every one."""
    if isinstance(texts, Mapping):
        return str(texts.get(locale) or texts.get("en") or next(iter(texts.values()), ""))
    return "" if texts is None else str(texts)


def plain_cell(text: str) -> str | int:
    """Give a cell as our files say it: a whole number as one, everything else as FEEL's text."""
    return int(text) if _WHOLE.fullmatch(text) else text


def says_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two files say the same.

    A row without conditions may leave them out or have none, and a cell's number may be written as text.
    """
    return _said(one) == _said(other)


def _said(content: Mapping[str, Any]) -> dict[str, Any]:
    rows = [
        {key: _cells(part) if key in _SIDES else part for key, part in row.items()} for row in content.get("rows", ())
    ]
    return {**content, "rows": [{key: part for key, part in row.items() if part not in ({}, [])} for row in rows]}


def _cells(cells: Mapping[str, Any] | None) -> dict[str, str]:
    return {name: cell_text(cell) for name, cell in (cells or {}).items()}
