"""What the actor of a unit of work is told of one order."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from tiffin.capabilities.metrics.service.policies import policy_of
from tiffin.capabilities.orders.domain.sight import OWN, PartySight, Sight, StaffSight, covers_order
from tiffin.capabilities.orders.queries import order_rows
from tiffin.capabilities.orders.service.asking import rows_of
from tiffin.engines.metrics.protection.allowances import Policy
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Actor, Role
from tiffin.runtime.classes import confirmed_classes, guarded_columns
from tiffin.runtime.context import Context
from tiffin.runtime.mask_key import mask_key

READERS = (
    Role.CITY_MANAGER,
    Role.SUPPORT,
    Role.ADJUDICATOR,
    Role.REVIEWER,
    Role.EXPERIENCE_MANAGER,
    Role.STEWARD,
    Role.ADMIN,
)
"""Roles that work with single orders. Viewers, analysts and auditors have numbers, and no orders."""

TOLD_OF_STAFF = tuple(role for role in READERS if role is not Role.SUPPORT)
"""Roles that are told who of the staff decided what; customer service answers for the platform, not for a colleague."""

_FLEET = "fleet_id"


def reading_policy(actor: Actor) -> Policy:
    """Give what those grants of an actor allow that are for single orders."""
    return policy_of(_reading(actor))


def sight_of(context: Context, order: Mapping[str, Any]) -> Sight:
    """Settle what the actor is told of an order.

    Raises
    ------
    NotFound
        Nothing: to him it is as if it were not there.
    """
    found = _party_sight(context, order) if context.actor.party is not None else _staff_sight(context, order)
    if found is None:
        raise unseen_order()
    return found


def unseen_order() -> NotFound:
    """Say that there is no such order among those that the reader may see."""
    return NotFound(Message("There is no such order that you may see. Look for it on the page of orders."))


def _staff_sight(context: Context, order: Mapping[str, Any]) -> StaffSight | None:
    policy = reading_policy(context.actor)
    known = {**order, _FLEET: _fleet(context, order, policy)}
    reaching = tuple(one for one in policy if covers_order(one, known))
    if not reaching:
        return None
    guarded = guarded_columns(confirmed_classes(context))
    telling = replace(context.actor, grants=tuple(one for one in context.actor.grants if one.role in TOLD_OF_STAFF))
    tells_staff = any(covers_order(one, known) for one in reading_policy(telling))
    return StaffSight(reaching, guarded, partial(mask_key, context), tells_staff=tells_staff)


def _party_sight(context: Context, order: Mapping[str, Any]) -> PartySight | None:
    party = context.actor.party
    if party is None or party.city_id != order["city_id"] or party.kind not in OWN:
        return None
    found = PartySight(party.kind, party.party_id, order)
    return found if found.tell("orders", order) is not None else None


def _reading(actor: Actor) -> Actor:
    """Leave an actor the grants that open single orders; those for single assets open numbers only."""
    return replace(actor, grants=tuple(one for one in actor.grants if one.role in READERS), asset_grants=())


def _fleet(context: Context, order: Mapping[str, Any], policy: Policy) -> str | None:
    """Look up the rider's fleet, where a grant is narrowed by it."""
    is_asked = any(name == _FLEET for one in policy for name, _ in one.within)
    if not is_asked or not order.get("rider_id"):
        return None
    found = rows_of(context, order_rows.fleet_of_rider(str(order["city_id"]), str(order["rider_id"])))
    return str(found[0][_FLEET]) if found and found[0][_FLEET] is not None else None
