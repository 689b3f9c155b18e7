"""Past episodes like those of a day, what was done then, and what the comparable days after it were like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tiffin.capabilities.balance.domain.daybook import CityFacts, Daybook
from tiffin.capabilities.balance.domain.similar import Similar, Traits, follow_ups, most_similar
from tiffin.capabilities.balance.models.day_episodes import KeptDay
from tiffin.capabilities.balance.service import page_happenings as happenings
from tiffin.capabilities.balance.service.page_parameters import PageParameters, page_parameters
from tiffin.capabilities.balance.service.similar_keeping import kept_days_of, kept_traits, traits_of
from tiffin.capabilities.scorecards.domain import CalendarDay
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class After:
    """What became of a miss on comparable days after it.

    Parameters
    ----------
    days : tuple of date
        Comparable days after it and before the day that is looked at, of those kept; empty where none is.
    missed_on : tuple of date
        Of these, those with a miss in touching zones whose first cause is the same.
    mean_miss_min : float
        Weighed minutes of such misses, mean over all of these days.
    """

    days: tuple[date, ...]
    missed_on: tuple[date, ...]
    mean_miss_min: float


@dataclass(frozen=True, slots=True)
class SimilarDay:
    """A past episode like one of today's, with its city, what was done then and what came after."""

    similar: Similar
    city: CityFacts
    done: tuple[happenings.Happening, ...]
    after: After


@dataclass(frozen=True, slots=True)
class Likenesses:
    """What is like one episode, in its own city and in others that the reader sees."""

    here: tuple[SimilarDay, ...]
    elsewhere: tuple[SimilarDay, ...]


@dataclass(frozen=True, slots=True)
class LookedThrough:
    """The likenesses of each of a day's episodes, and how many earlier days of the city were looked through."""

    episodes: tuple[Likenesses, ...]
    kept: int
    earlier: int


def similar_days(
    context: Context, book: Daybook, days: Sequence[CalendarDay], cities: Sequence[CityFacts]
) -> LookedThrough:
    """Find past episodes like those of a day-book, of kept days alone.

    Parameters
    ----------
    days : sequence of CalendarDay
        Of the day-book's city, those with facts.
    cities : sequence of CityFacts
        Those in the reader's sight.
    """
    today = next(one for one in days if one.day == book.day)
    held = page_parameters(context.workspace, book.day)
    in_sight = {city.city_id: city for city in cities}
    kept = kept_days_of(context, tuple(in_sight))
    traits = kept_traits(context, kept)
    shelf = _Shelf(context, in_sight, kept, traits, held)
    earlier = {one.day for one in days if one.day < book.day}
    of_city = {one.day for one in kept if one.city_id == book.city.city_id}
    return LookedThrough(
        tuple(shelf.likenesses(one) for one in traits_of(book, today)), len(earlier & of_city), len(earlier)
    )


@dataclass(frozen=True, slots=True)
class _Shelf:
    """All kept days in sight."""

    context: Context
    cities: Mapping[str, CityFacts]
    days: Sequence[KeptDay]
    traits: Sequence[Traits]
    held: PageParameters

    def likenesses(self, one: Traits) -> Likenesses:
        """Find what is like one episode, its own city's apart from others'."""
        here = [other for other in self.traits if other.city_id == one.city_id]
        elsewhere = [other for other in self.traits if other.city_id != one.city_id]
        return Likenesses(self._told(one, here), self._told(one, elsewhere))

    def _told(self, one: Traits, others: Sequence[Traits]) -> tuple[SimilarDay, ...]:
        found = most_similar(one, others, self.held.weights, least=self.held.least_alike, most=self.held.most_similar)
        return tuple(self._day(similar, one.day) for similar in found)

    def _day(self, similar: Similar, until: date) -> SimilarDay:
        city = self.cities[similar.traits.city_id]
        done = happenings.happenings_on(self.context, city, similar.traits.day)
        return SimilarDay(similar, city, done, self._after(similar.traits, until))

    def _after(self, past: Traits, until: date) -> After:
        of_city = {one.day: one for one in self.days if one.city_id == past.city_id and one.day < until}
        types = {day: f"{one.is_weekend}{one.is_ramadan}{one.holiday}" for day, one in of_city.items()}
        days = follow_ups(past.day, tuple(of_city), types, most=self.held.following_days)
        again = [
            other
            for other in self.traits
            if other.city_id == past.city_id
            and other.day in days
            and other.first_cause == past.first_cause
            and set(other.zones) & set(past.zones)
        ]
        missed = sum(other.miss_min for other in again)
        return After(days, tuple(sorted({other.day for other in again})), missed / len(days) if days else 0.0)
