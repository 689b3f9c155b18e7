"""Who judges a second time, and who reads what came of it."""

from tiffin.kernel.errors import Forbidden
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

JUDGES = (Role.ADJUDICATOR, Role.REVIEWER, Role.EXPERIENCE_MANAGER)
MANAGERS = (Role.EXPERIENCE_MANAGER, Role.STEWARD)


def judge_role(context: Context, *, country: str, city_id: str) -> str | None:
    """Give the role by which the actor judges cases of a city again; None where he does not."""
    for grant in context.actor.grants:
        if not grant.is_narrow and grant.covers(country=country, city_id=city_id):
            if grant.role in JUDGES:
                return grant.role.value
            if grant.role is Role.ADMIN:
                return Role.EXPERIENCE_MANAGER.value
    return None


def require_manager(context: Context) -> None:
    """Refuse whoever does not answer for the quality of judgement.

    Raises
    ------
    Forbidden
        He has no grant as an experience manager or steward.
    """
    if context.actor.party is not None or not context.actor.has_role(*MANAGERS):
        raise Forbidden(Message("Only experience managers and stewards draw second looks and read what came of them."))


def manages(context: Context, *, country: str, city_id: str) -> bool:
    """Tell whether the actor answers for the judgement of a whole city."""
    grants = (one for one in context.actor.grants if one.role in (*MANAGERS, Role.ADMIN) and not one.is_narrow)
    return any(one.covers(country=country, city_id=city_id) for one in grants)
