"""Cases of misses too large to be left to chance: opened once, by the platform or by whoever reads the page."""

from collections.abc import Sequence

from sqlalchemy import select

from tiffin.capabilities.balance.domain.daybook import Daybook
from tiffin.capabilities.balance.models.day_episodes import KeptEpisode
from tiffin.capabilities.balance.models.strategies import StrategyRecord
from tiffin.capabilities.balance.service import words
from tiffin.capabilities.balance.service.page import clock
from tiffin.capabilities.balance.service.page_parameters import page_parameters
from tiffin.capabilities.balance.service.similar_keeping import keep_day
from tiffin.capabilities.cases.domain.case import CaseSummary, NewCase
from tiffin.capabilities.cases.domain.miss_cases import SUPPLY_MISS
from tiffin.capabilities.cases.domain.roles import READERS
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.capabilities.cases.service import open_case
from tiffin.capabilities.cases.service.records import roles_over
from tiffin.capabilities.scorecards.domain import CalendarDay
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark

HEADLINE = mark("Supply missed demand in {city} on {day}, {from_hour} to {to_hour}: {minutes} minutes. {cause}")
DROPPED = "strategy_dropped"


def keep_and_watch(context: Context, book: Daybook, days: Sequence[CalendarDay]) -> tuple[KeptEpisode, ...]:
    """Keep what a day-book found, and open a case of each large miss of the last days that nothing answers.

    Parameters
    ----------
    days : sequence of CalendarDay
        Of the city, those with facts.
    """
    rows = keep_day(context, book, next(one for one in days if one.day == book.day))
    held = page_parameters(context.workspace, book.day)
    last = [one.day for one in days][-held.person_within_days :] if held.person_within_days else []
    if book.day in last:
        for row in rows:
            if row.miss_min >= held.person_miss_min and row.case_id is None and not _has_strategy(context, row):
                row.case_id = _open(context, book, row).case_id
    context.session.flush()
    return rows


def open_miss_case(context: Context, book: Daybook, days: Sequence[CalendarDay], number: int) -> int:
    """Open a case of one episode of a day-book, or give the one that is about it already.

    Parameters
    ----------
    number : int
        Of the episode, from 0.

    Raises
    ------
    Forbidden
        The actor handles no cases of this city.
    NotFound
        The day has no such episode.
    """
    if not roles_over(context.actor, country=book.city.country, city_id=book.city.city_id) & READERS:
        raise Forbidden(Message("Cases of misses are opened by analysts, city managers and stewards of the city."))
    rows = keep_day(context, book, next(one for one in days if one.day == book.day))
    if not 0 <= number < len(rows):
        raise NotFound(Message("The day has no episode {number}. Look at the page again.", number=number + 1))
    row = rows[number]
    if row.case_id is None:
        row.case_id = _open(context, book, row).case_id
        context.session.flush()
    return row.case_id


def _has_strategy(context: Context, row: KeptEpisode) -> bool:
    wanted = select(StrategyRecord.strategy_id).where(
        StrategyRecord.city_id == row.city_id,
        StrategyRecord.day == row.day,
        StrategyRecord.episode == row.number + 1,  # people count misses from one
        StrategyRecord.state != DROPPED,
    )
    return context.session.scalar(wanted.limit(1)) is not None


def _open(context: Context, book: Daybook, row: KeptEpisode) -> CaseSummary:
    story = book.episodes[row.number]
    cause = words.CAUSES[story.first_cause] if story.first_cause is not None else ""
    return open_case(
        context,
        NewCase(
            case_type=SUPPLY_MISS.name,
            # Not the episode's rank: the same miss must be found again when another one of the day grows beyond it.
            key=f"miss|{row.city_id}|{row.day}|{row.zone_ids[0]}|{row.from_hour}",
            headline=HEADLINE,
            values={
                "city": {"message": book.city.name},
                "day": {"days": [book.day.isoformat()]},
                "from_hour": clock(story.from_hour, "en"),
                "to_hour": clock((story.to_hour + 1) % 24, "en"),
                "minutes": round(story.miss_min),
                "cause": {"message": cause},
            },
            country=book.city.country,
            city_id=row.city_id,
            subject=f"day:{book.day.isoformat()}",
            severity=Severity.MAJOR,
            timezone=book.city.timezone if book.city.timezone_known else None,
        ),
    )
