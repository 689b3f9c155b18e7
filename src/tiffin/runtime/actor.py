"""Who acts, and what he is granted."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person does here; grants follow from it."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    CITY_MANAGER = "city_manager"
    STEWARD = "steward"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role over a scope; an empty tuple of countries or cities means none, ``("*",)`` all."""

    role: Role
    countries: tuple[str, ...]
    cities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a job of the platform with its effective grants; without grants nothing is allowed."""

    name: str
    grants: tuple[Grant, ...] = ()

    def may_see_city(self, *, country: str, city_id: str) -> bool:
        """Tell whether any grant covers the city."""
        return any(_covers(g.countries, country) or _covers(g.cities, city_id) for g in self.grants)

    def has_role(self, *roles: Role) -> bool:
        """Tell whether any grant carries one of the roles, or admin."""
        return any(g.role in (*roles, Role.ADMIN) for g in self.grants)

    def has_role_everywhere(self, *roles: Role) -> bool:
        """Tell whether a grant over all countries or all cities carries one of the roles, or admin."""
        return any(g.role in (*roles, Role.ADMIN) and ("*" in g.countries or "*" in g.cities) for g in self.grants)


def _covers(scope: tuple[str, ...], value: str) -> bool:
    return "*" in scope or value in scope
