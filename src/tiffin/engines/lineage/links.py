"""Links: that one asset stands on another, and how."""

from dataclasses import dataclass
from enum import StrEnum

from tiffin.kernel.assets import AssetId


class How(StrEnum):
    """In which way the later asset stands on the earlier one."""

    READ_FROM = "read_from"
    """It stands in the files that the other describes."""
    COMPUTED_FROM = "computed_from"
    """Values of the one go into values of the other."""
    FILTERED_BY = "filtered_by"
    """It decides which rows count."""
    JOINED_BY = "joined_by"
    """It decides which rows meet."""
    DATED_BY = "dated_by"
    """It decides to which day rows belong."""
    SPLIT_BY = "split_by"
    """Numbers are shown or kept apart by it."""
    STATED_BY = "stated_by"
    """The definition of the earlier asset itself states the values, no file does."""
    PART_OF = "part_of"
    """The earlier one is a part of the later one."""
    DECIDED_BY = "decided_by"
    """Rules or a model, which are the earlier one, make or judge the later one."""
    SHOWN_IN = "shown_in"
    """The later one shows the earlier one to people, watches it or hands it on."""


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """One asset stands on another: facts flow from ``earlier`` to ``later``."""

    earlier: AssetId
    later: AssetId
    how: How
