"""Who uses what was launched: weekly users against the target, coverage of the intended role, repeat use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select

from tiffin.capabilities.adoption.domain.items import Launch
from tiffin.capabilities.adoption.domain.states import Kind
from tiffin.capabilities.adoption.domain.usage import (
    LOOKED_BACK_WEEKS,
    Seen,
    WeekOfUse,
    monday_of,
    mondays,
    weeks_of_use,
)
from tiffin.capabilities.adoption.models import AdoptionItem
from tiffin.capabilities.adoption.service.records import chosen, find, require_grant
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.audit import Outcome
from tiffin.runtime.context import Context
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.tables import ACCOUNTS, GRANTS
from tiffin.runtime.uses import ASSET_USES, write_gathered

WEEKS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Use:
    """How something is used, week by week, the oldest first.

    Parameters
    ----------
    meant_for : int or None
        How many accounts it is for; None where it is for nobody in particular.
    waited_days : float or None
        From the question to the launch.
    """

    subjects: tuple[str, ...]
    weeks: tuple[WeekOfUse, ...]
    target_users: int | None = None
    meant_for: int | None = None
    waited_days: float | None = None


def list_launches(context: Context) -> tuple[Launch, ...]:
    """List what was launched, the newest first."""
    require_grant(context)
    rows = context.session.scalars(chosen(Kind.REQUIREMENT))
    launched = [_launch(row) for row in rows if row.details.get("launch")]
    return tuple(sorted(launched, key=lambda one: (one.launched_at, one.item_id), reverse=True))


def find_launch(context: Context, item_id: int) -> Launch:
    """Find what was launched for a requirement.

    Raises
    ------
    NotFound
        There is no such requirement, or nothing was launched for it yet.
    """
    record = find(context, item_id, kind=Kind.REQUIREMENT)
    if not record.details.get("launch"):
        raise NotFound(Message("Nothing has been launched for requirement {number} yet.", number=item_id))
    return _launch(record)


def use_of_launch(context: Context, item_id: int) -> Use:
    """Measure the use of what was launched, from the week of its launch on, the last twelve at most."""
    write_gathered(context)
    launch = find_launch(context, item_id)
    asked_at = find(context, item_id, kind=Kind.REQUIREMENT).opened_at
    accounts = accounts_with(context, role=launch.role, places=launch.places)
    weeks = _weeks(context, since=launch.launched_at.date())
    seen = _seen(context, launch.products, weeks[0])
    return Use(
        subjects=launch.products,
        weeks=weeks_of_use(seen, weeks, meant_for=accounts),
        target_users=launch.target_users,
        meant_for=len(accounts),
        waited_days=(launch.launched_at - asked_at) / timedelta(days=1),
    )


def use_of_asset(context: Context, asset: str) -> Use:
    """Measure the use of any asset or page over the last twelve weeks."""
    require_grant(context)
    write_gathered(context)
    weeks = _weeks(context, since=date.min + timedelta(days=7))
    return Use((asset,), weeks_of_use(_seen(context, (asset,), weeks[0]), weeks))


def accounts_with(context: Context, *, role: str, places: tuple[str, ...]) -> frozenset[str]:
    """Name the accounts that hold a role now, anywhere in some countries; without countries, anywhere."""
    in_force = (
        select(ACCOUNTS.c.name, GRANTS.c.countries)
        .join_from(ACCOUNTS, GRANTS, ACCOUNTS.c.account_id == GRANTS.c.account_id)
        .where(ACCOUNTS.c.disabled_at.is_(None), GRANTS.c.revoked_at.is_(None), GRANTS.c.role == role)
        .where(or_(GRANTS.c.expires_at.is_(None), GRANTS.c.expires_at > context.now))
    )
    held = ((row.name, row.countries) for row in context.unit.execute(in_force))
    return frozenset(name for name, countries in held if not places or {"*", *places}.intersection(countries))


def last_uses(context: Context, *, since: date) -> Mapping[str, date]:
    """Give, by asset, the last day on which anybody used it: saw it on a page, or read its rows in any path.

    Every read that the audit trail holds counts, under the name that it gives: an asset's, or a metric's. What is still
    held in memory is written by whoever asks, before anything else of its unit is: one transaction writes at a time.
    """
    used = ASSET_USES.c
    wanted = select(used.asset, func.max(used.day).label("last")).where(used.day >= since).group_by(used.asset)
    found: dict[str, date] = {row.asset: row.last for row in context.unit.execute(wanted)}
    begun = datetime.combine(since, datetime.min.time(), context.now.tzinfo)
    read = select(AuditEntry.subject, func.max(AuditEntry.at)).where(
        AuditEntry.at >= begun, AuditEntry.outcome == Outcome.READ.value
    )
    for subject, at in context.session.execute(read.group_by(AuditEntry.subject)):
        for one in subject.split(", "):
            name = one if ":" in one else f"metric:{one}"
            found[name] = max(found.get(name, date.min), at.date())
    return found


def _weeks(context: Context, *, since: date) -> tuple[date, ...]:
    today = context.now.date()
    return mondays(max(since, today - timedelta(weeks=WEEKS_SHOWN - 1)), today)


def _seen(context: Context, subjects: tuple[str, ...], first: date) -> list[Seen]:
    since = monday_of(first) - timedelta(weeks=LOOKED_BACK_WEEKS)
    used = ASSET_USES.c
    uses, waited = func.sum(used.uses).label("uses"), func.sum(used.milliseconds).label("waited")
    wanted = select(used.day, used.actor, uses, waited).where(used.asset.in_(subjects), used.day >= since)
    found = context.unit.execute(wanted.group_by(used.day, used.actor))
    return [Seen(row.day, row.actor, int(row.uses), round(row.waited)) for row in found]


def _launch(record: AdoptionItem) -> Launch:
    told = record.details["launch"]
    return Launch(
        item_id=record.item_id,
        headline=record.headline,
        launched_at=datetime.fromisoformat(told["launched_at"]),
        products=tuple(record.details.get("products") or ()),
        notes=told["notes"],
        training=told["training"],
        owner=told["owner"],
        target_users=int(told["target_users"]),
        role=told["role"],
        places=tuple(told["places"]),
        state=record.state,
    )
