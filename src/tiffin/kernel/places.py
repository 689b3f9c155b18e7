"""Cities: where business days, zones and calendars belong."""

from dataclasses import dataclass


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
    """

    city_id: str
    name: str
    country: str
    timezone: str
    cutoff_min: int
    weekend: tuple[int, ...]
    currency: str
