"""Who acts, and what he is granted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.masks import Mask, Shape

EVERY = "*"

GUARDED = (Classification.CONFIDENTIAL, Classification.PERSONAL, Classification.SPECIAL)
"""Classes of columns that nobody sees without a grant that opens them; public and internal ones come with any grant."""

ROW_DIMENSIONS = ("zone_id", "merchant_id", "rider_id", "fleet_id", "vehicle", "category")
"""Dimensions by which a grant may be narrowed: they mean the same everywhere and hold text."""


class SignInNeeded(Forbidden):
    """Nobody is signed in here, or no longer; signing in helps."""

    http_status = 401


class Role(StrEnum):
    """What a person does here; grants follow from it."""

    VIEWER = "viewer"
    AUDITOR = "auditor"
    PRIVACY_OFFICER = "privacy_officer"
    ANALYST = "analyst"
    CITY_MANAGER = "city_manager"
    SUPPORT = "support"
    ADJUDICATOR = "adjudicator"
    REVIEWER = "reviewer"
    EXPERIENCE_MANAGER = "experience_manager"
    STEWARD = "steward"
    ADMIN = "admin"


OPENED_BY_ROLE: Mapping[Role, tuple[Classification, ...]] = {
    Role.VIEWER: (),
    Role.AUDITOR: (),
    Role.PRIVACY_OFFICER: (),
    Role.ANALYST: (Classification.CONFIDENTIAL,),
    Role.CITY_MANAGER: (Classification.CONFIDENTIAL, Classification.PERSONAL),
    Role.SUPPORT: (Classification.CONFIDENTIAL,),
    Role.ADJUDICATOR: (Classification.CONFIDENTIAL, Classification.PERSONAL),
    Role.REVIEWER: (Classification.CONFIDENTIAL, Classification.PERSONAL),
    Role.EXPERIENCE_MANAGER: (Classification.CONFIDENTIAL, Classification.PERSONAL),
    Role.STEWARD: GUARDED,
    Role.ADMIN: GUARDED,
}
"""Guarded classes that a grant opens where it does not say."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role over a scope; an empty tuple of countries or cities means none, ``("*",)`` all.

    Parameters
    ----------
    rows : tuple of (str, tuple of str)
        Only rows with one of these values in each of these dimensions: a merchant's own, a fleet's.
    opens : tuple of Classification or None
        Guarded classes of columns that it opens; None for those of the role.
    minimum_size : int
        Groups of fewer rows are withheld from answers; 1 withholds none.
    masked : tuple of Classification
        Guarded classes of columns that it opens masked.
    assets : tuple of str
        Single assets that it is for, such as ``metric:late_share``; empty for everything in its scope.
    masks : tuple of (Classification, Shape, Mask)
        How the masked classes are masked, as the rules said when it was given; none before.
    """

    role: Role
    countries: tuple[str, ...]
    cities: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...] = ()
    opens: tuple[Classification, ...] | None = None
    minimum_size: int = 1
    masked: tuple[Classification, ...] = ()
    assets: tuple[str, ...] = ()
    masks: tuple[tuple[Classification, Shape, Mask], ...] = field(default=(), compare=False)

    @property
    def opened(self) -> tuple[Classification, ...]:
        """Guarded classes of columns that it opens."""
        return OPENED_BY_ROLE[self.role] if self.opens is None else self.opens

    @property
    def is_narrow(self) -> bool:
        """Tell whether it holds back rows of its cities, small groups of them, or all but single assets."""
        return bool(self.rows) or self.minimum_size > 1 or bool(self.assets)

    def covers(self, *, country: str, city_id: str) -> bool:
        """Tell whether the city lies in its scope."""
        return _covers(self.countries, country) or _covers(self.cities, city_id)


@dataclass(frozen=True, slots=True)
class Party:
    """A rider, merchant or customer who looks after his own affairs; he has no grants and sees what concerns him alone.

    Parameters
    ----------
    kind : str
        ``rider``, ``merchant`` or ``customer``.
    party_id : str
        Pseudonym or identifier, as the facts of the city have it.
    """

    kind: str
    city_id: str
    party_id: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a job of the platform with its effective grants; without grants nothing is allowed.

    Parameters
    ----------
    grants : tuple of Grant
        Over whole scopes; what looks at these alone is closed to grants for single assets.
    emergencies : tuple of int
        Emergencies in which some of the grants were opened; whatever is done meanwhile is audited.
    asset_grants : tuple of Grant
        For single assets; they open numbers, and no page, no role and no rows.
    party : Party or None
        Of whose affairs the account is; None for everybody who works here.
    """

    name: str
    grants: tuple[Grant, ...] = ()
    emergencies: tuple[int, ...] = ()
    asset_grants: tuple[Grant, ...] = ()
    party: Party | None = None

    def may_see_city(self, *, country: str, city_id: str) -> bool:
        """Tell whether a grant opens the whole of a city: every row of it, however few they are."""
        return any(g.covers(country=country, city_id=city_id) for g in self.grants if not g.is_narrow)

    def may_ask_about_city(self, *, country: str, city_id: str, asset: str = "") -> bool:
        """Tell whether any grant reaches into the city; metrics hold back what a narrow one does not show.

        Parameters
        ----------
        asset : str
            What is asked for, so that grants for it alone count too; empty for anything.
        """
        alone = (g for g in self.asset_grants if asset in g.assets)
        return any(g.covers(country=country, city_id=city_id) for g in (*self.grants, *alone))

    def has_role(self, *roles: Role) -> bool:
        """Tell whether any grant carries one of the roles, or admin."""
        return any(g.role in (*roles, Role.ADMIN) for g in self.grants)

    def has_role_everywhere(self, *roles: Role) -> bool:
        """Tell whether a grant over all countries or all cities carries one of the roles, or admin."""
        return any(g.role in (*roles, Role.ADMIN) and (EVERY in g.countries or EVERY in g.cities) for g in self.grants)


def _covers(scope: tuple[str, ...], value: str) -> bool:
    return EVERY in scope or value in scope
