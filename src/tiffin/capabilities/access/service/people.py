"""All that is known of one person: found, and handed over as one archive. Who is looked for is never on the trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tiffin.capabilities.access.domain.erasing import ACCOUNT, SoughtPerson
from tiffin.capabilities.access.domain.people_traces import LEAST_LETTERS
from tiffin.capabilities.access.service.people_facts import (
    FactRows,
    is_forgotten,
    kind_of,
    pseudonym_of,
    rows_naming,
    sealed_kinds,
)
from tiffin.capabilities.access.service.people_names import known_as
from tiffin.capabilities.access.service.people_rights import require_officer
from tiffin.capabilities.access.service.people_walk import EVIDENCE, Mention, walk
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """What there is of a person.

    Parameters
    ----------
    facts : tuple of FactRows
        Rows under his pseudonym, by table.
    sealed : mapping of str to int
        How many of his values are sealed, by table and column.
    records, evidence : tuple of Mention
        Operational records that name him: those that can change, and those that cannot.
    """

    person: SoughtPerson
    is_forgotten: bool
    facts: tuple[FactRows, ...]
    sealed: Mapping[str, int]
    records: tuple[Mention, ...]
    evidence: tuple[Mention, ...]

    @property
    def is_known(self) -> bool:
        """Tell whether there is anything of him."""
        return bool(self.facts or self.sealed or self.records or self.evidence)


def find_person(context: Context, person: SoughtPerson) -> FoundPerson:
    """Tell where a person is named: tables of facts, sealed values, operational records.

    Raises
    ------
    Forbidden
        The actor does not answer for personal data.
    WrongUse
        There is no such kind of person, or a word is too short.
    NotFound
        There is no such account.
    """
    require_officer(context)
    kind_of(person.kind)
    if len(person.identifier.strip()) < LEAST_LETTERS:
        raise WrongUse(
            Message(
                "Give who is meant in at least {count} letters or digits, as the source writes it.", count=LEAST_LETTERS
            )
        )
    whole = known_as(context, person)
    found = walk(context.session.connection(), whole.sought)
    facts = rows_naming(context, whole)
    told = {"facts": sum(one.rows for one in facts), "records": found.rows(evidence=False)}
    audit.record_read(context, action="person_sought", subject=told_of(context, whole), details=told)
    return FoundPerson(
        person=whole,
        is_forgotten=is_forgotten(context, whole),
        facts=facts,
        sealed=sealed_kinds(context, whole),
        records=tuple(one for one in found.mentions if one.table not in EVIDENCE),
        evidence=tuple(one for one in found.mentions if one.table in EVIDENCE),
    )


def told_of(context: Context, person: SoughtPerson) -> str:
    """Name a person for the trail: his pseudonym, which leads to nobody once he is erased; an account by its name."""
    if person.kind == ACCOUNT:
        return f"{ACCOUNT} {person.identifier}"
    pseudonym = pseudonym_of(context, person)
    return f"{person.kind} {pseudonym}" if pseudonym else f"{person.kind}, not known to facts"


def plain(found: FoundPerson) -> dict[str, Any]:
    """Give what was found as plain values, for programs."""
    return {
        "kind": found.person.kind,
        "id": found.person.identifier,
        "words": found.person.words,
        "is_forgotten": found.is_forgotten,
        "facts": found.facts,
        "sealed": dict(found.sealed),
        "records": found.records,
        "evidence": found.evidence,
    }
