"""What rehearsals tell, in words: policies, measures, how one stands, and what a difference means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tiffin.capabilities.rehearsals.domain.comparison import Estimate, Figures
from tiffin.capabilities.rehearsals.domain.rehearsal import SECOND, Plan, Standing
from tiffin.capabilities.rehearsals.domain.rosters import OWN_ROSTER, Roster
from tiffin.runtime.i18n import format_number, format_percent, mark, translate

POLICIES: Mapping[str, str] = {
    "nearest": mark("nearest rider, one order each"),
    "bundling": mark("nearest rider, several orders of a merchant together"),
    "batched": mark("matched every half minute, one order each"),
    "batched-bundling": mark("matched every half minute, several orders together"),
}
"""By the name of a policy: what it does."""

STANDINGS: Mapping[Standing, str] = {
    Standing.WAITING: mark("waits to begin"),
    Standing.RUNNING: mark("is running"),
    Standing.DONE: mark("is done"),
    Standing.CANCELLED: mark("was cancelled"),
    Standing.FAILED: mark("could not be run"),
    Standing.INTERRUPTED: mark("was interrupted"),
}

TONES: Mapping[Standing, str] = {
    Standing.DONE: "good",
    Standing.FAILED: "bad",
    Standing.INTERRUPTED: "warn",
    Standing.CANCELLED: "warn",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a rehearsal.

    Parameters
    ----------
    less, more : str
        What it means when the second has less or more of it; ``{b}`` is the second, ``{amount}`` how much.
    is_share : bool
        Whether it is told in percent, and a difference in percentage points.
    wants_less : bool or None
        Whether less is better; None where neither is.
    """

    label: str
    less: str
    more: str
    is_share: bool = False
    wants_less: bool | None = True


MEASURES: Mapping[str, Measure] = {
    "click_to_door_min": Measure(
        mark("Click to door"),
        mark("With {b}, orders arrive {amount} min sooner ({low} to {high})."),
        mark("With {b}, orders arrive {amount} min later ({low} to {high})."),
    ),
    "ready_to_pickup_min": Measure(
        mark("Ready to pickup"),
        mark("With {b}, goods wait {amount} min less for a rider ({low} to {high})."),
        mark("With {b}, goods wait {amount} min more for a rider ({low} to {high})."),
    ),
    "lateness_min": Measure(
        mark("Lateness"),
        mark("With {b}, orders are {amount} min less behind their promise ({low} to {high})."),
        mark("With {b}, orders are {amount} min more behind their promise ({low} to {high})."),
    ),
    "late_share": Measure(
        mark("Late orders"),
        mark("With {b}, {amount} percentage points fewer orders are late ({low} to {high})."),
        mark("With {b}, {amount} percentage points more orders are late ({low} to {high})."),
        is_share=True,
    ),
    "delivered_share": Measure(
        mark("Delivered orders"),
        mark("With {b}, {amount} percentage points fewer of the orders are delivered ({low} to {high})."),
        mark("With {b}, {amount} percentage points more of the orders are delivered ({low} to {high})."),
        is_share=True,
        wants_less=False,
    ),
    "lost_share": Measure(
        mark("Lost for want of a rider"),
        mark("With {b}, {amount} percentage points fewer orders are lost for want of a rider ({low} to {high})."),
        mark("With {b}, {amount} percentage points more orders are lost for want of a rider ({low} to {high})."),
        is_share=True,
    ),
    "utilisation": Measure(
        mark("Riders' time with an order"),
        mark("With {b}, riders are busy {amount} percentage points less of their time ({low} to {high})."),
        mark("With {b}, riders are busy {amount} percentage points more of their time ({low} to {high})."),
        is_share=True,
        wants_less=None,
    ),
    "rider_min_per_order": Measure(
        mark("Riders' minutes for a delivery"),
        mark("With {b}, a delivery takes {amount} min less of riders' time ({low} to {high})."),
        mark("With {b}, a delivery takes {amount} min more of riders' time ({low} to {high})."),
    ),
}


def roster_told(roster: Roster, locale: str) -> str:
    """Say in words who rides."""
    if roster.given:
        return translate(locale, mark("the shifts of {file}"), file=roster.name)
    if roster == OWN_ROSTER:
        return translate(locale, mark("the city's own roster"))
    change = roster.riders_factor - 1.0
    said = mark("{share} more riders than the city's own roster") if change > 0 else mark(
        "{share} fewer riders than the city's own roster"
    )  # fmt: skip
    return translate(locale, said, share=format_percent(abs(change), locale, decimals=0))


def shown(measure: str, value: float | None, locale: str) -> str:
    """Write a figure of a measure."""
    if MEASURES[measure].is_share:
        return format_percent(value, locale)
    return format_number(value, locale, decimals=1)


def difference_shown(measure: str, value: float | None, locale: str) -> str:
    """Write a difference of a measure; of shares it is told in percentage points."""
    if not MEASURES[measure].is_share or value is None:
        return shown(measure, value, locale)
    return translate(locale, mark("{amount} points"), amount=format_number(100 * value, locale, decimals=1))


def arm_told(plan: Plan, key: str, locale: str) -> str:
    """Say in words which of the two it is: by its policy, or by its roster where the policy is the same."""
    arm = next(one for one in plan.arms if one.key == key)
    if len(plan.policies) > 1:
        return arm.policy
    return roster_told(arm.roster, locale)


def differences_told(plan: Plan, figures: Figures, locale: str) -> Iterator[tuple[str, str]]:
    """Say what surely differs, one sentence a measure, with whether that is better, worse or neither.

    Yields
    ------
    tuple of str
        The sentence, and ``better``, ``worse`` or nothing.
    """
    if not figures.differences:
        return
    second = arm_told(plan, SECOND, locale)
    for name, found in figures.differences.items():
        if found.is_told and name in MEASURES:
            yield _sentence(MEASURES[name], found, second, locale)


def undecided(figures: Figures, locale: str) -> tuple[str, ...]:
    """Name the measures in which no difference can be told."""
    return tuple(
        translate(locale, MEASURES[name].label)
        for name, found in figures.differences.items()
        if not found.is_told and name in MEASURES
    )


def _sentence(measure: Measure, found: Estimate, second: str, locale: str) -> tuple[str, str]:
    is_less = found.mean < 0
    ends = sorted((abs(found.low or 0.0), abs(found.high or 0.0)))
    factor = 100 if measure.is_share else 1
    low, high, amount = (format_number(factor * one, locale, decimals=1) for one in (*ends, abs(found.mean)))
    said = translate(locale, measure.less if is_less else measure.more, b=second, amount=amount, low=low, high=high)
    tone = "" if measure.wants_less is None else "better" if is_less == measure.wants_less else "worse"
    return said, tone
