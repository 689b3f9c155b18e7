"""The key under which a workspace's masks make digests: made once, kept in its database, told to nobody."""

import secrets

from sqlalchemy.exc import IntegrityError

from tiffin.runtime.context import Context

NAME = "mask_key"
"""How the settings name it."""


def with_key(context: Context, sql: str, placeholder: str) -> str:
    """Put the key into a statement in the place of what stands for it; a statement without stays as it is.

    A text within the statement has its quotes doubled or escaped, so that nothing that an asker writes is taken for the
    place of the key.
    """
    if placeholder not in sql:
        return sql
    return sql.replace(f"('{placeholder}' || ", f"('{mask_key(context)}' || ")


def mask_key(context: Context) -> str:
    """Give the key; the first who needs it makes it."""
    # Whoever is told no masked value does without the objects that rows are mapped to.
    from tiffin.runtime.models import Setting  # noqa: PLC0415 - for the reason above

    found = context.session.get(Setting, NAME)
    if found is not None:
        return str(found.value)
    made = Setting(name=NAME, value=secrets.token_hex(32), changed_at=context.now, changed_by="platform")
    try:
        with context.session.begin_nested():
            context.session.add(made)
    except IntegrityError:  # somebody else was first
        return str(context.session.get_one(Setting, NAME).value)
    return str(made.value)
