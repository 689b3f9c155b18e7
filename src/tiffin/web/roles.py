"""What roles are called on pages."""

from tiffin.runtime.actor import Role
from tiffin.runtime.i18n import mark, translate

ROLES = {
    Role.VIEWER: mark("viewer"),
    Role.AUDITOR: mark("auditor"),
    Role.PRIVACY_OFFICER: mark("privacy officer"),
    Role.ANALYST: mark("analyst"),
    Role.CITY_MANAGER: mark("city manager"),
    Role.SUPPORT: mark("customer service"),
    Role.ADJUDICATOR: mark("adjudicator"),
    Role.REVIEWER: mark("appeals reviewer"),
    Role.EXPERIENCE_MANAGER: mark("experience manager"),
    Role.STEWARD: mark("data steward"),
    Role.ADMIN: mark("administrator"),
}


def role_told(name: str, *, locale: str) -> str:
    """Name a role in a language; what is no role, such as an account's name, stays as it is."""
    return translate(locale, ROLES[Role(name)]) if name in ROLES else name
