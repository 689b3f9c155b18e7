"""What an import found: definitions as a file of ours would hold them, and a remark on whatever is not as it was."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from tiffin.engines.metrics.definitions import Tables
from tiffin.kernel.errors import InvalidDefinition

Plain = Mapping[str, Any]

SECTIONS = ("dimensions", "sources", "metrics")
HOME_CITY = {"table": "cities", "keys": {"city_id": "city_id"}, "cardinality": "many_to_one"}

_NAME = "abcdefghijklmnopqrstuvwxyz0123456789_"


class Fate(StrEnum):
    """What became of something in an import or export."""

    LEFT_OUT = "left_out"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was not carried over as it was, and why.

    Parameters
    ----------
    what : str
        Its sort and name: ``metric revenue``.
    """

    fate: Fate
    what: str
    why: str


class CannotCarryError(InvalidDefinition):
    """Something has no counterpart on the other side."""


@dataclass(slots=True)
class Found:
    """Definitions in the form of our files, and the remarks on them."""

    origin: str
    tables: Tables
    today: date
    dimensions: dict[str, dict[str, Any]] = field(default_factory=dict)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    metrics: dict[str, dict[str, Any]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def section(self, name: str) -> dict[str, dict[str, Any]]:
        """Give the definitions of one section of a file."""
        return {"dimensions": self.dimensions, "sources": self.sources, "metrics": self.metrics}[name]

    def leave_out(self, what: str, why: object) -> None:
        """Note that something is not carried over."""
        self.remarks.append(Remark(Fate.LEFT_OUT, what, str(why)))

    def note(self, what: str, why: str) -> None:
        """Note that something is carried over, but not as it was."""
        self.remarks.append(Remark(Fate.CHANGED, what, why))

    def add_metric(self, name: str, formula: Plain, *, label: str, meaning: str) -> None:
        """Take a metric as a draft with the English texts that there are; people complete it."""
        self.metrics[name] = {
            "label": {"en": label},
            "meaning": {"en": meaning},
            **formula,
            "unit": "ratio" if formula["kind"] in ("ratio", "derived") else "items",
            "direction": "neither",
            "level": "operations",
            "owner": "imported",
            "tier": "draft",
            "version": 1,
            "since": self.today,
            "imported": self.origin,
        }

    def add_dimension(self, name: str, kind: str, label: str) -> None:
        """Take a dimension with its English label."""
        self.dimensions.setdefault(name, {"type": kind, "label": {"en": label}, "imported": self.origin})

    def join_keys(self, what: str, start: str, end: str, keys: Plain) -> dict[str, str]:
        """Complete the keys of a join, since rows may meet one row only: the rest of the key by columns of its name.

        Parameters
        ----------
        start, end : str
            Tables.
        keys : mapping
            Column of the joined table to column of the first.

        Raises
        ------
        CannotCarryError
            The first table lacks a column of the key.
        """
        missing = [column for column in self.tables[end].key if column not in keys]
        if absent := [column for column in missing if column not in self.tables[start].columns]:
            told = ", ".join(absent)
            raise CannotCarryError(f"it leaves out {told} of the key of {end}: one row could meet several.")
        if missing:
            self.note(what, f"joined on {', '.join(missing)} too, which the key of {end} needs.")
        return {**keys, **{column: column for column in missing}}

    def add_cities(self) -> None:
        """Give each foreign source city, country and currency, by which permissions and moneys are told apart here."""
        for name, source in list(self.sources.items()):
            if "imported" not in source:
                continue
            columns = self.tables[source["table"]].columns
            if "city_id" not in columns:
                self.leave_out(f"source {name}", f"its table {source['table']} has no city_id to show rows by.")
                del self.sources[name]
                continue
            source.setdefault("joins", {})["home_city"] = HOME_CITY
            for dimension in ("city_id", "country", "currency"):
                own = dimension if dimension in columns else f"home_city.{dimension}"
                if source["dimensions"].setdefault(dimension, own) != own:
                    self.note(f"dimension {dimension} of {name}", "it means here the city's own, and is taken so.")
                    source["dimensions"][dimension] = own

    def table_of(self, source: str) -> str:
        """Find the contracted table that a foreign name means: the one of the name's last part.

        Raises
        ------
        CannotCarryError
            There is none.
        """
        name = source.strip().rsplit(".", 1)[-1].strip('"`').lower()
        if name not in self.tables:
            raise CannotCarryError(f"it reads {source!r}, and no contract declares a table {name}.")
        return name


def clean(name: str) -> str:
    """Turn a foreign name into one of ours: lower-case letters, digits and _, a letter first."""
    text = "".join(mark if mark in _NAME else "_" for mark in name.lower()).strip("_")
    return text if text[:1].isalpha() else f"m_{text}"


def words_of(name: str) -> str:
    """Turn a name into a label."""
    return name.replace("_", " ").strip().capitalize()
