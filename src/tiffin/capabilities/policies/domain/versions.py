"""Which version of a policy holds on a day, as it was known at a moment.

A policy lies in files, each of one place (the base, a market, a city) and in force from a day. Shipped files, and those
that an operator put into his workspace by hand, count as known since ever. A published one is known from the moment of
its publication until it is taken back; whoever decides a case at a moment knows of nothing later.

Dated parameters are a file of a place of their own. Each of their entries says itself from which day it holds, so that
the newest publication of them counts on every day.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

BASE = ""
"""The place of a policy's own table; every other place is a market's or a city's overlay."""

PARAMETERS = "parameters"
"""The place of a policy's dated parameters; the name is reserved, so that no city is called so."""

_FILE_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.([A-Za-z0-9_-]{1,128}))?\.yaml")
_POLICY = re.compile(r"[a-z][a-z0-9-]{0,119}")
_PLACE = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True)
class Version:
    """One file of a policy.

    Parameters
    ----------
    place : str
        Empty for the base, else the ISO 3166-1 code of a market, or a city; `PARAMETERS` for the dated parameters.
    from_date : date
        First business day on which it holds; of parameters the first on which they say anything new.
    digest : str
        SHA-256 of its bytes, by which a decision names it.
    publication : int
        Number of its publication among the policy's; 0 for a file that was never published here.
    published_at, taken_back_at : datetime or None
        UTC; from the first until before the second it is known. None: since ever, and still.
    """

    policy: str
    place: str
    from_date: date
    digest: str
    text: str
    publication: int = 0
    published_at: datetime | None = None
    taken_back_at: datetime | None = None

    @property
    def file_name(self) -> str:
        """Name of its file within the policy's folder."""
        return file_name(self.place, self.from_date)

    def is_known(self, at: datetime) -> bool:
        """Tell whether it was published by a moment, and not taken back by then."""
        is_published = self.published_at is None or self.published_at <= at
        return is_published and (self.taken_back_at is None or at < self.taken_back_at)


def in_force(versions: Iterable[Version], *, on: date, known_at: datetime) -> Mapping[str, Version]:
    """Choose for each place the version that holds on a day, of those that were known at a moment.

    It is the one that begins last by that day. Of several that begin on the same day the one published last holds, and
    any published one before a file that was never published. Of parameters the ones published last hold on every day:
    the days within say from when each value does.

    Parameters
    ----------
    on : date
        Business day of the event.
    known_at : datetime
        UTC; the moment at which it is decided.
    """
    chosen: dict[str, Version] = {}
    for one in versions:
        if (one.from_date <= on or one.place == PARAMETERS) and one.is_known(known_at):
            other = chosen.get(one.place)
            if other is None or _rank(one) > _rank(other):
                chosen[one.place] = one
    return dict(sorted(chosen.items()))


def days_of_change(versions: Iterable[Version], *, since: date, known_at: datetime) -> tuple[date, ...]:
    """List the days from one on with which other tables begin to hold, that day itself first."""
    tables = (one for one in versions if one.place != PARAMETERS)
    known = {one.from_date for one in tables if one.is_known(known_at) and one.from_date > since}
    return (since, *sorted(known))


def _rank(version: Version) -> tuple[int, int]:
    day = version.from_date.toordinal()
    return (version.publication, day) if version.place == PARAMETERS else (day, version.publication)


def digest_of(text: str | bytes) -> str:
    """Give the SHA-256 of a file."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def is_policy_name(text: str) -> bool:
    """Tell whether a text can name a policy, and so its folder: small letters, digits and hyphens."""
    return _POLICY.fullmatch(text) is not None


def is_place(text: str) -> bool:
    """Tell whether a text can name a place."""
    return text == BASE or _PLACE.fullmatch(text) is not None


def file_name(place: str, from_date: date) -> str:
    """Give the name of the file of a place from a day on.

    Examples
    --------
    >>> file_name(BASE, date(2026, 1, 1)), file_name("KW", date(2026, 3, 1))
    ('2026-01-01.yaml', '2026-03-01.KW.yaml')
    """
    return f"{from_date}.{place}.yaml" if place else f"{from_date}.yaml"


def named_so(name: str) -> tuple[str, date] | None:
    """Tell of which place and from which day a file is, by its name; None for a name of another kind.

    Examples
    --------
    >>> named_so("2026-03-01.KW.yaml")
    ('KW', datetime.date(2026, 3, 1))
    >>> named_so("parameters.yaml")
    """
    found = _FILE_NAME.fullmatch(name)
    if found is None:
        return None
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return None
    return found[2] or BASE, day
