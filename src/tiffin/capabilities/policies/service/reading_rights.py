"""Who may read policies: whoever has any grant, as with the library of metrics."""

from tiffin.kernel.errors import Forbidden
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context


def need_reader(context: Context) -> None:
    """Refuse whoever has no grant at all.

    Raises
    ------
    Forbidden
        The actor has none.
    """
    if not context.actor.grants and not context.actor.asset_grants:
        raise Forbidden(
            Message("Policies are read by whoever has any grant; {name} has none.", name=context.actor.name)
        )
