"""Assets: whatever people may look for, ask for, own, trust or trace, each with one name for the whole house."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message


class AssetKind(StrEnum):
    """What an asset is, from where facts come in to where they are read."""

    FEED = "feed"
    FEED_COLUMN = "feed_column"
    TABLE = "table"
    COLUMN = "column"
    DIMENSION = "dimension"
    ROLLUP = "rollup"
    METRIC = "metric"
    TREE = "tree"
    TARGET = "target"
    POLICY = "policy"
    MODEL = "model"
    TILE = "tile"
    DASHBOARD = "dashboard"
    ALERT = "alert"
    QUESTION = "question"
    REPORT = "report"
    PUBLISHED = "published"
    TOOL = "tool"


@dataclass(frozen=True, slots=True, order=True)
class AssetId:
    """The one name of an asset, written ``<kind>:<name>``.

    Parameters
    ----------
    kind : AssetKind
        What it is.
    name : str
        Its name among its kind. A part of something is named after it: ``orders.placed_at`` for a fact table's
        column, ``wolt_2020/TIMESTAMP`` for a feed's, ``city_operations/late_share`` for a dashboard's tile.

    Raises
    ------
    WrongUse
        If the name is empty, or begins, ends or breaks with white space.

    Examples
    --------
    >>> AssetId(AssetKind.COLUMN, "orders.placed_at").text
    'column:orders.placed_at'
    >>> AssetId.parse("tile:city_operations/late_share")
    AssetId(kind=<AssetKind.TILE: 'tile'>, name='city_operations/late_share')
    >>> AssetId.parse("feed_column:wolt_2020/TIMESTAMP").name
    'wolt_2020/TIMESTAMP'
    >>> AssetId.parse("late_share")
    Traceback (most recent call last):
    ...
    tiffin.kernel.errors.WrongUse: Expected an asset such as "metric:late_share", found "late_share". Write one of \
these kinds, a colon and the name: feed, feed_column, table, column, dimension, rollup, metric, tree, target, policy, \
model, tile, dashboard, alert, question, report, published, tool.
    """

    kind: AssetKind
    name: str

    def __post_init__(self) -> None:
        """Refuse a name that could not be written back."""
        if not self.name or self.name != self.name.strip() or not self.name.isprintable():
            raise WrongUse(
                Message(
                    "The name of an asset of kind {kind} is {name}. Expected text on one line, not empty, without "
                    "blanks at either end.",
                    kind=self.kind.value,
                    name=repr(self.name),
                )
            )

    @property
    def text(self) -> str:
        """Write it as people and files write it."""
        return f"{self.kind.value}:{self.name}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `text` writes.

        Raises
        ------
        WrongUse
            If the kind or the name is missing, or no such kind is known.
        """
        kind, _, name = text.partition(":")
        if kind not in set(AssetKind) or not name:
            raise WrongUse(
                Message(
                    'Expected an asset such as "metric:late_share", found "{text}". Write one of these kinds, '
                    "a colon and the name: {kinds}.",
                    text=text,
                    kinds=", ".join(AssetKind),
                )
            )
        return cls(AssetKind(kind), name)

    def __hash__(self) -> int:
        """Hash the name alone, whose hash a text keeps: walks over an estate look assets up by the ten thousand."""
        return hash(self.name)

    def __str__(self) -> str:
        """Read as it is written."""
        return self.text
