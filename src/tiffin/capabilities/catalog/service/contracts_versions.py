"""Versions of contracts on their way: registered, announced, answered, and put in force by agreement."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from tiffin.capabilities.catalog.domain.contracts import Answer, Version
from tiffin.capabilities.catalog.service.contracts import contract_in_force, shipped_text
from tiffin.capabilities.catalog.service.contracts_consumers import accounts, consumers_of, tell
from tiffin.capabilities.catalog.service.contracts_known import (
    find_version,
    hindrances,
    may_answer,
    need_state,
    need_steward,
    version_row,
)
from tiffin.capabilities.catalog.service.contracts_notice import read_notice
from tiffin.capabilities.catalog.service.contracts_silence import lapse, settle
from tiffin.engines.contracts.changes import Severity
from tiffin.engines.contracts.comparing import Comparison, compare
from tiffin.kernel.errors import Conflict, Forbidden, InvalidDefinition, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.contracts.effect import VersionState
from tiffin.runtime.contracts.form import import_contract
from tiffin.runtime.contracts.records import ContractConsumer, ContractVersion

REASON_MAX = 2000
_SHOWN = 200


def register(context: Context, table: str, text: str) -> Version:
    """Register the next version of a table's contract; nothing changes for anybody yet.

    Raises
    ------
    Forbidden
        The actor is no steward of everything.
    InvalidDefinition
        It is no contract of the table, changes nothing, or bears a number that promises more than it keeps.
    Conflict
        That version is registered already.
    """
    need_steward(context)
    new = import_contract(text, f"The new contract of {table}")
    comparison = compare(contract_in_force(context, table), new)
    _check(table, [one.name for one in new.schema or ()], comparison)
    if context.session.get(ContractVersion, (table, comparison.new)) is not None:
        raise Conflict(
            Message(
                "Version {version} of the contract of {table} is registered already. Give the new one a higher number.",
                version=comparison.new,
                table=table,
            )
        )
    _keep_first(context, table, comparison.old)
    row = ContractVersion(
        table=table,
        version=comparison.new,
        state=VersionState.REGISTERED.value,
        document=text,
        against=comparison.old,
        severity=str(comparison.severity),
        changes=_told(comparison),
        registered_by=context.actor.name,
        registered_at=context.now,
    )
    context.session.add(row)
    context.session.flush()
    _note(context, "contract_registered", row, severity=row.severity, against=row.against)
    return find_version(context, table, row.version)


def announce(context: Context, table: str, version: str) -> Version:
    """Tell everybody of whom something breaks, and let the notice run.

    Raises
    ------
    Forbidden
        The actor is no steward of everything.
    Conflict
        It was announced before, or breaks nobody.
    """
    need_steward(context)
    row = version_row(context, table, version)
    need_state(row, VersionState.REGISTERED)
    if row.severity != Severity.BREAKING:
        raise Conflict(
            Message("Version {version} breaks nobody and needs no announcement; put it in force.", version=version)
        )
    notice = read_notice(context.workspace, context.now.date())
    row.state, row.announced_by, row.announced_at = VersionState.ANNOUNCED.value, context.actor.name, context.now
    row.notice_ends_at = context.now + timedelta(days=notice.days)
    changes = compare(contract_in_force(context, table), import_contract(row.document, table)).changes
    told = consumers_of(context, table, changes)
    for name, assets in told.items():
        context.session.add(
            ContractConsumer(table=table, version=version, consumer=name, assets=list(assets), told_at=context.now)
        )
        day = row.notice_ends_at.date().isoformat()
        tell(context, name, table=table, version=version, count=len(assets), day=day)
    context.session.flush()
    _note(context, "contract_announced", row, consumers=len(told))
    return find_version(context, table, version)


def answer(context: Context, table: str, version: str, consumer: str, said: Answer, reason: str = "") -> Version:
    """Say for a consumer that he agrees or objects; a later answer takes the place of an earlier one.

    Raises
    ------
    Forbidden
        The actor may not answer for him: an account answers for itself; a team is answered for by one of its people
        who did not make the version, or by another steward where nobody belongs to it; one that stayed silent, once the
        notice is over, by another steward.
    WrongUse
        He objects without a reason.
    NotFound, Conflict
        He is no consumer of the version, or it is not announced.
    """
    row = version_row(context, table, version)
    need_state(row, VersionState.ANNOUNCED)
    mine = context.session.get(ContractConsumer, (table, version, consumer))
    if mine is None or not may_answer(context, row, mine, accounts(context)):
        raise Forbidden(
            Message(
                "{name} may not answer for {consumer}. An account answers for itself; for a team, one of its people "
                "who did not register or announce the version; where nobody belongs to it, another steward.",
                name=context.actor.name,
                consumer=consumer,
            )
        )
    reason = " ".join(reason.split())[:REASON_MAX]
    if said is Answer.OBJECTED and not reason:
        raise WrongUse(Message("An objection needs a reason, so that the others can mend what is wrong. Write one."))
    mine.answer, mine.reason = said.value, reason
    mine.answered_by, mine.answered_at = context.actor.name, context.now
    context.session.flush()
    settle(context, row, consumer, said)
    _note(context, "contract_answered", row, consumer=consumer, answer=said.value)
    return find_version(context, table, version)


def put_in_force(context: Context, table: str, version: str) -> Version:
    """Let a version take effect; a second steward does so, and a breaking one waits for everybody's word.

    Raises
    ------
    Forbidden
        The actor is no steward of everything, or registered the version himself.
    Conflict
        Somebody has not agreed, or the version is not at that point.
    """
    need_steward(context)
    row = version_row(context, table, version)
    breaking = row.severity == Severity.BREAKING
    need_state(row, VersionState.ANNOUNCED if breaking else VersionState.REGISTERED)
    if row.registered_by == context.actor.name:
        raise Forbidden(
            Message(
                "{name} registered version {version}; somebody else puts it in force, so that four eyes saw it.",
                name=context.actor.name,
                version=version,
            )
        )
    waiting = hindrances(context, find_version(context, table, version))
    if waiting:
        raise Conflict(
            Message(
                "Version {version} of the contract of {table} does not take effect yet: {names} have not agreed. Their "
                "notice runs until {day}.",
                version=version,
                table=table,
                names=", ".join(waiting),
                day=row.notice_ends_at.date().isoformat() if row.notice_ends_at else "",
            )
        )
    for one in context.session.scalars(select(ContractVersion).where(ContractVersion.table == table)):
        if one.state == VersionState.IN_FORCE:
            one.state = VersionState.REPLACED.value
    row.state, row.in_force_by, row.in_force_at = VersionState.IN_FORCE.value, context.actor.name, context.now
    context.session.flush()
    _note(context, "contract_put_in_force", row)
    return find_version(context, table, version)


def withdraw(context: Context, table: str, version: str) -> Version:
    """Take a version back that is not in force.

    Raises
    ------
    Forbidden
        The actor is no steward of everything.
    Conflict
        It is in force, or was.
    """
    need_steward(context)
    row = version_row(context, table, version)
    need_state(row, VersionState.REGISTERED, VersionState.ANNOUNCED)
    row.state = VersionState.WITHDRAWN.value
    _note(context, "contract_withdrawn", row)
    context.session.flush()
    lapse(context, row)
    return find_version(context, table, version)


def _check(table: str, names: list[str | None], comparison: Comparison) -> None:
    if names != [table]:
        raise InvalidDefinition(
            Message(
                "A contract of the one table {table} was expected, one of {names} was found. Hand in the table's own.",
                table=table,
                names=", ".join(map(str, names)) or "-",
            )
        )
    if not comparison.changes:
        raise InvalidDefinition(
            Message("It says the same as version {version}, which is in force.", version=comparison.old)
        )
    if not comparison.is_honest:
        raise InvalidDefinition(
            Message(
                "Version {new} promises more than it keeps: what changed since {old} is {severity}, first of all at "
                "{path}. "
                "The least honest number is {least}.",
                new=comparison.new,
                old=comparison.old,
                severity=str(comparison.severity),
                path=comparison.changes[0].path,
                least=comparison.least,
            )
        )


def _keep_first(context: Context, table: str, version: str) -> None:
    """Keep the contract that came with the code as the first version, once another is to follow it."""
    if context.session.get(ContractVersion, (table, version)) is None:
        first = ContractVersion(
            table=table,
            version=version,
            state=VersionState.IN_FORCE.value,
            document=shipped_text(table),
            against="",
            severity="",
            changes=[],
            registered_by="platform",
            registered_at=context.now,
            in_force_by="platform",
            in_force_at=context.now,
        )
        context.session.add(first)


def _told(comparison: Comparison) -> list[dict[str, str]]:
    return [
        {
            "kind": change.kind.value,
            "path": change.path,
            "severity": change.severity.value,
            "side": change.verdict.side.value,
            "before": _short(change.before),
            "after": _short(change.after),
            "why": change.verdict.why.text,
        }
        for change in comparison.changes
    ]


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _note(context: Context, action: str, row: ContractVersion, **details: object) -> None:
    plain: Mapping[str, object] = {"version": row.version, **details}
    audit.record(context, action=action, subject=row.table, details=plain)
