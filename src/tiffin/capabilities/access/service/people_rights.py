"""Who answers for personal data: an officer whose grant is over all countries, and nobody by being administrator."""

from tiffin.kernel.errors import Forbidden
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import EVERY, Role
from tiffin.runtime.context import Context


def is_officer(context: Context) -> bool:
    """Tell whether the actor answers for personal data.

    People move between countries and files know no borders, so that the grant must be over all of them. Being an
    administrator is not enough: who may read everything shall not by that alone find one person in everything.
    """
    return any(grant.role is Role.PRIVACY_OFFICER and EVERY in grant.countries for grant in context.actor.grants)


def require_officer(context: Context) -> None:
    """Refuse whoever does not answer for personal data.

    Raises
    ------
    Forbidden
        The actor has no grant as privacy officer over all countries.
    """
    if not is_officer(context):
        raise Forbidden(
            Message(
                "{name} does not answer for personal data here: that takes the role of privacy officer over all "
                "countries, which administrators do not have by themselves. Ask an administrator for the role.",
                name=context.actor.name,
            )
        )
