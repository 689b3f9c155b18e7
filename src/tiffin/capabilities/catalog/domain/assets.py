"""An asset: something with data in it or made of data, that people look for, ask for, own and trust."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import LOCALES, Classification


class LifeCycle(StrEnum):
    """Where an asset stands between being wished for and being gone."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    DEPRECATED = "deprecated"
    RETIRED = "retired"


class Tier(StrEnum):
    """How much rests on an asset.

    ``CRITICAL``: certified numbers are made of it, or it is one. ``LOCAL``: one person's own, or a draft.
    """

    CRITICAL = "critical"
    STANDARD = "standard"
    LOCAL = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """What definitions, and the people who added to them, say of an asset.

    Parameters
    ----------
    label, meaning : mapping of str to str
        By language; what nobody has written is not there.
    owner : str
        Team or person that answers for what it means; empty where nobody does.
    technical_owner : str
        Team or person that keeps it running; empty where nobody does.
    classification : Classification or None
        The most guarded class of what it shows; None where nobody has said.
    successor : AssetId or None
        What replaces one that is deprecated or retired.
    contract : str
        Version of its contract; empty without one.
    domain : str
        Area of the business, as ``domains.yaml`` lists them.
    part_of : AssetId or None
        The table of a column, the dashboard of a tile, the feed of a file's column.
    address : str
        Its own page in the console; empty where it has none.
    tables, metrics : tuple of str
        Fact tables whose facts it tells, and metrics that it shows.
    traits : mapping of str to object
        What more the standards look at: type, unit, key, tests.
    """

    id: AssetId
    label: Mapping[str, str] = field(default_factory=dict, hash=False)
    meaning: Mapping[str, str] = field(default_factory=dict, hash=False)
    owner: str = ""
    technical_owner: str = ""
    tier: Tier = Tier.STANDARD
    classification: Classification | None = None
    life_cycle: LifeCycle = LifeCycle.ACTIVE
    successor: AssetId | None = None
    contract: str = ""
    domain: str = ""
    part_of: AssetId | None = None
    address: str = ""
    file: str = ""
    tables: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    traits: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def kind(self) -> AssetKind:
        """What it is."""
        return self.id.kind

    @property
    def name(self) -> str:
        """Its name among its kind."""
        return self.id.name

    def label_in(self, language: str) -> str:
        """Give its label in a language, else the English one, else its name."""
        return self.label.get(language) or self.label.get("en") or self.name

    def meaning_in(self, language: str) -> str:
        """Give its meaning in a language, else the English one; empty where nobody has written it."""
        return self.meaning.get(language) or self.meaning.get("en") or ""

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which its meaning is written."""
        return tuple(language for language in LOCALES if self.meaning.get(language))

    @property
    def shows_guarded_values(self) -> bool:
        """Tell whether its values tell of a person: it is listed, and never sampled."""
        return self.classification in (Classification.PERSONAL, Classification.SPECIAL)
