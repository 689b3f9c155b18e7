"""Dashboards that travel: one self-contained file without script, holding what its recipient may see and no more."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo, available_timezones

from markupsafe import Markup
from sqlalchemy import select

from tiffin.capabilities.scorecards.domain.dashboards import Dashboard
from tiffin.capabilities.scorecards.models import SnapshotSchedule
from tiffin.capabilities.scorecards.service.library import find_dashboard
from tiffin.capabilities.scorecards.service.outbox import Posted, post
from tiffin.capabilities.scorecards.service.viewing import DashboardView, show_dashboard
from tiffin.capabilities.scorecards.service.words import PROMISES
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.auth import active_account, effective_actor
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_date, language_of, translate
from tiffin.web.page import STATIC
from tiffin.web.templating import render

KIND = "snapshot"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A dashboard that goes out every day, or on one weekday (ISO), at a local time."""

    schedule_id: int
    dashboard: str
    recipient: str
    address: Mapping[str, str]
    weekday: int | None
    local_time: str
    timezone: str


def dashboard_file(context: Context, dashboard: Dashboard, raw: Mapping[str, str]) -> str:
    """Write a dashboard as one self-contained file, over what the actor of the context may see."""
    return _file(context, show_dashboard(context, dashboard, raw))


def context_for(context: Context, recipient: str) -> Context:
    """Give a context in which an account itself acts: its grants hold, in its own language.

    Raises
    ------
    NotFound, Forbidden
        There is no such account, or it is disabled.
    """
    account = active_account(context.session, recipient)
    actor = effective_actor(context.session, account, now=context.now)
    return replace(context, actor=actor, locale=account.locale)


def send_dashboard(context: Context, name: str, *, to: str, raw: Mapping[str, str]) -> Posted:
    """Put a dashboard into the outbox for an account, as that account may see it; the same day's is put there once.

    Raises
    ------
    NotFound, Forbidden
        There is no such dashboard or account, or the actor may not send to others.
    """
    _require_sender(context, to)
    posted = _post(context, find_dashboard(context, name), to, raw)
    if posted.is_new:
        details = {"to": to, "message": posted.message_id, "address": dict(raw)}
        audit.record(context, action="dashboard_sent", subject=name, details=details)
    return posted


def schedule_dashboard(
    context: Context, name: str, *, to: str, raw: Mapping[str, str], at: str, timezone: str, weekday: int | None
) -> Schedule:
    """Let a dashboard go to an account every day or week.

    Raises
    ------
    WrongUse
        The time, the zone or the weekday cannot be read.
    NotFound, Forbidden
        There is no such dashboard or account, or the actor may not send to others.
    """
    _require_sender(context, to)
    find_dashboard(context, name)
    active_account(context.session, to)
    _minutes(at)
    if timezone not in available_timezones() or weekday not in (None, *range(1, 8)):
        raise WrongUse("A time zone such as Asia/Riyadh was expected, and a weekday from 1 (Monday) to 7, or none.")
    row = SnapshotSchedule(
        dashboard=name,
        recipient=to,
        address=urlencode(dict(raw)),
        weekday=weekday,
        local_time=at,
        timezone=timezone,
        made_by=context.actor.name,
        made_at=context.now,
    )
    context.session.add(row)
    context.session.flush()
    details = {"to": to, "at": at, "timezone": timezone, "weekday": weekday}
    audit.record(context, action="snapshot_scheduled", subject=name, details=details)
    return _schedule(row)


def list_schedules(context: Context) -> tuple[Schedule, ...]:
    """List the schedules that run: the actor's own, or all where he administers."""
    wanted = select(SnapshotSchedule).where(SnapshotSchedule.removed_at.is_(None))
    if not context.actor.has_role_everywhere(Role.ADMIN):
        wanted = wanted.where(SnapshotSchedule.recipient == context.actor.name)
    return tuple(_schedule(row) for row in context.session.scalars(wanted.order_by(SnapshotSchedule.schedule_id)))


def remove_schedule(context: Context, schedule_id: int) -> None:
    """Stop a schedule.

    Raises
    ------
    NotFound
        There is none of that number that the actor may stop.
    """
    row = context.session.get(SnapshotSchedule, schedule_id)
    mine = row is not None and context.actor.name in (row.recipient, row.made_by)
    if row is None or row.removed_at or not (mine or context.actor.has_role_everywhere(Role.ADMIN)):
        raise NotFound(f"There is no schedule {schedule_id} that you may stop. See `tiffin scorecards schedules`.")
    row.removed_at = context.now
    audit.record(context, action="snapshot_unscheduled", subject=row.dashboard, details={"to": row.recipient})


def send_due(context: Context) -> tuple[Posted, ...]:
    """Put every scheduled dashboard into the outbox that is due and has not gone out for its local day."""
    rows = context.session.scalars(select(SnapshotSchedule).where(SnapshotSchedule.removed_at.is_(None)))
    sent = []
    for row in list(rows):
        day = due_on(_schedule(row), context.now)
        if day is None or row.sent_for == day.isoformat():
            continue
        dashboard = find_dashboard(context, row.dashboard)
        sent.append(_post(context, dashboard, row.recipient, dict(parse_qsl(row.address))))
        row.sent_for = day.isoformat()
    return tuple(sent)


def due_on(schedule: Schedule, now: datetime) -> date | None:
    """Tell the local day for which a schedule is due; None before its time, and on other weekdays."""
    local = now.astimezone(ZoneInfo(schedule.timezone))
    if schedule.weekday not in (None, local.isoweekday()):
        return None
    return local.date() if local.hour * 60 + local.minute >= _minutes(schedule.local_time) else None


def _minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):  # noqa: PLR2004 - a clock
        raise WrongUse(f"A local time such as 07:30 was expected, {clock!r} was found.")
    return int(hour) * 60 + int(minute)


def _post(context: Context, dashboard: Dashboard, recipient: str, raw: Mapping[str, str]) -> Posted:
    own = context_for(context, recipient)
    view = show_dashboard(own, dashboard, raw)
    title = f"{dashboard.title.text(language_of(own.locale))}: {view.place}"
    day = format_date(view.chosen.days.last, own.locale)
    lines = [f"{tile.title}: {tile.value} {tile.change}".strip() for tile in view.tiles if tile.value]
    key = f"{KIND}|{dashboard.name}|{urlencode(sorted(view.address.items()))}"
    return post(
        own,
        key=key,
        recipient=recipient,
        kind=KIND,
        subject=f"{title}, {day}",
        text="\n".join((title, day, "", *lines)),
        html=_file(own, view),
    )


def _file(context: Context, view: DashboardView) -> str:
    promises = {key: translate(context.locale, words) for key, words in PROMISES.items()}
    simulated = any(tile.receipt is not None and tile.receipt.simulated for tile in view.tiles)
    return render(
        "scorecards/snapshot.html",
        context.locale,
        view=view,
        promises=promises,
        simulated=simulated,
        styles=tile_styles(),
        made_at=context.now,
        reader=context.actor.name,
    )


def tile_styles() -> Markup:
    """Give the style of tiles, for a self-contained file."""
    return Markup((STATIC / "dashboards.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file


def _require_sender(context: Context, to: str) -> None:
    if to != context.actor.name and not context.actor.has_role(Role.STEWARD, Role.CITY_MANAGER):
        raise Forbidden("Sending a dashboard to others takes the role steward or city_manager. Send it to yourself.")


def _schedule(row: SnapshotSchedule) -> Schedule:
    return Schedule(
        row.schedule_id,
        row.dashboard,
        row.recipient,
        dict(parse_qsl(row.address)),
        row.weekday,
        row.local_time,
        row.timezone,
    )
