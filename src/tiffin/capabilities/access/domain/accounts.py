"""Accounts, grants and audit entries as people see them, and the rules that hold for them."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden, InvalidData
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import EVERY, GUARDED, ROW_DIMENSIONS, Actor, Grant, Role

NAME_MAX = 80

SHOWING = (AssetKind.DASHBOARD, AssetKind.TILE, AssetKind.TREE, AssetKind.REPORT)
"""Assets that show metrics: whoever is granted one is granted the metrics that it shows at that moment."""

ALONE = (AssetKind.METRIC, AssetKind.TABLE, AssetKind.COLUMN, *SHOWING)
"""Assets that can be granted by themselves."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds a grant back within its scope, as an administrator types it.

    Parameters
    ----------
    rows : tuple of str
        What narrows it, such as ``merchant_id=m1``.
    opens : tuple of str or None
        Guarded classes of columns; None for those of the role.
    minimum_size : int
        Groups of fewer rows are withheld from its holder's answers.
    masked : tuple of str
        Guarded classes of columns that it opens masked; one that it opens needs no mask.
    assets : tuple of str
        Single assets that it is for, such as ``metric:late_share``; empty for everything.
    """

    rows: tuple[str, ...] = ()
    opens: tuple[str, ...] | None = None
    minimum_size: int = 1
    masked: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()


UNLIMITED = Limits()


@dataclass(frozen=True, slots=True)
class GrantView:
    """One grant of an account.

    Parameters
    ----------
    rows : dict of str to tuple of str
        Dimensions whose values narrow it; empty for every row of its scope.
    opens : tuple of Classification
        Guarded classes of columns that it opens.
    minimum_size : int
        Groups of fewer rows are withheld.
    masks : dict of Classification to dict of str to str
        Guarded classes that it opens masked: how, by what values are.
    assets : tuple of str
        Single assets that it is for; empty for everything in its scope.
    state : str
        ``in force``, ``expired`` or ``revoked``.
    owner : str
        Account that answers for it.
    source : str
        Where it came from: ``hand``, ``request:7``, ``job:e12``, ``emergency:9``.
    """

    grant_id: int
    role: str
    countries: tuple[str, ...]
    cities: tuple[str, ...]
    rows: dict[str, tuple[str, ...]]
    opens: tuple[Classification, ...]
    minimum_size: int
    masks: dict[Classification, dict[str, str]]
    assets: tuple[str, ...]
    granted_at: datetime
    granted_by: str
    expires_at: datetime
    state: str
    purpose: str
    owner: str
    source: str


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
    return (EVERY,) if EVERY in kept else tuple(kept)


def row_filters(texts: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Read which rows a grant is narrowed to, typed as ``merchant_id=m1``; several values of one dimension add up.

    Raises
    ------
    InvalidData
        It is not so written, or names a dimension by which grants are not narrowed.

    Examples
    --------
    >>> row_filters(["zone_id=n", "merchant_id=m2", "merchant_id=m1"])
    (('merchant_id', ('m1', 'm2')), ('zone_id', ('n',)))
    """
    found: dict[str, set[str]] = {}
    for text in texts:
        name, _, value = text.partition("=")
        if name.strip() not in ROW_DIMENSIONS or not value.strip():
            raise InvalidData(
                f"A grant is narrowed by a dimension and a value such as merchant_id=m1; found {text!r}. "
                f"The dimensions are {', '.join(ROW_DIMENSIONS)}."
            )
        found.setdefault(name.strip(), set()).add(value.strip())
    return tuple((name, tuple(sorted(values))) for name, values in sorted(found.items()))


def single_assets(texts: Iterable[str]) -> tuple[str, ...]:
    """Read for which single assets a grant is: metrics, tables and columns; what shows metrics is given with them.

    Raises
    ------
    WrongUse
        One is not named as assets are.
    InvalidData
        It is nothing that can be opened by itself.
    """
    found = {AssetId.parse(text.strip()) for text in texts if text.strip()}
    if strangers := sorted(one.text for one in found if one.kind not in ALONE):
        raise InvalidData(
            Message(
                "{assets} cannot be opened alone: metrics, tables and columns can, and what shows metrics.",
                assets=", ".join(strangers),
            )
        )
    return tuple(sorted(one.text for one in found))


def opened_classes(names: Iterable[str]) -> tuple[Classification, ...]:
    """Read which guarded classes of columns a grant opens; ``none`` opens none.

    Raises
    ------
    InvalidData
        There is no such guarded class.
    """
    wanted = {name.strip() for name in names} - {"none"}
    if strangers := sorted(wanted - {*GUARDED}):
        raise InvalidData(
            f"A grant opens columns that are {', '.join(GUARDED)}, or none; found {', '.join(strangers)}."
        )
    return tuple(name for name in GUARDED if name in wanted)


def check_grant(actor: Actor, grant: Grant) -> None:
    """Refuse a grant that reaches further than the actor's own grants as administrator, or that reaches nothing.

    Each country and city must be covered whole by one grant of the actor: the rows of one and the columns of another
    do not add up.

    Raises
    ------
    InvalidData
        The grant names no country and no city, narrows a role that works with the facts themselves, or lets an
        auditor see guarded columns.
    Forbidden
        The actor is no administrator there.
    """
    if not grant.countries and not grant.cities:
        raise InvalidData("A grant needs a scope: name countries, cities, or * for all. Without one it allows nothing.")
    if grant.minimum_size < 1:
        raise InvalidData(f"The least size of a group is 1 or more; found {grant.minimum_size}.")
    if grant.assets and grant.role is not Role.VIEWER:
        raise InvalidData(Message("Whoever is granted single assets is a viewer of them. Grant the role viewer."))
    if grant.role in (Role.STEWARD, Role.ADMIN) and (grant.is_narrow or {*grant.opened} != {*GUARDED}):
        raise InvalidData(
            f"The role {grant.role} works with the facts themselves, so its grants cannot hold back rows, columns or "
            "small groups. Grant viewer, analyst or city_manager instead."
        )
    if grant.role in (Role.AUDITOR, Role.PRIVACY_OFFICER) and grant.opened:
        raise InvalidData(f"The role {grant.role} opens no guarded columns. Grant another role for those beside it.")
    beyond = beyond_reach(actor, grant, (Role.ADMIN,))
    if beyond:
        raise Forbidden(
            f"{actor.name} may hand on only what an administrator's own grant covers, and it does not cover "
            f"{', '.join(beyond)}. Ask an administrator of all countries."
        )


def beyond_reach(
    actor: Actor, grant: Grant, roles: Iterable[Role], country_of: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Name the countries and cities of a grant that no single grant of the actor in one of the roles covers whole.

    Parameters
    ----------
    country_of : mapping of str to str or None
        Country of each known city, so that a country covers its cities; None compares cities by themselves.
    """
    wanted = {*roles}
    classes = {*grant.opened, *grant.masked}
    own = [held for held in actor.grants if held.role in wanted and classes <= {*held.opened}]
    if any(EVERY in held.countries for held in own):
        return ()
    countries = {name for held in own for name in held.countries}
    cities = {name for held in own for name in held.cities}
    homes = country_of or {}
    beyond = [name for name in grant.countries if name not in countries]
    beyond += [
        name for name in grant.cities if EVERY not in cities and name not in cities and homes.get(name) not in countries
    ]
    return tuple(dict.fromkeys(beyond))
