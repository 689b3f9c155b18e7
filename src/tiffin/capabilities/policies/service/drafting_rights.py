"""Who may write, review and take back what of a policy: a right over each place that it touches."""

from collections.abc import Iterable

from tiffin.capabilities.policies.domain.versions import BASE, PARAMETERS
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import EVERY, Grant, Role
from tiffin.runtime.context import Context

AUTHORS = (Role.ANALYST, Role.STEWARD)
PUBLISHERS = (Role.STEWARD,)


def may_read_drafts(context: Context) -> bool:
    """Tell whether the actor may read drafts: any analyst or steward."""
    return context.actor.has_role(*AUTHORS)


def may_draft(context: Context, places: Iterable[str] = (BASE,)) -> bool:
    """Tell whether the actor may write on these places: an analyst or steward over each.

    The base and the parameters are everywhere.
    """
    return _holds(context, AUTHORS, places)


def may_publish(context: Context, places: Iterable[str] = (BASE,)) -> bool:
    """Tell whether the actor may publish and take back on these places: a steward over each."""
    return _holds(context, PUBLISHERS, places)


def need_reader(context: Context) -> None:
    """Refuse whoever may not read drafts.

    Raises
    ------
    Forbidden
        The actor is neither analyst nor steward.
    """
    if not may_read_drafts(context):
        raise Forbidden(
            Message("Drafts of policies are read by analysts and stewards; {name} is neither.", name=context.actor.name)
        )


def need_author(context: Context, places: Iterable[str] = ()) -> None:
    """Refuse whoever may not write on places of a policy; without places, whoever may write nowhere.

    Raises
    ------
    Forbidden
        The actor is no analyst or steward over one of them.
    """
    need_reader(context)
    for place in places:
        if not may_draft(context, (place,)):
            raise Forbidden(
                Message(
                    "Policies are written by analysts and stewards over the places where they hold; {name} is neither "
                    "for {place}. Ask an administrator for it.",
                    name=context.actor.name,
                    place=told_place(place),
                )
            )


def need_publisher(context: Context, places: Iterable[str]) -> None:
    """Refuse whoever may not publish or take back on places of a policy.

    Raises
    ------
    Forbidden
        The actor is no steward over one of them.
    """
    for place in places:
        if not may_publish(context, (place,)):
            raise Forbidden(
                Message(
                    "Policies are published and taken back by stewards over the places where they hold; {name} is none "
                    "for {place}. Ask one.",
                    name=context.actor.name,
                    place=told_place(place),
                )
            )


def told_place(place: str) -> str:
    """Name a place for people."""
    return Message("the parameters") if place == PARAMETERS else place or Message("all markets")


def _holds(context: Context, roles: tuple[Role, ...], places: Iterable[str]) -> bool:
    held = [one for one in context.actor.grants if one.role in (*roles, Role.ADMIN) and not one.is_narrow]
    return bool(held) and all(any(_covers(context, one, place) for one in held) for place in places)


def _covers(context: Context, grant: Grant, place: str) -> bool:
    if EVERY in grant.countries or EVERY in grant.cities:
        return True
    if place in (BASE, PARAMETERS):
        return False
    held = place in grant.countries or place in grant.cities
    return held or country_of(context, place) in grant.countries


def country_of(context: Context, place: str) -> str | None:
    """Give the country of a place: a market is one itself, a city lies in one; None for all others."""
    if len(place) == 2 and place.isupper():  # noqa: PLR2004 - letters of ISO 3166-1 alpha-2
        return place
    if place in (BASE, PARAMETERS):
        return None
    # The metrics are read by whoever writes an overlay of a city, and not by every command of policies.
    from tiffin.capabilities.metrics.service.footprints import cities_in  # noqa: PLC0415 - for the reason above

    versions = context.warehouse.versions()
    city = cities_in(context.workspace, context.warehouse, versions).get(place) if "cities" in versions else None
    return city.country if city is not None else None
