"""What nobody uses: found from its use, proposed, announced, retired, and for a time brought back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tiffin.capabilities.adoption.domain.items import Happening, Item
from tiffin.capabilities.adoption.domain.retiring import hanging_on, is_long_enough, may_go, used_through
from tiffin.capabilities.adoption.domain.states import RETIREMENT, Kind
from tiffin.capabilities.adoption.models import AdoptionItem
from tiffin.capabilities.adoption.service.estate import Known, known
from tiffin.capabilities.adoption.service.parameters import read_parameters
from tiffin.capabilities.adoption.service.records import (
    NewItem,
    act,
    act_as_platform,
    chosen,
    find,
    item_of,
    open_item,
    require_grant,
    roles_of,
    standing_of,
    trail_of,
)
from tiffin.capabilities.adoption.service.telling import tell_author
from tiffin.capabilities.adoption.service.usage import last_uses
from tiffin.engines.cases.acting import offered
from tiffin.engines.cases.declaration import Transition
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.uses import noted_since, write_gathered

_RUNNING = ("proposed", "announced", "retired")


@dataclass(frozen=True, slots=True)
class Unused:
    """Something that nobody has used for long, and what hangs on it.

    Parameters
    ----------
    last_used : date or None
        Last day on which anybody did; None for never, as far back as views are kept.
    hanging : tuple of str
        What reads it, directly or through others, in the reader's words.
    used_through : tuple of str
        What of that is used: with any, it must stay.
    retirement : int or None
        Number of the retirement that runs already.
    """

    asset: str
    label: str
    address: str
    last_used: date | None
    hanging: tuple[str, ...]
    used_through: tuple[str, ...]
    retirement: int | None
    state: str

    @property
    def may_go(self) -> bool:
        """Tell whether its retirement can be proposed."""
        return not self.used_through and self.retirement is None


@dataclass(frozen=True, slots=True)
class UnusedReport:
    """What nobody uses, and how long views have been recorded.

    Parameters
    ----------
    is_long_enough : bool
        Whether views were recorded long enough for their absence to mean something; without that, nothing is listed.
    """

    watched_since: date | None
    is_long_enough: bool
    unused_since: date
    rows: tuple[Unused, ...]


@dataclass(frozen=True, slots=True)
class RetirementDetail:
    """A retirement with its trail and what the actor may do now."""

    item: Item
    label: str
    day: date | None
    hanging: tuple[str, ...]
    used_through: tuple[str, ...]
    trail: tuple[Happening, ...]
    actions: tuple[Transition, ...]


def list_unused(context: Context) -> UnusedReport:
    """List what nobody has used for as long as the parameters say, with what hangs on it."""
    require_grant(context)
    write_gathered(context)
    estate = known(context)
    since, used = _used(context, estate)
    watched = noted_since(context)
    days = (context.now.date() - since).days
    enough = is_long_enough(watched, context.now.date(), unused_after_days=days)
    if not enough:
        return UnusedReport(watched, enough, since, ())
    running = _running(context)
    before = last_uses(context, since=watched or since)
    rows = []
    for asset in sorted(one for one in estate.retirable if one not in used):
        hanging = tuple(sorted(hanging_on(asset, estate.readers)))
        through = used_through(asset, estate.readers, used)
        rows.append(
            Unused(
                asset=asset,
                label=estate.label(asset),
                address=estate.assets[asset].address,
                last_used=before.get(asset),
                hanging=estate.names(hanging),
                used_through=estate.names(through),
                retirement=running[asset].item_id if asset in running else None,
                state=running[asset].state if asset in running else "",
            )
        )
    return UnusedReport(
        watched,
        enough,
        since,
        tuple(sorted(rows, key=lambda one: (not one.may_go, one.last_used or date.min, one.label))),
    )


def propose(context: Context, asset: str) -> RetirementDetail:
    """Propose to retire something that nobody uses.

    Raises
    ------
    Forbidden
        The actor is neither steward nor analyst.
    Conflict
        It is used, something that is used hangs on it, its retirement runs already, or views were not recorded long
        enough to tell.
    """
    if not context.actor.has_role(Role.STEWARD, Role.ANALYST):
        raise Forbidden(
            Message("{name} may not propose retirements: that takes an analyst or a steward.", name=context.actor.name)
        )
    write_gathered(context)
    estate = known(context)
    since, used = _used(context, estate)
    days = (context.now.date() - since).days
    if not is_long_enough(noted_since(context), context.now.date(), unused_after_days=days):
        raise Conflict(
            Message("Views were not recorded for {days} days yet: nobody can tell what is unused.", days=days)
        )
    if asset in _running(context):
        raise Conflict(Message("The retirement of {asset} runs already.", asset=asset))
    if asset not in estate.retirable:
        raise WrongUse(Message("There is no metric or dashboard '{asset}' that could be retired.", asset=asset))
    _refuse_used(estate, asset, used)
    return _detail(context, open_item(context, NewItem(Kind.RETIREMENT, asset, subject=asset)))


def show_retirement(context: Context, item_id: int) -> RetirementDetail:
    """Show a retirement with what hangs on the asset now."""
    return _detail(context, find(context, item_id, kind=Kind.RETIREMENT))


def list_retirements(context: Context) -> tuple[Item, ...]:
    """List retirements, the newest first."""
    require_grant(context)
    return tuple(item_of(row) for row in context.session.scalars(chosen(Kind.RETIREMENT)))


def act_on_retirement(
    context: Context,
    item_id: int,
    action: str,
    values: Mapping[str, Any] | None = None,
    *,
    version: int | None = None,
) -> RetirementDetail:
    """Announce, object, retire, keep or bring back.

    Raises
    ------
    Conflict
        The notice has not run out, something that is used hangs on it by now, or it can no longer be brought back.
    WrongUse
        The announced day cannot be read, or leaves too little notice.
    """
    write_gathered(context)
    record = find(context, item_id, kind=Kind.RETIREMENT)
    said = {name: value for name, value in (values or {}).items() if value not in (None, "")}
    details = {**record.details}
    if action == "announce" and "on" in said:
        details["day"] = _notice(context, str(said["on"])).isoformat()
    if action == "retire":
        _refuse_early(context, record)
    if action == "restore":
        _refuse_late(context, record)
    act(context, record, action, said, version=version, details=details)
    _follow(context, record, action)
    tell_author(context, record, said=str(said.get("reason", "")), address=f"/adoption/retirements/{record.item_id}")
    return _detail(context, record)


def retired_assets(context: Context) -> Mapping[str, int]:
    """Give the assets that are retired, with the number of each retirement."""
    return {asset: row.item_id for asset, row in _running(context).items() if row.state == "retired"}


def _used(context: Context, estate: Known) -> tuple[date, frozenset[str]]:
    days = read_parameters(context.workspace, context.now.date())["unused_after_days"]
    since = context.now.date() - timedelta(days=days)
    return since, frozenset(last_uses(context, since=since)) | estate.serving


def _running(context: Context) -> Mapping[str, AdoptionItem]:
    rows = context.session.scalars(chosen(Kind.RETIREMENT, states=_RUNNING))
    return {row.subject: row for row in rows}


def _refuse_used(estate: Known, asset: str, used: frozenset[str]) -> None:
    if may_go((asset,), estate.readers, used):
        return
    through = estate.names(used_through(asset, estate.readers, used))
    raise Conflict(
        Message(
            "{asset} cannot go: it is in use{through}. Look at what hangs on it before you propose its end.",
            asset=asset,
            through=Message(", through {names}", names=", ".join(through[:5])) if through else "",
        )
    )


def _notice(context: Context, text: str) -> date:
    days = read_parameters(context.workspace, context.now.date())["notice_days"]
    earliest = context.now.date() + timedelta(days=days)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day < earliest:
        raise WrongUse(
            Message(
                "A day from {earliest} on was expected, as 2026-02-20 is written: people get {days} days to object. "
                "Found '{text}'.",
                earliest=earliest.isoformat(),
                days=days,
                text=text,
            )
        )
    return day


def _refuse_early(context: Context, record: AdoptionItem) -> None:
    day = date.fromisoformat(record.details["day"]) if record.details.get("day") else None
    if record.state == "announced" and day is not None and context.now.date() < day:
        raise Conflict(
            Message("It was announced for {day} and cannot go before. People may object until then.", day=str(day))
        )
    if record.state == "announced":
        estate = known(context)
        _refuse_used(estate, record.subject, _used(context, estate)[1])


def _refuse_late(context: Context, record: AdoptionItem) -> None:
    days = read_parameters(context.workspace, context.now.date())["restorable_days"]
    if record.closed_at is not None and context.now > record.closed_at + timedelta(days=days):
        raise Conflict(
            Message(
                "It was retired more than {days} days ago and can no longer be brought back by this. Ask for it anew.",
                days=days,
            )
        )


def _follow(context: Context, record: AdoptionItem, action: str) -> None:
    """Move requirements on whose products have all gone, or have come back."""
    if action not in ("retire", "restore"):
        return
    gone = set(retired_assets(context))
    wanted = chosen(Kind.REQUIREMENT, states=("launched", "kept") if action == "retire" else ("retired",))
    for one in context.session.scalars(wanted):
        products = set(one.details.get("products") or ())
        if record.subject in products and (action == "restore" or products <= gone):
            act_as_platform(context, one, "retired" if action == "retire" else "restored", {"by": record.subject})


def _detail(context: Context, record: AdoptionItem) -> RetirementDetail:
    estate = known(context)
    used = _used(context, estate)[1]
    day = record.details.get("day")
    return RetirementDetail(
        item=item_of(record),
        label=estate.label(record.subject),
        day=date.fromisoformat(day) if day else None,
        hanging=estate.names(tuple(sorted(hanging_on(record.subject, estate.readers)))),
        used_through=estate.names(used_through(record.subject, estate.readers, used)),
        trail=trail_of(context, record.item_id),
        actions=offered(
            RETIREMENT,
            standing_of(context, record),
            actor=context.actor.name,
            roles=roles_of(context.actor, record),
        ),
    )
