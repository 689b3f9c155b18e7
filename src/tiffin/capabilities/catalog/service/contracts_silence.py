"""Silence about a breaking version: a case for the stewards, settled when somebody answers."""

from sqlalchemy import select

from tiffin.capabilities.cases.domain.case import CaseDetail, NewCase
from tiffin.capabilities.cases.domain.contract_cases import CONTRACT_SILENCE
from tiffin.capabilities.cases.service import act_for_platform, guided_case, guided_cases, open_case
from tiffin.capabilities.catalog.domain.contracts import Answer, Silence
from tiffin.capabilities.catalog.service.contracts_consumers import ESCALATED, escalate
from tiffin.capabilities.catalog.service.contracts_known import consumer_rows, need_steward
from tiffin.capabilities.catalog.service.contracts_notice import read_notice
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.contracts.effect import VersionState
from tiffin.runtime.contracts.records import ContractVersion
from tiffin.runtime.models import Account, AccountGrant

KIND = CONTRACT_SILENCE.name


def escalate_silence(context: Context) -> tuple[tuple[str, str, str], ...]:
    """Open a case for whoever stayed silent until the notice ended, and tell the stewards; run it every morning.

    Returns
    -------
    tuple of (table, version, consumer)
        What was escalated now; a second run gives nothing.

    Raises
    ------
    Forbidden
        The actor is no steward of everything.
    """
    need_steward(context)
    if read_notice(context.workspace, context.now.date()).silence is Silence.AGREE:
        return ()
    wanted = select(ContractVersion).where(
        ContractVersion.state == VersionState.ANNOUNCED.value, ContractVersion.notice_ends_at <= context.now
    )
    done = []
    for row in context.session.scalars(wanted).all():
        for one in consumer_rows(context, row):
            if one.answer is None and one.escalated_at is None:
                escalate(context, one.consumer, _stewards(context), table=row.table, version=row.version)
                _open(context, row, one.consumer)
                one.escalated_at = context.now
                done.append((row.table, row.version, one.consumer))
    context.session.flush()
    return tuple(done)


def settle(context: Context, row: ContractVersion, consumer: str, said: Answer) -> None:
    """Close the case about a consumer's silence once somebody has answered for it."""
    for one in _open_cases(context, row):
        if one.values["consumer"] == consumer:
            values = {"answer": said.value, "by": context.actor.name}
            act_for_platform(context, one.summary.case_id, "settle", values)


def lapse(context: Context, row: ContractVersion) -> None:
    """Close the cases about a version that was withdrawn: nobody needs to answer any more."""
    for one in _open_cases(context, row):
        act_for_platform(context, one.summary.case_id, "lapse", {"by": context.actor.name})


def table_of_case(context: Context, case_id: int) -> str:
    """Name the table whose page answers a case about silence.

    Raises
    ------
    Forbidden
        The actor is no steward of everything.
    NotFound
        There is no such case.
    """
    need_steward(context)
    return guided_case(context, case_id).summary.subject


def _open(context: Context, row: ContractVersion, consumer: str) -> None:
    values = {"table": row.table, "version": row.version, "consumer": consumer}
    key = f"contract|{row.table}|{row.version}|{consumer}"
    found = open_case(context, NewCase(KIND, key, ESCALATED, values, subject=row.table))
    details = {"version": row.version, "consumer": consumer, "case": found.case_id}
    audit.record(context, action="contract_silence_escalated", subject=row.table, details=details)


def _open_cases(context: Context, row: ContractVersion) -> tuple[CaseDetail, ...]:
    found = guided_cases(context, KIND, subject=row.table)
    return tuple(one for one in found if one.values["version"] == row.version)


def _stewards(context: Context) -> tuple[str, ...]:
    """Name the accounts that are stewards or administrators of everything now."""
    wanted = (
        select(Account.name)
        .join(AccountGrant, AccountGrant.account_id == Account.account_id)
        .where(
            AccountGrant.role.in_([Role.STEWARD.value, Role.ADMIN.value]),
            AccountGrant.revoked_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .distinct()
    )
    return tuple(sorted(context.session.scalars(wanted)))
