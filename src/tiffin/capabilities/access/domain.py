"""Accounts, grants and audit entries as people see them, and the rules that hold for them."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tiffin.kernel.errors import Forbidden, InvalidData
from tiffin.runtime.actor import Actor, Grant, Role

NAME_MAX = 80
EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class GrantView:
    """One grant of an account.

    Parameters
    ----------
    state : str
        ``in force``, ``expired`` or ``revoked``.
    """

    grant_id: int
    role: str
    countries: tuple[str, ...]
    cities: tuple[str, ...]
    granted_at: datetime
    granted_by: str
    expires_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account with its grants."""

    name: str
    locale: str
    is_owner: bool
    is_disabled: bool
    has_password: bool
    created_at: datetime
    grants: tuple[GrantView, ...]


@dataclass(frozen=True, slots=True)
class AuditView:
    """One entry of the audit trail."""

    entry_id: int
    at: datetime
    actor: str
    action: str
    subject: str
    outcome: str
    details: dict[str, Any]


def clean_name(name: str) -> str:
    """Give an account's name in the one form in which it is kept.

    Raises
    ------
    InvalidData
        It is empty, too long, or holds other characters than letters, digits and ``. _ @ -``.

    Examples
    --------
    >>> clean_name(" Nora.K ")
    'nora.k'
    """
    cleaned = unicodedata.normalize("NFKC", name).strip().casefold()
    if not 0 < len(cleaned) <= NAME_MAX or not all(mark.isalnum() or mark in "._@-" for mark in cleaned):
        raise InvalidData(
            f"An account's name has 1 to {NAME_MAX} letters, digits or . _ @ -; found {name!r}. Choose another name."
        )
    return cleaned


def scope(values: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Give a scope in the one form in which it is kept: sorted, without repeats, ``*`` alone when it is there."""
    kept = sorted({value.strip() for value in values if value.strip()})
    return (EVERYTHING,) if EVERYTHING in kept else tuple(kept)


def check_grant(actor: Actor, grant: Grant) -> None:
    """Refuse a grant that reaches further than the actor's own grants as administrator, or that reaches nothing.

    Raises
    ------
    InvalidData
        The grant names no country and no city.
    Forbidden
        The actor is no administrator there.
    """
    if not grant.countries and not grant.cities:
        raise InvalidData("A grant needs a scope: name countries, cities, or * for all. Without one it allows nothing.")
    own = [held for held in actor.grants if held.role is Role.ADMIN]
    countries = {country for held in own for country in held.countries}
    cities = {city for held in own for city in held.cities}
    everywhere = EVERYTHING in countries
    beyond = [
        *(value for value in grant.countries if not everywhere and value not in countries),
        *(value for value in grant.cities if not everywhere and value not in cities and EVERYTHING not in cities),
    ]
    if beyond or not own:
        raise Forbidden(
            f"{actor.name} may hand on only what an administrator's own grant covers, and it does not cover "
            f"{', '.join(beyond) or 'anything'}. Ask an administrator of all countries."
        )
