"""How two versions of a contract differ, and which version the new one may honestly call itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from tiffin.engines.contracts.changes import Change, Kind, Severity
from tiffin.engines.contracts.elements import compare_tables
from tiffin.engines.contracts.pairing import Where, rest, rest_of_customs, said
from tiffin.engines.contracts.promises import (
    compare_people,
    compare_price,
    compare_promises,
    compare_roles,
    compare_servers,
)
from tiffin.engines.contracts.standard import Contract, Description
from tiffin.engines.contracts.versions import Step, Version

_ORDER = tuple(Severity)
_HANDLED = [
    "id",
    "version",
    "status",
    "description",
    "servers",
    "schema",
    "support",
    "price",
    "team",
    "roles",
    "sla_properties",
]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two versions.

    Parameters
    ----------
    changes : tuple of Change
        The worst first, then in the order of the contract.
    old, new : str
        The versions as they call themselves.
    least : str
        The least version that the new one may honestly bear.
    """

    changes: tuple[Change, ...]
    old: str
    new: str
    least: str

    @property
    def severity(self) -> Severity | None:
        """The worst of all; None where nothing changed."""
        return self.changes[0].severity if self.changes else None

    @property
    def is_breaking(self) -> bool:
        """Tell whether somebody is broken by it."""
        return self.severity is Severity.BREAKING

    @property
    def is_honest(self) -> bool:
        """Tell whether the new version's number promises no less than what changed."""
        return Version.parse(self.new) >= Version.parse(self.least)


def compare(old: Contract, new: Contract) -> Comparison:
    """Compare two versions of a contract, both as 3.1 writes them (`upgrading.upgraded`).

    Raises
    ------
    InvalidDefinition
        A version is not a semantic one.
    """
    changes = sorted(_changes(old, new), key=lambda change: _ORDER.index(change.severity))
    step = max((change.verdict.step for change in changes), default=Step.NONE)
    before = Version.parse(old.version or "0")
    return Comparison(tuple(changes), str(before), str(Version.parse(new.version or "0")), str(before.after(step)))


def _changes(old: Contract, new: Contract) -> Iterator[Change]:
    yield from compare_tables(old.schema, new.schema)
    yield from _compare_standing(old, new)
    yield from _compare_description(old.description or Description(), new.description or Description())
    yield from compare_promises(old, new)
    yield from compare_servers(old, new)
    yield from compare_roles(old.roles, new.roles, Where("roles"))
    yield from compare_price(old, new)
    yield from compare_people(old, new)
    yield from rest(old, new, Where(""), _HANDLED)
    yield from rest_of_customs(old, new, Where("customProperties"))


def _compare_standing(old: Contract, new: Contract) -> Iterator[Change]:
    if old.id != new.id:
        yield Where("id").tell(Kind.IDENTITY, old.id, new.id)
    if old.status != new.status:
        kinds = {"deprecated": Kind.DEPRECATED, "retired": Kind.RETIRED}
        yield Where("status").tell(kinds.get(new.status or "", Kind.STATUS), old.status, new.status)


def _compare_description(old: Description, new: Description) -> Iterator[Change]:
    where = Where("description")
    yield from said(old.purpose, new.purpose, where.at("purpose"))
    yield from said(old.limitations, new.limitations, where.at("limitations"), Kind.LIMITS)
    yield from rest(old, new, where, {"purpose", "limitations"})
    yield from rest_of_customs(old, new, where)
