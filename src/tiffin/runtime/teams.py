"""Teams and who belongs to them now: an asset's owner is often a team, and its people act for it.

A team is the attribute of that name in the personnel file as it was last applied; access writes it, and whoever needs
to know reads it here. Names are compared as they are spoken: "City operations" is ``city_operations``.
"""

from collections.abc import Iterator

from sqlalchemy import Date, String, column, or_, select, table

from tiffin.runtime.context import Context
from tiffin.runtime.tables import ACCOUNTS

_EMPLOYEES = table(
    "access_employees",
    column("account", String),
    column("team", String),
    column("starts_on", Date),
    column("ends_on", Date),
)


def team_name(text: str) -> str:
    """Write the name of a team as owners are written.

    Examples
    --------
    >>> team_name("City Operations ")
    'city_operations'
    """
    return "_".join(text.casefold().replace("-", " ").replace("_", " ").split())


def members_of(context: Context, team: str) -> tuple[str, ...]:
    """Name the accounts that belong to a team today and may act; none where it is no team that is known here."""
    wanted = team_name(team)
    return tuple(sorted(account for account, name in _belonging(context) if name == wanted))


def is_of(context: Context, owner: str) -> bool:
    """Tell whether the actor is the owner, or one of the team that is."""
    return bool(owner) and (context.actor.name == owner or context.actor.name in members_of(context, owner))


def _belonging(context: Context) -> Iterator[tuple[str, str]]:
    day, row = context.now.date(), _EMPLOYEES.c
    found = (
        select(row.account, row.team)
        .join_from(_EMPLOYEES, ACCOUNTS, ACCOUNTS.c.name == row.account)
        .where(ACCOUNTS.c.disabled_at.is_(None), row.starts_on <= day, or_(row.ends_on.is_(None), row.ends_on >= day))
    )
    for one in context.unit.execute(found):
        yield one.account, team_name(one.team)
