"""Whether a row of a policy may decide by itself, by what became of the appeals against its verdicts."""

from sqlalchemy import select

from tiffin.capabilities.liability.domain.row_standing import RowState
from tiffin.capabilities.liability.models.appeals import RowStandingRecord
from tiffin.runtime.context import Context


def is_demoted(context: Context, policy: str, row: str) -> bool:
    """Tell whether people decide what a row of a policy would decide."""
    wanted = select(RowStandingRecord.state).where(
        RowStandingRecord.policy == policy, RowStandingRecord.row_name == row
    )
    return context.session.scalar(wanted) == RowState.DEMOTED.value
