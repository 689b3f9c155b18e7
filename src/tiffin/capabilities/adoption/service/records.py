"""Items in the database: opened, moved on by one event at a time, and read by those who have a grant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update

from tiffin.capabilities.adoption.domain.items import Happening, Item
from tiffin.capabilities.adoption.domain.states import ANALYST, ASKER, READER, STEWARD, TABLES
from tiffin.capabilities.adoption.models import AdoptionEvent, AdoptionItem
from tiffin.engines.cases.acting import PLATFORM, check_action
from tiffin.engines.cases.clocks import due_times
from tiffin.engines.cases.declaration import OPENED, CaseType
from tiffin.engines.cases.folding import Event, Standing, after, begun, fold
from tiffin.engines.cases.office import OfficeHours
from tiffin.kernel.errors import Conflict, Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import EVERY, Actor, Grant, Role
from tiffin.runtime.context import Context

TEXT_MAX = 4000
_HOURS = OfficeHours("UTC")


@dataclass(frozen=True, slots=True)
class NewItem:
    """Something that shall wait for somebody."""

    kind: str
    headline: str
    subject: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def require_grant(context: Context) -> None:
    """Refuse whoever has no grant at all.

    Raises
    ------
    Forbidden
        No grant is in force.
    """
    if not context.actor.grants:
        said = Message(
            "{name} may not see or ask anything here: no grant is in force. Ask an administrator for one.",
            name=context.actor.name,
        )
        raise Forbidden(said)


def roles_of(actor: Actor, record: AdoptionItem) -> frozenset[str]:
    """Tell what an actor is to an item: whoever opened it, a reader, or somebody with a role over its places.

    An item without places concerns everybody: its steward or analyst is one of everywhere.
    """
    if not actor.grants:
        return frozenset()
    held = {READER} | ({ASKER} if record.author == actor.name else set())
    places = record.details.get("places") or []
    for role, name in ((Role.ANALYST, ANALYST), (Role.STEWARD, STEWARD)):
        if any(_reaches(grant, places) for grant in actor.grants if grant.role in (role, Role.ADMIN)):
            held.add(name)
    return frozenset(held)


def _reaches(grant: Grant, places: list[list[str]]) -> bool:
    if EVERY in grant.countries or EVERY in grant.cities:
        return True
    return bool(places) and all(grant.covers(country=country, city_id=city) for country, city in places)


def open_item(context: Context, new: NewItem, *, author: str | None = None) -> AdoptionItem:
    """Add an item in the name of the actor.

    Parameters
    ----------
    author : str or None
        Whose it is, where the actor writes down what somebody else said.
    """
    require_grant(context)
    table = TABLES[new.kind]
    event = Event(1, context.now, context.actor.name, OPENED)
    record = AdoptionItem(
        kind=new.kind,
        headline=new.headline[:TEXT_MAX],
        details=dict(new.details),
        author=author or context.actor.name,
        subject=new.subject,
        **_columns(table, begun(table, event)),
    )
    context.session.add(record)
    context.session.flush()
    context.session.add(_row(record.item_id, event))
    audit.record(context, action=f"{new.kind}_opened", subject=str(record.item_id), details={"about": new.subject})
    return record


def find(context: Context, item_id: int, *, kind: str) -> AdoptionItem:
    """Find an item of a sort.

    Raises
    ------
    NotFound
        There is none of that number.
    Forbidden
        The actor has no grant.
    """
    require_grant(context)
    record = context.session.get(AdoptionItem, item_id)
    if record is None or record.kind != kind:
        raise NotFound(
            Message("There is no item {number} of this sort. The lists of adoption name all there are.", number=item_id)
        )
    return record


def act(
    context: Context,
    record: AdoptionItem,
    action: str,
    values: Mapping[str, Any] | None = None,
    *,
    version: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> Standing:
    """Let the actor act on an item.

    Parameters
    ----------
    version : int or None
        Version that the actor saw when he decided; None decides on whatever stands now.
    details : mapping or None
        What becomes of the item's own details with it.

    Raises
    ------
    Conflict
        Somebody else acted meanwhile, or the action cannot be taken in this state.
    Forbidden
        The actor may not, or may not do both this and what he did before.
    WrongUse
        A value is missing, unknown or not among the choices.
    """
    table, standing = TABLES[record.kind], standing_of(context, record)
    if version is not None and version != standing.version:
        raise _came_first(record.item_id)
    said = {name: value for name, value in (values or {}).items() if value not in (None, "")}
    check_action(table, standing, action, actor=context.actor.name, roles=roles_of(context.actor, record), values=said)
    event = Event(standing.version + 1, context.now, context.actor.name, action, _short(said))
    moved = _move(context, record, after(table, standing, event), event, details)
    told = {"action": action, "state": record.state}
    audit.record(context, action=f"{record.kind}_acted", subject=str(record.item_id), details=told)
    return moved


def act_as_platform(
    context: Context, record: AdoptionItem, action: str, values: Mapping[str, Any] | None = None
) -> Standing:
    """Let the platform itself act on an item, as a consequence of what the actor did elsewhere."""
    table, standing = TABLES[record.kind], standing_of(context, record)
    event = Event(standing.version + 1, context.now, PLATFORM, action, dict(values or {}), is_platform=True)
    moved = _move(context, record, after(table, standing, event), event, None)
    told = {"action": action, "state": record.state, "by": context.actor.name}
    audit.record(context, action=f"{record.kind}_acted", subject=str(record.item_id), details=told, actor=PLATFORM)
    return moved


def standing_of(context: Context, record: AdoptionItem) -> Standing:
    """Fold an item's events."""
    rows = context.session.scalars(_events(record.item_id))
    return fold(TABLES[record.kind], [_event(row) for row in rows])


def trail_of(context: Context, item_id: int) -> tuple[Happening, ...]:
    """List what happened to an item, oldest first."""
    rows = context.session.scalars(_events(item_id))
    return tuple(Happening(row.at, row.actor, row.action, row.details, row.is_platform) for row in rows)


def last_said(context: Context, item_id: int, action: str) -> Mapping[str, Any]:
    """Give what was said when an action was last taken; nothing where it never was."""
    said = [one.values for one in trail_of(context, item_id) if one.action == action]
    return said[-1] if said else {}


def item_of(record: AdoptionItem) -> Item:
    """Give an item as lists show it."""
    return Item(
        item_id=record.item_id,
        kind=record.kind,
        headline=record.headline,
        state=record.state,
        author=record.author,
        subject=record.subject,
        assignee=record.assignee,
        opened_at=record.opened_at,
        due_at=record.due_at,
        closed_at=record.closed_at,
        version=record.version,
        details=record.details,
    )


def chosen(kind: str, *, states: tuple[str, ...] = (), author: str | None = None) -> Select[AdoptionItem]:
    """Select items of a sort, newest first."""
    wanted = select(AdoptionItem).where(AdoptionItem.kind == kind).order_by(AdoptionItem.item_id.desc())
    wanted = wanted.where(AdoptionItem.state.in_(states)) if states else wanted
    return wanted.where(AdoptionItem.author == author) if author else wanted


def _move(
    context: Context,
    record: AdoptionItem,
    standing: Standing,
    event: Event,
    details: Mapping[str, Any] | None,
) -> Standing:
    columns = _columns(TABLES[record.kind], standing)
    if details is not None:
        columns["details"] = dict(details)
    mine = (AdoptionItem.item_id == record.item_id) & (AdoptionItem.version == event.sequence - 1)
    done: Any = context.session.execute(update(AdoptionItem).where(mine).values(**columns))
    if done.rowcount != 1:
        raise _came_first(record.item_id)
    context.session.add(_row(record.item_id, event))
    context.session.flush()
    context.session.refresh(record)
    return standing


def _events(item_id: int) -> Select[AdoptionEvent]:
    return select(AdoptionEvent).where(AdoptionEvent.item_id == item_id).order_by(AdoptionEvent.sequence)


def _event(row: AdoptionEvent) -> Event:
    return Event(row.sequence, row.at, row.actor, row.action, row.details, row.is_platform)


def _row(item_id: int, event: Event) -> AdoptionEvent:
    return AdoptionEvent(
        item_id=item_id,
        sequence=event.sequence,
        at=event.at,
        actor=event.actor,
        action=event.action,
        is_platform=event.is_platform,
        details=dict(event.values),
    )


def _columns(table: CaseType, standing: Standing) -> dict[str, Any]:
    due: Mapping[str, datetime] = due_times(table, standing, _HOURS)
    return {
        "state": standing.state,
        "version": standing.version,
        "assignee": standing.assignee,
        "opened_at": standing.opened_at,
        "closed_at": standing.closed_at,
        "due_at": min(due.values(), default=None),
    }


def _short(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value[:TEXT_MAX] if isinstance(value, str) else value for name, value in said.items()}


def _came_first(item_id: int) -> Conflict:
    return Conflict(
        Message(
            "Somebody else did something to item {number} after you had opened it, so nothing of yours was done. "
            "Look at what happened, then decide again.",
            number=item_id,
        )
    )
