"""Cities: where business days, zones and calendars belong."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LocalRules:
    """How a city kept its days from a business day on.

    Parameters
    ----------
    since : date
        First business day under these rules. It begins at its cut-off by these rules; whatever came before that instant
        belongs to an earlier day, and whatever comes later to no earlier one.
    timezone : str
        IANA name.
    cutoff_min : int
        Minutes after local midnight at which a business day begins.
    weekend : tuple of int or None
        ISO weekdays (Monday 1) that are the weekend; None where the city keeps its country's.
    """

    since: date
    timezone: str
    cutoff_min: int
    weekend: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class City:
    """A city as the marketplace operates it.

    Parameters
    ----------
    city_id : str
        Stable identifier, such as ``riyadh``.
    country : str
        ISO 3166-1 alpha-2.
    timezone : str
        IANA name.
    cutoff_min : int
        Minutes after local midnight at which a business day begins.
    weekend : tuple of int
        ISO weekdays (Monday 1) that are the weekend.
    currency : str
        ISO 4217 code.
    latitude, longitude : float or None
        Degrees (WGS 84); None where they are not known.
    history : tuple of LocalRules
        The rules by the day from which they hold, earliest first; the earliest hold before their day too. Empty where
        the city's own time zone, cut-off and weekend have always held.
    """

    city_id: str
    name: str
    country: str
    timezone: str
    cutoff_min: int
    weekend: tuple[int, ...]
    currency: str
    latitude: float | None = None
    longitude: float | None = None
    history: tuple[LocalRules, ...] = ()

    def rules(self) -> tuple[LocalRules, ...]:
        """List the rules of all times, one where nothing was ever changed."""
        return self.history or (LocalRules(date.min, self.timezone, self.cutoff_min, self.weekend),)

    def rules_on(self, day: date) -> LocalRules:
        """Give the rules that hold on a business day."""
        known = [rules for rules in self.rules() if rules.since <= day]
        return known[-1] if known else self.rules()[0]
