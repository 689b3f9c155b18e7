"""What policies say of themselves, whoever asks: for lists of what there is, which have rights of their own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tiffin.capabilities.policies.domain.policy import Statement, Words
from tiffin.capabilities.policies.domain.versions import BASE, Version
from tiffin.capabilities.policies.service.ledger import every_version, texts_in_force
from tiffin.capabilities.policies.service.library import policy_names, read_version
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class StatedPolicy:
    """What the base of a policy says of it.

    Parameters
    ----------
    since : date
        First day of the version that holds today, or of the first one to come.
    is_coming : bool
        None holds yet.
    tables : tuple of str
        Fact tables from which its past cases come.
    """

    name: str
    title: Words
    question: Words
    owner: str
    since: date
    is_coming: bool
    file: str
    tables: tuple[str, ...]


def stated_policies(context: Context) -> tuple[StatedPolicy, ...]:
    """List what every policy says of itself, by name; one that cannot be read says nothing."""
    found = (_stated(context, name) for name in policy_names(context))
    return tuple(one for one in found if one is not None)


def _stated(context: Context, name: str) -> StatedPolicy | None:
    try:
        held = texts_in_force(context, name).get(BASE)
        version = held or _next(context, name)
        read = read_version(version) if version is not None else None
    except InvalidDefinition:
        return None
    said = read.stated if read is not None else None
    if read is None or not isinstance(said, Statement):
        return None
    tables = tuple(dict.fromkeys(_tables(said.cases)))
    return StatedPolicy(name, said.title, said.question, said.owner, read.from_date, held is None, read.file, tables)


def _next(context: Context, name: str) -> Version | None:
    coming = (one for one in every_version(context, name) if one.place == BASE and one.is_known(context.now))
    return min(coming, key=lambda one: one.from_date, default=None)


def _tables(cases: Mapping[str, Any]) -> Iterator[str]:
    """Name the tables of a section ``cases``: the one of which each row is a case, and those that are joined to it."""
    if isinstance(cases.get("from"), str):
        yield cases["from"]
    joined = cases.get("join")
    for one in joined.values() if isinstance(joined, Mapping) else ():
        if isinstance(one, Mapping) and isinstance(one.get("table"), str):
            yield one["table"]
