"""How kinds of assets, their attributes and the parts of their health are called."""

from collections.abc import Mapping

from tiffin.capabilities.catalog.domain.assets import LifeCycle, Tier
from tiffin.capabilities.catalog.domain.health import Part
from tiffin.capabilities.catalog.domain.saying import Field
from tiffin.capabilities.catalog.domain.standards import Severity, Topic
from tiffin.kernel.assets import AssetKind
from tiffin.kernel.contract import Classification
from tiffin.runtime.i18n import mark

KINDS: Mapping[AssetKind, str] = {
    AssetKind.FEED: mark("Feed"),
    AssetKind.FEED_COLUMN: mark("Column of a file"),
    AssetKind.TABLE: mark("Table"),
    AssetKind.COLUMN: mark("Column"),
    AssetKind.DIMENSION: mark("Dimension"),
    AssetKind.ROLLUP: mark("Roll-up"),
    AssetKind.METRIC: mark("Metric"),
    AssetKind.TREE: mark("Metric tree"),
    AssetKind.TARGET: mark("Target"),
    AssetKind.POLICY: mark("Policy"),
    AssetKind.MODEL: mark("Model"),
    AssetKind.TILE: mark("Tile"),
    AssetKind.DASHBOARD: mark("Dashboard"),
    AssetKind.ALERT: mark("Alert"),
    AssetKind.QUESTION: mark("Saved question"),
    AssetKind.REPORT: mark("Report"),
    AssetKind.PUBLISHED: mark("Published number"),
    AssetKind.TOOL: mark("Assistants' tool"),
}

TIERS: Mapping[Tier, str] = {
    Tier.CRITICAL: mark("Critical"),
    Tier.STANDARD: mark("Standard"),
    Tier.LOCAL: mark("Local"),
}

TIERS_TOLD: Mapping[Tier, str] = {
    Tier.CRITICAL: mark("Certified numbers are made of it, or it is one."),
    Tier.STANDARD: mark("Kept for everybody; no certified number rests on it."),
    Tier.LOCAL: mark("One person's own, or a draft: ask before you rely on it."),
}

CLASSES: Mapping[Classification, str] = {
    Classification.PUBLIC: mark("public"),
    Classification.INTERNAL: mark("internal"),
    Classification.CONFIDENTIAL: mark("confidential"),
    Classification.PERSONAL: mark("personal"),
    Classification.SPECIAL: mark("special"),
}

CLASSES_TOLD: Mapping[Classification, str] = {
    Classification.PUBLIC: mark("May be told to anybody."),
    Classification.INTERNAL: mark("Comes with any grant over its cities."),
    Classification.CONFIDENTIAL: mark("Needs a grant that opens confidential columns."),
    Classification.PERSONAL: mark(
        "Tells of a person: its values are shown only by a grant that opens personal columns."
    ),
    Classification.SPECIAL: mark("Would harm a person when known: only a grant that opens special columns shows it."),
}

LIVES: Mapping[LifeCycle, str] = {
    LifeCycle.PROPOSED: mark("Proposed"),
    LifeCycle.ACTIVE: mark("Active"),
    LifeCycle.DEPRECATED: mark("Deprecated"),
    LifeCycle.RETIRED: mark("Retired"),
}

LIFE_TONES: Mapping[LifeCycle, str] = {
    LifeCycle.PROPOSED: "",
    LifeCycle.ACTIVE: "good",
    LifeCycle.DEPRECATED: "warn",
    LifeCycle.RETIRED: "bad",
}

PARTS: Mapping[Part, str] = {
    Part.DOCUMENTED: mark("Documented"),
    Part.TRANSLATED: mark("Translated"),
    Part.OWNED: mark("Owned"),
    Part.CLASSIFIED: mark("Classified"),
    Part.FRESH: mark("Fresh"),
    Part.QUALITY: mark("Of quality"),
    Part.USED: mark("Used"),
    Part.TESTED: mark("Tested"),
    Part.STANDARDS: mark("To standard"),
}

PARTS_TOLD: Mapping[Part, str] = {
    Part.DOCUMENTED: mark("Its meaning is written, and says more than its label."),
    Part.TRANSLATED: mark("Share of the five languages in which its meaning is written."),
    Part.OWNED: mark("Somebody answers for its meaning, and somebody keeps it running."),
    Part.CLASSIFIED: mark("It has a class, from public to special."),
    Part.FRESH: mark("How far its facts are behind the last day that could be there."),
    Part.QUALITY: mark("Share of its targets that were kept, or of its rows that were good."),
    Part.USED: mark("How many people used it in the last four weeks."),
    Part.TESTED: mark("It has checks or worked examples that run by themselves."),
    Part.STANDARDS: mark("It keeps the standards of the house."),
}

TO_DO: Mapping[Part, str] = {
    Part.DOCUMENTED: mark("Write what it means."),
    Part.TRANSLATED: mark("Write its meaning in the languages that lack it."),
    Part.OWNED: mark("Name who answers for it and who keeps it running."),
    Part.CLASSIFIED: mark("Give it a class."),
    Part.FRESH: mark("See why its facts are late, and load them."),
    Part.QUALITY: mark("Find out why targets are missed or rows are left out."),
    Part.USED: mark("Tell people of it, or propose to retire it."),
    Part.TESTED: mark("Add a check or a worked example."),
    Part.STANDARDS: mark("Mend what breaks a standard, or ask for a waiver."),
}

TOPICS: Mapping[Topic, str] = {
    Topic.NAMING: mark("Names"),
    Topic.TYPES: mark("Types"),
    Topic.KEYS: mark("Keys"),
    Topic.UNITS: mark("Units"),
    Topic.TIME: mark("Time"),
    Topic.CLASSIFICATION: mark("Classes"),
    Topic.TESTS: mark("Tests"),
    Topic.DOCUMENTATION: mark("Documentation"),
    Topic.OWNERSHIP: mark("Ownership"),
    Topic.LIFE_CYCLE: mark("Life cycle"),
    Topic.DEFINITION: mark("Definitions"),
}

SEVERITIES: Mapping[Severity, str] = {Severity.MUST: mark("must"), Severity.SHOULD: mark("should")}

FIELDS: Mapping[Field, str] = {
    Field.OWNER: mark("Business owner"),
    Field.TECHNICAL_OWNER: mark("Technical owner"),
    Field.MEANING: mark("Meaning"),
    Field.NOTE: mark("Note"),
    Field.TAGS: mark("Tags"),
    Field.LIFE_CYCLE: mark("Life cycle"),
    Field.SUCCESSOR: mark("Replaced by"),
}
