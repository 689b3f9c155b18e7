"""Drafts of our own table contracts from contracts of others."""

from dataclasses import dataclass

from tiffin.engines.contracts import drafting
from tiffin.engines.contracts.standard import Contract
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message
from tiffin.runtime.contracts.form import check_document
from tiffin.runtime.contracts.plain_yaml import write_plain


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as a file of our own contracts holds it, and what had to be changed."""

    table: str
    text: str
    told: tuple[tuple[str, Message], ...]


def drafts_of(contract: Contract) -> tuple[Drafted, ...]:
    """Draft a contract for each table of somebody else's that has columns.

    Raises
    ------
    InvalidDefinition
        It has no table with columns.
    """
    drafts = drafting.drafts_of(contract)
    if not drafts:
        raise InvalidDefinition(
            Message("The contract has no table with columns, and nothing can be drafted from it. Ask for one that has.")
        )
    for draft in drafts:
        check_document(draft.document, draft.table)
    return tuple(Drafted(draft.table, write_plain(draft.document), draft.told) for draft in drafts)
