"""Leave not to keep a standard: given with a reason and an owner until a day, and over by itself."""

from datetime import date, timedelta

from sqlalchemy import select

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.saying import OWNER_MAX
from tiffin.capabilities.catalog.domain.standards import WAIVER_DAYS_MAX, Waiver
from tiffin.capabilities.catalog.models import StandardWaiver
from tiffin.capabilities.catalog.service.standard_rules import read_standards
from tiffin.kernel.assets import AssetId
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

REASON_MIN, REASON_MAX = 10, 1000


def waivers_in_force(context: Context) -> tuple[Waiver, ...]:
    """List the waivers that hold today."""
    table = StandardWaiver.__table__
    wanted = select(table).where(table.c.ended_at.is_(None), table.c.ends_on >= context.now.date())
    return tuple(
        Waiver(row.waiver_id, row.rule, AssetId.parse(row.asset), row.reason, row.owner, row.ends_on, row.made_by)
        for row in context.unit.execute(wanted.order_by(table.c.ends_on, table.c.waiver_id))
    )


def waive(context: Context, asset: Asset, rule: str, *, reason: str, owner: str, ends_on: date) -> Waiver:
    """Give an asset leave not to keep a standard until a day; a newer waiver replaces one that is in force.

    Raises
    ------
    Forbidden
        The actor is no steward of all cities.
    NotFound
        There is no such standard.
    WrongUse
        Reason or owner is missing, or the day is past or more than a year ahead.
    """
    _require_steward(context)
    known = {one.name for one in read_standards(context.workspace, context.now.date())}
    if rule not in known:
        raise NotFound(
            Message("There is no standard {rule}. There are: {known}.", rule=rule, known=", ".join(sorted(known)))
        )
    today, said, named = context.now.date(), reason.strip(), owner.strip()
    if not REASON_MIN <= len(said) <= REASON_MAX or not 1 <= len(named) <= OWNER_MAX:
        raise WrongUse(
            Message("A waiver needs an owner and a reason of at least {least} characters.", least=REASON_MIN)
        )
    if not today <= ends_on <= today + timedelta(days=WAIVER_DAYS_MAX):
        raise WrongUse(Message("A waiver ends on a day between today and a year from now."))
    for older in waivers_in_force(context):
        if (older.asset, older.rule) == (asset.id, rule):
            _end(context, context.session.get_one(StandardWaiver, older.number))
    row = StandardWaiver(
        rule=rule,
        asset=asset.id.text,
        reason=said,
        owner=named,
        ends_on=ends_on,
        made_at=context.now,
        made_by=context.actor.name,
    )
    context.session.add(row)
    context.session.flush()
    details = {"rule": rule, "owner": named, "ends_on": ends_on.isoformat(), "waiver": row.waiver_id}
    audit.record(context, action="standard_waived", subject=asset.id.text, details=details)
    return Waiver(row.waiver_id, rule, asset.id, said, named, ends_on, row.made_by)


def end_waiver(context: Context, number: int) -> None:
    """Take a waiver back before its day.

    Raises
    ------
    Forbidden
        The actor is no steward of all cities.
    NotFound
        There is no such waiver in force.
    """
    _require_steward(context)
    row = context.session.get(StandardWaiver, number)
    if row is None or row.ended_at is not None or row.ends_on < context.now.date():
        raise NotFound(Message("There is no waiver {number} in force.", number=number))
    _end(context, row)
    audit.record(
        context, action="standard_waiver_ended", subject=row.asset, details={"rule": row.rule, "waiver": number}
    )


def _end(context: Context, row: StandardWaiver) -> None:
    row.ended_at, row.ended_by = context.now, context.actor.name
    context.session.flush()


def _require_steward(context: Context) -> None:
    if not context.actor.has_role_everywhere(Role.STEWARD):
        raise Forbidden(
            Message(
                "{name} may not waive standards: that takes the role steward for all cities. "
                "Ask an administrator for it.",
                name=context.actor.name,
            )
        )
