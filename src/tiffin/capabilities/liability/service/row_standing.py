"""Whether a row of a policy may decide by itself, by what became of the appeals against its verdicts."""

from functools import partial

from sqlalchemy import select

from tiffin.capabilities.liability.domain.row_standing import RowState
from tiffin.capabilities.liability.models.appeals import RowStandingRecord
from tiffin.capabilities.liability.service.row_owners import row_digest
from tiffin.runtime.context import Context


def is_demoted(context: Context, policy: str, row: str) -> bool:
    """Tell whether people decide what a row of a policy would decide."""
    return (policy, row) in demoted_rows(context)


def demoted_rows(context: Context) -> frozenset[tuple[str, str]]:
    """Name the policies and rows in whose place people decide; whoever judges many asks once.

    A row that was written otherwise since it was demoted is none of them, from the moment at which that is published.
    """
    return context.unit.remembered("demoted rows", partial(_demoted, context))


def _demoted(context: Context) -> frozenset[tuple[str, str]]:
    wanted = select(RowStandingRecord.policy, RowStandingRecord.row_name, RowStandingRecord.row_digest).where(
        RowStandingRecord.state == RowState.DEMOTED.value
    )
    return frozenset(
        (row.policy, row.row_name)
        for row in context.session.execute(wanted)
        if row_digest(context, row.policy, row.row_name) == row.row_digest
    )
