"""The words of levers, findings and options; the figures come from the rehearsal itself."""

from collections.abc import Callable, Mapping
from typing import Any

from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.capabilities.balance.domain.lever_findings import Figure
from tiffin.capabilities.balance.domain.levers import LeadTime, Price
from tiffin.capabilities.balance.domain.strategy_ranking import NOTHING
from tiffin.capabilities.balance.service.words import CAUSES
from tiffin.engines.simulation.levers import Lever
from tiffin.runtime.i18n import (
    format_decimal_unit,
    format_duration,
    format_number,
    format_percent,
    mark,
    translate,
)

LEVERS: Mapping[str, str] = {
    Lever.MOVE_RIDERS: mark("Move riders"),
    Lever.INCENTIVE: mark("Pay riders an incentive"),
    Lever.SHIFT_TOP_UP: mark("Top up shifts"),
    Lever.RADIUS: mark("Shrink the delivery radius"),
    Lever.PROMISE: mark("Promise more time"),
    Lever.THROTTLE: mark("Take fewer orders"),
    Lever.MERCHANT_PACING: mark("Pace merchants"),
    Lever.DEMAND_STEERING: mark("Steer demand"),
    NOTHING: mark("Do nothing"),
}

MEANINGS: Mapping[Lever, str] = {
    Lever.MOVE_RIDERS: mark("Riders of zones with riders to spare work in the zones that miss some."),
    Lever.INCENTIVE: mark("Each order pays the rider more: riders decline less, and more of them come."),
    Lever.SHIFT_TOP_UP: mark("More riders are given a shift in these zones before the day begins."),
    Lever.RADIUS: mark("Merchants are offered to nearer customers only."),
    Lever.PROMISE: mark("Customers are shown a longer time, and some of them do not order."),
    Lever.THROTTLE: mark("A share of the customers is turned away before they order."),
    Lever.MERCHANT_PACING: mark("Kitchens that are full take no further orders until they have less in hand."),
    Lever.DEMAND_STEERING: mark("A share of the customers is shown merchants of zones with riders to spare."),
}

STRENGTHS: Mapping[Lever, str] = {
    Lever.MOVE_RIDERS: mark("{amount} of the riders there"),
    Lever.INCENTIVE: mark("{amount} more pay an order"),
    Lever.SHIFT_TOP_UP: mark("{amount} more riders in each zone"),
    Lever.RADIUS: mark("at most {amount}"),
    Lever.PROMISE: mark("{amount} longer"),
    Lever.THROTTLE: mark("{amount} of the customers"),
    Lever.MERCHANT_PACING: mark("at most {amount} of what a kitchen can hold"),
    Lever.DEMAND_STEERING: mark("{amount} of the customers"),
}

FIGURES: Mapping[Figure, str] = {
    Figure.CAUSE_SHARE: mark("What these causes explain of the miss"),
    Figure.RIDERS_LACKING: mark("Riders lacking in each zone"),
    Figure.RIDERS_LACKING_SHARE: mark("Share of the riders needed who are lacking"),
    Figure.IDLE_ELSEWHERE_HOURS: mark("Hours that riders sat idle elsewhere"),
    Figure.SHARE_TO_MOVE: mark("Share of riders elsewhere that would do"),
    Figure.ZONES_SHARE: mark("Share of the zones that missed"),
    Figure.KITCHENS_SLOWER_SHARE: mark("Kitchens slower by"),
    Figure.DISTANCE_M: mark("Usual way to the customer"),
    Figure.DOOR_LONGER_MIN: mark("Longer to the door by"),
    Figure.HOUR: mark("Hour in which it began"),
}

LEAD_TIMES: Mapping[LeadTime, str] = {
    LeadTime.MORNING: mark("Planned in the morning"),
    LeadTime.INTRADAY: mark("While the day lasts"),
}

PRICES: Mapping[Price, str] = {
    Price.RIDER_HOUR: mark("Hour of a rider"),
    Price.ORDER_PAY: mark("Pay of the usual order"),
    Price.MOVE_HOUR: mark("Hour of a moved rider"),
    Price.ORDER_MARGIN: mark("Margin of an order"),
    Price.STEERING: mark("Voucher of a steered order"),
    Price.REFUND: mark("Refund of a late order"),
}

STATES: Mapping[str, str] = {
    "waiting": mark("Waits"),
    "running": mark("Is rehearsed"),
    "done": mark("Rehearsed"),
    "failed": mark("Failed"),
    "interrupted": mark("Interrupted"),
}

_SHARES = {Figure.CAUSE_SHARE, Figure.RIDERS_LACKING_SHARE, Figure.SHARE_TO_MOVE, Figure.ZONES_SHARE,
           Figure.KITCHENS_SLOWER_SHARE}  # fmt: skip

_AMOUNTS: Mapping[Lever, Callable[[float, str], str]] = {
    Lever.SHIFT_TOP_UP: lambda strength, locale: format_number(strength, locale, decimals=2),
    Lever.RADIUS: lambda strength, locale: format_decimal_unit(strength / 1000, "length-kilometer", locale, decimals=1),
    Lever.PROMISE: format_duration,
    Lever.MERCHANT_PACING: lambda strength, locale: format_percent(1 / strength, locale, decimals=0),
}


def lever_told(lever: str, locale: str) -> str:
    """Name a lever, or doing nothing."""
    return translate(locale, LEVERS[lever])


def strength_told(lever: str, strength: float, locale: str) -> str:
    """Say how strong a lever is pulled; nothing for doing nothing."""
    if lever == NOTHING:
        return ""
    one = Lever(lever)
    write = _AMOUNTS.get(one)
    amount = write(strength, locale) if write else format_percent(strength, locale, decimals=0)
    return translate(locale, STRENGTHS[one], amount=amount)


def option_told(option: Mapping[str, Any], locale: str) -> str:
    """Name an option with its strength."""
    strength = strength_told(option["lever"], option["strength"], locale)
    name = lever_told(option["lever"], locale)
    return f"{name} ({strength})" if strength else name


def condition_told(condition: Mapping[str, Any], locale: str) -> str:
    """Say what a condition asks for and what the finding says."""
    figure, name = Figure(condition["figure"]), _named(condition, locale)
    found = condition["value"]
    if found is None:
        return translate(locale, mark("{figure}: the facts do not tell it."), figure=name)
    value = figure_told(figure, found, locale)
    if condition["hours"]:
        text = mark("{figure}: {value}; between {first} and {last} is needed.")
    elif condition["at_least"] is not None:
        text = mark("{figure}: {value}; at least {limit} is needed.")
    else:
        text = mark("{figure}: {value}; at most {limit} is needed.")
    return translate(locale, text, figure=name, value=value, **_limits(condition, locale))


def rule_told(condition: Mapping[str, Any], locale: str) -> str:
    """Say what a condition asks for, of any finding."""
    if condition["hours"]:
        text = mark("{figure}: between {first} and {last}")
    elif condition["at_least"] is not None:
        text = mark("{figure}: at least {limit}")
    else:
        text = mark("{figure}: at most {limit}")
    return translate(locale, text, figure=_named(condition, locale), **_limits(condition, locale))


def _named(condition: Mapping[str, Any], locale: str) -> str:
    name = translate(locale, FIGURES[Figure(condition["figure"])])
    if not condition["causes"]:
        return name
    causes = (translate(locale, CAUSES[Cause(one)]) for one in condition["causes"])
    return f"{name} ({translate(locale, mark(', ')).join(causes)})"


def _limits(condition: Mapping[str, Any], locale: str) -> dict[str, str]:
    if condition["hours"]:
        first, last = (_hour(one, locale) for one in condition["hours"])
        return {"first": first, "last": last}
    limit = condition["at_least"] if condition["at_least"] is not None else condition["at_most"]
    return {"limit": figure_told(Figure(condition["figure"]), limit, locale)}


def figure_told(figure: Figure, value: float, locale: str) -> str:
    """Write a figure of a finding with its unit."""
    if figure in _SHARES:
        return format_percent(value, locale, decimals=0)
    if figure is Figure.DISTANCE_M:
        return format_decimal_unit(value / 1000, "length-kilometer", locale, decimals=1)
    if figure is Figure.DOOR_LONGER_MIN:
        return format_decimal_unit(value, "duration-minute", locale, decimals=1)
    if figure is Figure.HOUR:
        return _hour(value, locale)
    return format_number(value, locale, decimals=2)


def _hour(value: float, locale: str) -> str:
    return f"{format_number(int(value), locale)}:{format_number(0, locale)}{format_number(0, locale)}"
