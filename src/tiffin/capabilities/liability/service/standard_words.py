"""Standings in the words of their reader: what is asked, what is missed and by how much, what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import floor

from tiffin.capabilities.liability.domain.standards import OwnIncident, Standing, Step
from tiffin.capabilities.liability.domain.tiers import Criterion, Miss, TierStanding
from tiffin.capabilities.liability.service.standard_rules import Texts, said_in, texts_on, titles_on
from tiffin.capabilities.liability.service.standards import RiderStanding
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_number, format_percent, mark, translate

MISSED: Mapping[Criterion, str] = {
    Criterion.DELIVERIES: mark("Orders handed over in 28 days: {found}. Asked: {asked}."),
    Criterion.CLEAN_SHARE: mark("Orders without an incident of mine, counted with caution: {found}. Asked: {asked}."),
    Criterion.NO_BREACH: mark("A step of coaching is open."),
}
"""What is told of a criterion that is missed."""


@dataclass(frozen=True, slots=True)
class StandardTold:
    """One standard as its reader sees it.

    Parameters
    ----------
    step : str
        What he is at; empty of a clean standing.
    own : tuple of OwnIncident
        What the breaches that are not forgotten are made of, the newest first.
    since : tuple of OwnIncident
        What counts and made no breach yet.
    """

    name: str
    title: str
    text: str
    level: int
    step: str
    step_text: str
    next_step: str
    until_next: int
    within_days: int
    forgotten_on: date | None
    own: tuple[OwnIncident, ...]
    since: tuple[OwnIncident, ...]


@dataclass(frozen=True, slots=True)
class TierTold:
    """A rider's tier as its reader sees it; ``following`` is empty of the best."""

    name: str
    gives: tuple[str, ...]
    following: str
    following_gives: tuple[str, ...]
    missing: tuple[str, ...]
    kept_until: date | None
    missing_held: tuple[str, ...]


def standards_told(context: Context, found: RiderStanding) -> tuple[StandardTold, ...]:
    """Tell each standard, those with an open step first."""
    words = _Words(context, found.day)
    told = [_standard(words, one) for one in found.standings]
    return tuple(sorted(told, key=lambda one: -one.level))


def tier_told(context: Context, found: RiderStanding) -> TierTold:
    """Tell the tier that is held, what it gives, and what is missing to the next."""
    words, tier = _Words(context, found.day), found.tier
    following = tier.following
    new = [name for name in following.gives if name not in tier.held.gives] if following else []
    return TierTold(
        name=words.of("tier", tier.held.name),
        gives=tuple(words.of("gift", name) for name in tier.held.gives),
        following=words.of("tier", following.name) if following else "",
        following_gives=tuple(words.of("gift", name) for name in new),
        missing=tuple(miss_told(one, words.locale) for one in tier.missing),
        kept_until=tier.kept_until,
        missing_held=_held(tier, words.locale),
    )


def titles_told(context: Context, of: str, day: date) -> Mapping[str, str]:
    """Give what standards, steps or tiers are called in the reader's language, by name."""
    found = titles_on(context.workspace, of, day)
    return {name: said_in(found, name, context.locale) for name in found}


def step_told(context: Context, step: Step, day: date) -> tuple[str, str]:
    """Give what a step is called and what it asks."""
    words = _Words(context, day)
    return words.of("step", step.value), words.said("step", step.value)


def miss_told(miss: Miss, locale: str) -> str:
    """Tell a criterion that is missed, and by how much."""
    if miss.criterion is Criterion.CLEAN_SHARE:
        # Rounded down: a share that misses must not look like the one that is asked.
        found, asked = (format_percent(floor(one * 1000) / 1000, locale) for one in (miss.found, miss.asked))
    else:
        found, asked = (format_number(int(one), locale) for one in (miss.found, miss.asked))
    return translate(locale, MISSED[miss.criterion], found=found, asked=asked)


def _held(tier: TierStanding, locale: str) -> tuple[str, ...]:
    return tuple(miss_told(one, locale) for one in tier.missing_held) if tier.kept_until else ()


def _standard(words: "_Words", found: Standing) -> StandardTold:
    standard = found.standard
    own = [one for breach in reversed(found.breaches) for one in reversed(breach.incidents)]
    step = found.step
    return StandardTold(
        name=standard.name,
        title=words.of("standard", standard.name),
        text=words.said("standard", standard.name),
        level=found.level,
        step=words.of("step", step.value) if step else "",
        step_text=words.said("step", step.value) if step else "",
        next_step=words.of("step", found.next_step.value),
        until_next=found.until_next,
        within_days=standard.within_days,
        forgotten_on=found.forgotten_on,
        own=tuple(own),
        since=tuple(reversed(found.since)),
    )


class _Words:
    """The texts that hold on a day in the reader's language."""

    def __init__(self, context: Context, day: date) -> None:
        self.locale = context.locale
        self._context, self._day = context, day
        self._known: dict[tuple[str, bool], Texts] = {}

    def of(self, kind: str, name: str) -> str:
        """Give what something is called."""
        return self._find(kind, name, is_title=True)

    def said(self, kind: str, name: str) -> str:
        """Give what is said of something."""
        return self._find(kind, name, is_title=False)

    def _find(self, kind: str, name: str, *, is_title: bool) -> str:
        if (kind, is_title) not in self._known:
            read = titles_on if is_title else texts_on
            self._known[kind, is_title] = read(self._context.workspace, kind, self._day)
        return said_in(self._known[kind, is_title], name, self.locale)
