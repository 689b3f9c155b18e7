"""Rehearsals as people read them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.rehearsals.domain.comparison import Figures, read_figures
from tiffin.capabilities.rehearsals.domain.rehearsal import CAN_RUN, UNDER_WAY, Plan, Standing, standing
from tiffin.capabilities.rehearsals.domain.rosters import Roster
from tiffin.capabilities.rehearsals.models import Rehearsal
from tiffin.capabilities.rehearsals.service.run_scenarios import may_rehearse
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalView:
    """A rehearsal as it stands at the moment.

    Parameters
    ----------
    done : int
        Replications that are done, of ``plan.replications``.
    may_act : bool
        Whether the reader may run, cancel or delete it.
    """

    rehearsal_id: int
    plan: Plan
    country: str
    asked_by: str
    asked_at: datetime
    standing: Standing
    done: int
    begun_at: datetime | None
    ended_at: datetime | None
    failure: str | None
    figures: Figures | None
    receipt: Mapping[str, Any]
    may_act: bool

    @property
    def is_under_way(self) -> bool:
        """Tell whether it waits or runs."""
        return self.standing in UNDER_WAY

    @property
    def can_run(self) -> bool:
        """Tell whether the reader may run it, for the first time or again."""
        return self.may_act and self.standing in CAN_RUN


def list_rehearsals(context: Context) -> tuple[RehearsalView, ...]:
    """List the rehearsals of cities that the actor may see, newest first."""
    rows = context.session.scalars(select(Rehearsal).order_by(Rehearsal.rehearsal_id.desc()))
    return tuple(view_of(context, row) for row in rows if _may_see(context, row))


def find_rehearsal(context: Context, rehearsal_id: int) -> RehearsalView:
    """Find one rehearsal.

    Raises
    ------
    NotFound
        There is none of that number, or the actor may not see its city.
    """
    return view_of(context, _seen(context, context.session.get(Rehearsal, rehearsal_id), rehearsal_id))


def find_row(context: Context, rehearsal_id: int) -> Rehearsal:
    """Find the row of a rehearsal to change it: nobody else does meanwhile, where the database can see to that.

    Raises
    ------
    NotFound
        There is none of that number, or the actor may not see its city.
    """
    row = context.session.get(Rehearsal, rehearsal_id, with_for_update=True, populate_existing=True)
    return _seen(context, row, rehearsal_id)


def standing_of(context: Context, row: Rehearsal) -> Standing:
    """Tell how a rehearsal stands at the moment."""
    return standing(row.state, heard_at=row.heard_at, now=context.now)


def view_of(context: Context, row: Rehearsal) -> RehearsalView:
    """Give a row as people read it."""
    return RehearsalView(
        rehearsal_id=row.rehearsal_id,
        plan=read_plan(row.plan),
        country=row.country,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        standing=standing_of(context, row),
        done=row.done,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        failure=row.failure,
        figures=read_figures(row.figures) if row.figures else None,
        receipt=row.receipt or {},
        may_act=may_rehearse(context, country=row.country, city_id=row.city_id),
    )


def plain_plan(plan: Plan) -> dict[str, Any]:
    """Write a plan as plain JSON values."""
    return {**asdict(plan), "day": plan.day.isoformat(), "policies": list(plan.policies)}


def read_plan(kept: Mapping[str, Any]) -> Plan:
    """Read a plan as it is kept."""
    roster = kept["roster"]
    given = tuple((int(zone), int(on_min), int(off_min)) for zone, on_min, off_min in roster["given"])
    return Plan(
        **{name: value for name, value in kept.items() if name not in ("day", "policies", "roster")},
        day=date.fromisoformat(kept["day"]),
        policies=tuple(kept["policies"]),
        roster=Roster(riders_factor=roster["riders_factor"], given=given, name=roster["name"]),
    )


def _seen(context: Context, row: Rehearsal | None, rehearsal_id: int) -> Rehearsal:
    if row is None or not _may_see(context, row):
        raise NotFound(
            Message(
                "There is no rehearsal {number} that you may see. The page of rehearsals lists them.",
                number=rehearsal_id,
            )
        )
    return row


def _may_see(context: Context, row: Rehearsal) -> bool:
    return context.actor.may_see_city(country=row.country, city_id=row.city_id)
