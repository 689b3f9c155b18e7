"""What is kept of a diagnosed day, so that days like another are found without diagnosing a year anew."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import delete, select

from tiffin.capabilities.balance.domain.daybook import Daybook, EpisodeStory
from tiffin.capabilities.balance.domain.similar import Traits, hours_between
from tiffin.capabilities.balance.models.day_episodes import KeptDay, KeptEpisode
from tiffin.capabilities.scorecards.domain import CalendarDay
from tiffin.runtime.context import Context

RAIN = "rain"


def keep_day(context: Context, book: Daybook, today: CalendarDay) -> tuple[KeptEpisode, ...]:
    """Keep what a day-book found, in the place of what was kept of its day; cases stay with what they are about."""
    city_id = book.city.city_id
    before = kept_episodes_of(context, city_id, book.day)
    day = context.session.get(KeptDay, (city_id, book.day)) or KeptDay(city_id=city_id, day=book.day)
    day.country, day.is_weekend, day.is_ramadan = book.city.country, today.is_weekend, today.is_ramadan
    day.holiday, day.wanted, day.zones = today.holiday, wanted_of(book), len(book.zones)
    day.tables, day.kept_at = dict(book.table_versions), context.now
    context.session.add(day)
    answered = [(row.case_id, set(row.zone_ids), hours_between(row.from_hour, row.to_hour)) for row in before]
    context.session.execute(delete(KeptEpisode).where(KeptEpisode.city_id == city_id, KeptEpisode.day == book.day))
    rows = tuple(_row(book, number, answered) for number in range(len(book.episodes)))
    context.session.add_all(rows)
    context.session.flush()
    return rows


def kept_episodes_of(context: Context, city_id: str, day: date) -> tuple[KeptEpisode, ...]:
    """Give the episodes kept of one day, the costliest first."""
    wanted = select(KeptEpisode).where(KeptEpisode.city_id == city_id, KeptEpisode.day == day)
    return tuple(context.session.scalars(wanted.order_by(KeptEpisode.number)))


def kept_days_of(context: Context, city_ids: Sequence[str]) -> tuple[KeptDay, ...]:
    """Give the days kept of some cities, in order of time."""
    wanted = select(KeptDay).where(KeptDay.city_id.in_(sorted(city_ids))).order_by(KeptDay.day, KeptDay.city_id)
    return tuple(context.session.scalars(wanted))


def kept_traits(context: Context, days: Iterable[KeptDay]) -> tuple[Traits, ...]:
    """Give the traits of every episode of some kept days."""
    by_day = {(one.city_id, one.day): one for one in days}
    cities = sorted({city_id for city_id, _ in by_day})
    rows = context.session.scalars(select(KeptEpisode).where(KeptEpisode.city_id.in_(cities)))
    return tuple(_kept(by_day[row.city_id, row.day], row) for row in rows if (row.city_id, row.day) in by_day)


def traits_of(book: Daybook, today: CalendarDay) -> tuple[Traits, ...]:
    """Give the traits of a day-book's own episodes."""
    return tuple(
        Traits(
            city_id=book.city.city_id,
            day=book.day,
            number=number,
            zones=story.zones,
            zones_share=len(story.zones) / max(len(book.zones), 1),
            from_hour=story.from_hour,
            to_hour=story.to_hour,
            miss_min=story.miss_min,
            wanted_of_day=wanted_of(book),
            causes=_causes(story),
            is_weekend=today.is_weekend,
            is_ramadan=today.is_ramadan,
            holiday=today.holiday,
            rain_mm=_rain_mm(story),
        )
        for number, story in enumerate(book.episodes)
    )


def wanted_of(book: Daybook) -> float:
    """Count what was wanted in the city all day."""
    return sum(book.profile.orders) if book.profile is not None else 0.0


def _row(book: Daybook, number: int, answered: Sequence[tuple[int | None, set[str], frozenset[int]]]) -> KeptEpisode:
    story = book.episodes[number]
    hours = hours_between(story.from_hour, story.to_hour)
    cases = (case for case, zones, former in answered if case and zones & set(story.zones) and former & hours)
    return KeptEpisode(
        city_id=book.city.city_id,
        day=book.day,
        number=number,
        from_hour=story.from_hour,
        to_hour=story.to_hour,
        zone_ids=list(story.zones),
        causes=dict(_causes(story)),
        first_cause=None if story.first_cause is None else story.first_cause.value,
        miss_min=story.miss_min,
        late_orders=story.cost.late_orders,
        lost_orders=story.cost.lost_orders,
        rain_mm=_rain_mm(story),
        case_id=next(cases, None),
    )


def _causes(story: EpisodeStory) -> Mapping[str, float]:
    return {share.cause.value: float(share.share) for share in story.causes}


def _rain_mm(story: EpisodeStory) -> float | None:
    return next((float(factor.actual) for factor in story.factors if factor.name == RAIN), None)


def _kept(day: KeptDay, row: KeptEpisode) -> Traits:
    return Traits(
        city_id=row.city_id,
        day=row.day,
        number=row.number,
        zones=tuple(row.zone_ids),
        zones_share=len(row.zone_ids) / max(day.zones, 1),
        from_hour=row.from_hour,
        to_hour=row.to_hour,
        miss_min=row.miss_min,
        wanted_of_day=day.wanted,
        causes=row.causes,
        is_weekend=day.is_weekend,
        is_ramadan=day.is_ramadan,
        holiday=day.holiday,
        rain_mm=row.rain_mm,
    )
