"""What can change between two versions of a contract, and what each change means to those who use it.

Readers (consumers) are broken by what takes away or alters what they read; writers (producers) by what refuses what
they write. What lets in something that was not there before is a risk to readers, and no break.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tiffin.engines.contracts.versions import Step
from tiffin.kernel.messages import Message


class Severity(StrEnum):
    """What a change asks of those who use the contract, the worst first."""

    BREAKING = "breaking"
    RISKY = "risky"
    SAFE = "safe"


class Side(StrEnum):
    """Who is touched: whoever reads the data, whoever writes them, both, or nobody."""

    READERS = "readers"
    WRITERS = "writers"
    BOTH = "both"
    NOBODY = "nobody"


class Kind(StrEnum):
    """What changed."""

    TABLE_REMOVED = "table_removed"
    TABLE_RENAMED = "table_renamed"
    TABLE_ADDED = "table_added"
    TABLE_PLACE = "table_place"
    TABLE_KIND = "table_kind"
    GRAIN = "grain"
    BUSINESS_DAY = "business_day"
    COLUMN_REMOVED = "column_removed"
    COLUMN_RENAMED = "column_renamed"
    COLUMN_ADDED = "column_added"
    REQUIRED_COLUMN_ADDED = "required_column_added"
    COLUMN_PLACE = "column_place"
    COLUMNS_MOVED = "columns_moved"
    NOW_REQUIRED = "now_required"
    NOW_OPTIONAL = "now_optional"
    NOW_COMPUTED = "now_computed"
    NO_LONGER_COMPUTED = "no_longer_computed"
    TYPE_NARROWED = "type_narrowed"
    TYPE_WIDENED = "type_widened"
    TYPE_CHANGED = "type_changed"
    STORED_TYPE = "stored_type"
    VALUES_NARROWED = "values_narrowed"
    VALUES_WIDENED = "values_widened"
    VALUES_CHANGED = "values_changed"
    ENUM_NARROWED = "enum_narrowed"
    ENUM_WIDENED = "enum_widened"
    FORMAT = "format"
    KEY = "key"
    NOW_UNIQUE = "now_unique"
    NO_LONGER_UNIQUE = "no_longer_unique"
    PARTITION = "partition"
    UNIT = "unit"
    UNIT_STATED = "unit_stated"
    CURRENCY = "currency"
    TIME_ZONE = "time_zone"
    MEANING = "meaning"
    WORDING = "wording"
    CLASS_RAISED = "class_raised"
    CLASS_LOWERED = "class_lowered"
    CLASS_CHANGED = "class_changed"
    ENCRYPTION = "encryption"
    TRANSFORM = "transform"
    REFERENCE_ADDED = "reference_added"
    REFERENCE_REMOVED = "reference_removed"
    REFERENCE_CHANGED = "reference_changed"
    RULE_ADDED = "rule_added"
    RULE_REMOVED = "rule_removed"
    RULE_TIGHTENED = "rule_tightened"
    RULE_LOOSENED = "rule_loosened"
    RULE_CHANGED = "rule_changed"
    PROMISE_ADDED = "promise_added"
    PROMISE_REMOVED = "promise_removed"
    PROMISE_TIGHTENED = "promise_tightened"
    PROMISE_LOOSENED = "promise_loosened"
    PROMISE_CHANGED = "promise_changed"
    SERVER_ADDED = "server_added"
    SERVER_REMOVED = "server_removed"
    SERVER_MOVED = "server_moved"
    ROLE_ADDED = "role_added"
    ROLE_REMOVED = "role_removed"
    ROLE_ACCESS = "role_access"
    PRICE_RAISED = "price_raised"
    PRICE_LOWERED = "price_lowered"
    PRICE_CHANGED = "price_changed"
    SUPPORT_REMOVED = "support_removed"
    OWNER = "owner"
    DEPRECATED = "deprecated"
    RETIRED = "retired"
    STATUS = "status"
    IDENTITY = "identity"
    LIMITS = "limits"
    NOTE = "note"
    UNJUDGED = "unjudged"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a kind of change means."""

    severity: Severity
    side: Side
    step: Step
    why: Message


def _breaks(side: Side, why: Message) -> Verdict:
    return Verdict(Severity.BREAKING, side, Step.MAJOR, why)


def _risks(side: Side, why: Message) -> Verdict:
    return Verdict(Severity.RISKY, side, Step.MINOR, why)


def _adds(why: Message) -> Verdict:
    return Verdict(Severity.SAFE, Side.NOBODY, Step.MINOR, why)


def _words(why: Message) -> Verdict:
    return Verdict(Severity.SAFE, Side.NOBODY, Step.PATCH, why)


_READERS, _WRITERS, _BOTH = Side.READERS, Side.WRITERS, Side.BOTH

VERDICTS: Mapping[Kind, Verdict] = {
    Kind.TABLE_REMOVED: _breaks(_BOTH, Message("The table is gone.")),
    Kind.TABLE_RENAMED: _breaks(_BOTH, Message("The table has another name; the old one finds nothing.")),
    Kind.TABLE_ADDED: _adds(Message("A table was added; what was there stays.")),
    Kind.TABLE_PLACE: _breaks(_BOTH, Message("The table is stored under another name; queries of the old one fail.")),
    Kind.TABLE_KIND: _risks(
        _READERS, Message("It is stored as something else, such as a view: cost and age may differ.")
    ),
    Kind.GRAIN: _breaks(_BOTH, Message("One row stands for something else; counts and sums over it change.")),
    Kind.BUSINESS_DAY: _breaks(_READERS, Message("Rows belong to another business day; every daily figure moves.")),
    Kind.COLUMN_REMOVED: _breaks(_BOTH, Message("The column is gone; whoever reads or writes it fails.")),
    Kind.COLUMN_RENAMED: _breaks(_BOTH, Message("The column has another name; the old one finds nothing.")),
    Kind.COLUMN_ADDED: _adds(Message("A column was added that may stay empty.")),
    Kind.REQUIRED_COLUMN_ADDED: _breaks(
        _WRITERS, Message("A column was added that no row may lack; rows without it are refused.")
    ),
    Kind.COLUMN_PLACE: _breaks(_BOTH, Message("The column is stored under another name; queries of the old one fail.")),
    Kind.COLUMNS_MOVED: _words(Message("The columns stand in another order; nobody reads them by place.")),
    Kind.NOW_REQUIRED: _breaks(_WRITERS, Message("No row may lack it any more; rows without it are refused.")),
    Kind.NOW_OPTIONAL: _breaks(
        _READERS, Message("Rows may lack it now; readers meet empty values that were never there.")
    ),
    Kind.NOW_COMPUTED: _adds(Message("The platform computes it where it is left out.")),
    Kind.NO_LONGER_COMPUTED: _breaks(
        _WRITERS, Message("The platform computes it no longer; whoever left it out has to give it.")
    ),
    Kind.TYPE_NARROWED: _breaks(_WRITERS, Message("The type holds less; values that fitted are refused or cut.")),
    Kind.TYPE_WIDENED: _risks(_READERS, Message("The type holds more; readers may meet values that they cannot hold.")),
    Kind.TYPE_CHANGED: _breaks(_BOTH, Message("The type is another; what reads or writes the old one fails.")),
    Kind.STORED_TYPE: _risks(_BOTH, Message("It is stored as another type that cannot be compared with the old one.")),
    Kind.VALUES_NARROWED: _breaks(_WRITERS, Message("Fewer values are allowed; rows that were good are refused.")),
    Kind.VALUES_WIDENED: _risks(
        _READERS, Message("More values are allowed; readers may meet some that were never there.")
    ),
    Kind.VALUES_CHANGED: _breaks(_BOTH, Message("Other values are allowed; some that were good are refused.")),
    Kind.ENUM_NARROWED: _breaks(_WRITERS, Message("A value left the closed set; rows that bear it are refused.")),
    Kind.ENUM_WIDENED: _risks(
        _READERS, Message("A value joined the closed set; readers that tell cases apart do not know it.")
    ),
    Kind.FORMAT: _breaks(_BOTH, Message("Values are written in another form; what parses the old one fails.")),
    Kind.KEY: _breaks(_BOTH, Message("Another key names a row; joins double or lose rows, and loads restate others.")),
    Kind.NOW_UNIQUE: _breaks(_WRITERS, Message("No value may come twice; rows that repeat one are refused.")),
    Kind.NO_LONGER_UNIQUE: _breaks(_READERS, Message("A value may come twice; joins on it double rows.")),
    Kind.PARTITION: _risks(
        _READERS, Message("Rows are divided into files differently; queries may read more than they did.")
    ),
    Kind.UNIT: _breaks(_BOTH, Message("The unit is another; every number computed from it is wrong.")),
    Kind.UNIT_STATED: _risks(
        _READERS, Message("The unit is stated on one side only; readers may have believed another.")
    ),
    Kind.CURRENCY: _breaks(_BOTH, Message("The currency is another; every amount computed from it is wrong.")),
    Kind.TIME_ZONE: _breaks(_BOTH, Message("The time zone is another; hours and days move.")),
    Kind.MEANING: _risks(
        _READERS, Message("The text that says what it means is another; read it before you rely on it.")
    ),
    Kind.WORDING: _words(Message("The wording changed; what it says does not.")),
    Kind.CLASS_RAISED: _breaks(_READERS, Message("It is guarded more; readers without the grant lose it.")),
    Kind.CLASS_LOWERED: _risks(
        _READERS, Message("It is guarded less; values may travel further than people were told.")
    ),
    Kind.CLASS_CHANGED: _risks(_READERS, Message("It is classified differently, in classes whose order is not known.")),
    Kind.ENCRYPTION: _breaks(_READERS, Message("The encrypted value lies elsewhere; whoever decrypts it fails.")),
    Kind.TRANSFORM: _risks(_READERS, Message("It is computed differently; values may move.")),
    Kind.REFERENCE_ADDED: _risks(
        _WRITERS, Message("It names rows of another table now; values that name none are faults.")
    ),
    Kind.REFERENCE_REMOVED: _risks(
        _READERS, Message("It is no longer promised to name rows of the other table; joins may lose rows.")
    ),
    Kind.REFERENCE_CHANGED: _breaks(
        _BOTH, Message("It names rows of another table; joins to the old one find nothing.")
    ),
    Kind.RULE_ADDED: _risks(_WRITERS, Message("A rule was added; rows that were good may break it.")),
    Kind.RULE_REMOVED: _risks(_READERS, Message("A rule is gone; rows that it kept away come in.")),
    Kind.RULE_TIGHTENED: _risks(_WRITERS, Message("A rule asks for more; rows that were good may break it.")),
    Kind.RULE_LOOSENED: _risks(_READERS, Message("A rule asks for less; rows that it kept away come in.")),
    Kind.RULE_CHANGED: _risks(
        _BOTH, Message("A rule is another; which rows it keeps away cannot be told from the text.")
    ),
    Kind.PROMISE_ADDED: _adds(Message("A promise of service was added.")),
    Kind.PROMISE_REMOVED: _breaks(_READERS, Message("A promise of service is gone.")),
    Kind.PROMISE_TIGHTENED: _adds(Message("More is promised than before.")),
    Kind.PROMISE_LOOSENED: _breaks(
        _READERS, Message("Less is promised than before: later, rarer, shorter or less often there.")
    ),
    Kind.PROMISE_CHANGED: _risks(_READERS, Message("The promise is another; whether more or less cannot be told.")),
    Kind.SERVER_ADDED: _adds(Message("A place to read from was added.")),
    Kind.SERVER_REMOVED: _breaks(_BOTH, Message("A place to read from is gone.")),
    Kind.SERVER_MOVED: _breaks(
        _BOTH, Message("The data lie elsewhere or in another format; connections to the old place fail.")
    ),
    Kind.ROLE_ADDED: _adds(Message("A role that opens access was added.")),
    Kind.ROLE_REMOVED: _breaks(_READERS, Message("A role is gone; whoever had access by it has none.")),
    Kind.ROLE_ACCESS: _breaks(_READERS, Message("A role opens something else.")),
    Kind.PRICE_RAISED: _risks(_READERS, Message("It costs more.")),
    Kind.PRICE_LOWERED: _adds(Message("It costs less.")),
    Kind.PRICE_CHANGED: _risks(_READERS, Message("It is priced in another currency or by another unit.")),
    Kind.SUPPORT_REMOVED: _risks(_READERS, Message("A channel of help is gone.")),
    Kind.OWNER: _adds(Message("Another team answers for it.")),
    Kind.DEPRECATED: _risks(_READERS, Message("It is deprecated: it goes on for now, and will end.")),
    Kind.RETIRED: _breaks(_BOTH, Message("It is retired: nobody keeps it up any more.")),
    Kind.STATUS: _adds(Message("It stands elsewhere in its life.")),
    Kind.IDENTITY: _risks(
        _BOTH, Message("It is another contract by its identifier; what refers to the old one loses it.")
    ),
    Kind.LIMITS: _risks(_READERS, Message("Its stated limits are others; what you use it for may lie outside.")),
    Kind.NOTE: _words(Message("A note, tag, link, example or person changed.")),
    Kind.UNJUDGED: _risks(_BOTH, Message("Something changed that no rule here judges; a person has to.")),
}
"""The meaning of every kind of change."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change between two versions.

    Parameters
    ----------
    path : str
        Where, in names: ``orders.placed_at``, ``slaProperties.latency``.
    table, column : str or None
        What of the data it touches, by its old name where it had one: None is the whole contract, or the whole table.
    before, after : object
        What stood there; None where nothing did.
    """

    kind: Kind
    path: str
    before: Any = None
    after: Any = None
    table: str | None = None
    column: str | None = None

    @property
    def verdict(self) -> Verdict:
        """What it means."""
        return VERDICTS[self.kind]

    @property
    def severity(self) -> Severity:
        """What it asks of those who use the contract."""
        return self.verdict.severity
