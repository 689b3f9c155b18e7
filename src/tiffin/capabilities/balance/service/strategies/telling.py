"""Proposals told in words and rows: no more than the numbers say."""

from collections.abc import Callable, Mapping, Sequence
from math import inf, isfinite
from typing import Any

from tiffin.capabilities.balance.domain.strategy_ranking import NOTHING, Span, span_from
from tiffin.capabilities.balance.service.strategies.proposals import Proposal
from tiffin.capabilities.balance.service.strategies.words import (
    condition_told,
    lever_told,
    option_told,
    strength_told,
)
from tiffin.kernel.money import MINOR_DIGITS
from tiffin.runtime.i18n import format_duration, format_money, format_number, format_percent, mark, translate


def paragraph(proposal: Proposal, locale: str) -> tuple[str, ...]:
    """Tell what a proposal came to, sentence by sentence; the numbers are those of its table."""
    if not proposal.options:
        return ()
    first = proposal.options[0]
    nothing = proposal.option(NOTHING)
    if first["name"] == NOTHING:
        text = mark("No option surely avoids lateness on the rehearsed days: doing nothing stands first.")
        return (translate(locale, text), *_simulated(proposal, locale))
    said = [_first(proposal, first, locale), _chance(first, nothing, locale), _net(proposal, first, locale)]
    return (*said, *_simulated(proposal, locale))


def rows(proposal: Proposal, locale: str) -> list[dict[str, Any]]:
    """Give the ranked options as a table shows them."""
    return [_row(proposal, one, locale) for one in proposal.options]


def not_holding(judged: Sequence[Mapping[str, Any]], locale: str) -> list[tuple[str, list[str]]]:
    """Say of each lever that does not help why it does not."""
    late = translate(locale, mark("It cannot be pulled any more once the day has begun."))
    return [
        (
            lever_told(one["lever"], locale),
            [
                *([] if one["is_in_time"] else [late]),
                *(condition_told(each, locale) for each in one["conditions"] if not each["holds"]),
            ],
        )
        for one in judged
        if not one["holds"]
    ]


def holding(judged: Sequence[Mapping[str, Any]], locale: str) -> list[tuple[str, list[str]]]:
    """Say of each lever that helps why it does."""
    return [
        (lever_told(one["lever"], locale), [condition_told(each, locale) for each in one["conditions"]])
        for one in judged
        if one["holds"]
    ]


def money_span(span: Span, currency: str, locale: str) -> str:
    """Write an amount of money with its interval."""
    return spanned(span, lambda minor: format_money(minor, currency, locale), locale)


def minutes_span(span: Span, locale: str) -> str:
    """Write minutes with their interval."""
    return spanned(span, lambda minutes: format_duration(minutes, locale), locale)


def ratio_span(span: Span, locale: str) -> str:
    """Write a ratio with its interval, which may have no end."""
    return spanned(span, lambda value: format_number(value, locale, decimals=2), locale)


def spanned(span: Span, write: Callable[[float], str], locale: str) -> str:
    """Write a mean with its interval, as one amount is written."""
    mean = write(span.mean)
    if not isfinite(span.low) and not isfinite(span.high):
        return translate(locale, mark("{mean} (no bounds)"), mean=mean)
    if span.low == span.high:
        return mean
    return translate(locale, mark("{mean} ({low} to {high})"), mean=mean, low=write(span.low), high=write(span.high))


def unit_of(currency: str, locale: str) -> str:
    """Write one unit of a currency."""
    return format_money(10 ** MINOR_DIGITS.get(currency, 2), currency, locale)


def _span(option: Mapping[str, Any], name: str) -> Span:
    return span_from(option[name]) or Span(0.0, -inf, inf)


def _row(proposal: Proposal, one: Mapping[str, Any], locale: str) -> dict[str, Any]:
    currency = proposal.answer["currency"]
    ratio = span_from(one["ratio"])
    miss = proposal.question.finding.miss_min
    return {
        "name": one["name"],
        "rank": one["rank"],
        "label": lever_told(one["lever"], locale),
        "strength": strength_told(one["lever"], one["strength"], locale),
        "avoided": minutes_span(_span(one, "avoided_min"), locale),
        "share": format_percent(_span(one, "avoided_min").mean / miss, locale, decimals=0) if miss > 0 else "",
        "outlay": money_span(_span(one, "outlay_minor"), currency, locale),
        "net": money_span(_span(one, "net_minor"), currency, locale),
        "ratio": ratio_span(ratio, locale) if ratio else "",
        "best": format_percent(one["best"], locale, decimals=0),
        "is_nothing": one["name"] == NOTHING,
        **{flag: one[flag] for flag in ("is_free", "may_be_free", "is_effective", "is_dominated")},
    }


def _first(proposal: Proposal, first: Mapping[str, Any], locale: str) -> str:
    currency = proposal.answer["currency"]
    avoided, ratio = _span(first, "avoided_min"), span_from(first["ratio"])
    values = {
        "option": option_told(first, locale),
        "minutes": format_duration(avoided.mean, locale),
        "low": format_duration(avoided.low, locale),
        "high": format_duration(avoided.high, locale),
        "money": format_money(_span(first, "outlay_minor").mean, currency, locale),
    }
    if ratio is None:
        text = mark(
            "{option} stands first: it avoids {minutes} of lateness on such a day (between {low} and {high}) "
            "and costs nothing."
        )
        return translate(locale, text, **values)
    text = mark(
        "{option} stands first: it avoids {minutes} of lateness on such a day (between {low} and {high}) "
        "for {money}, which is {ratio} minutes for each {unit}."
    )
    return translate(
        locale, text, **values, ratio=format_number(ratio.mean, locale, decimals=2), unit=unit_of(currency, locale)
    )


def _chance(first: Mapping[str, Any], nothing: Mapping[str, Any], locale: str) -> str:
    text = mark(
        "When the rehearsed days are drawn anew it stands first {best} of the time, and doing nothing {nothing}."
    )
    return translate(
        locale,
        text,
        best=format_percent(first["best"], locale, decimals=0),
        nothing=format_percent(nothing["best"], locale, decimals=0),
    )


def _net(proposal: Proposal, first: Mapping[str, Any], locale: str) -> str:
    net, currency = _span(first, "net_minor").mean, proposal.answer["currency"]
    text = (
        mark("With refunds and orders that are no longer lost counted in, it costs {money}.")
        if net >= 0
        else mark("With refunds and orders that are no longer lost counted in, it saves {money}.")
    )
    return translate(locale, text, money=format_money(abs(net), currency, locale))


def _simulated(proposal: Proposal, locale: str) -> tuple[str, ...]:
    text = mark("All of this is simulated, on {count} replications of the diagnosed day.")
    return (translate(locale, text, count=format_number(proposal.receipt.get("replications", 0), locale)),)
