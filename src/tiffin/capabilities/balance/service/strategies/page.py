"""What the pages of strategies show: plain values and texts in the reader's language."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tiffin.capabilities.balance.domain.levers import LeadTime
from tiffin.capabilities.balance.domain.strategy_ranking import Span, span_from
from tiffin.capabilities.balance.service import day_index, list_cities
from tiffin.capabilities.balance.service.strategies.evidence import evidence_so_far
from tiffin.capabilities.balance.service.strategies.files import plain_conditions
from tiffin.capabilities.balance.service.strategies.library import read_levers, read_prices
from tiffin.capabilities.balance.service.strategies.picture import options_chart
from tiffin.capabilities.balance.service.strategies.proposals import DONE, Proposal
from tiffin.capabilities.balance.service.strategies.questions import Question
from tiffin.capabilities.balance.service.strategies.records import Strategy
from tiffin.capabilities.balance.service.strategies.telling import (
    holding,
    minutes_span,
    money_span,
    not_holding,
    paragraph,
    ratio_span,
    rows,
    spanned,
    unit_of,
)
from tiffin.capabilities.balance.service.strategies.trial_links import trial_case
from tiffin.capabilities.balance.service.strategies.words import (
    LEAD_TIMES,
    LEVERS,
    MEANINGS,
    PRICES,
    option_told,
    rule_told,
)
from tiffin.capabilities.cases.domain.strategy_cases import STRATEGISTS, STRATEGY
from tiffin.capabilities.cases.service.records import roles_over
from tiffin.capabilities.cases.service.words import shown, word
from tiffin.engines.simulation.levers import Lever
from tiffin.kernel.errors import NotFound
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_money, format_number, translate

STEPS = ("strategy_drafted", "strategy_proposed", "strategy_agreed", "strategy_on_trial", "strategy_kept",
         "strategy_rolled_out", "strategy_closed")  # fmt: skip
TONES = {"strategy_proposed": "warn", "strategy_on_trial": "warn", "strategy_agreed": "good", "strategy_kept": "good",
         "strategy_rolled_out": "good", "strategy_dropped": "bad"}  # fmt: skip
USUAL_DAYS = 28


def register_view(context: Context, found: Sequence[Strategy], chosen: Mapping[str, str]) -> dict[str, Any]:
    """Give what the register shows, with what it can be filtered by."""
    locale = context.locale
    cities = list_cities(context)
    every = translate(locale, "All")
    return {
        "rows": [(one, option_told(one.expected, locale)) for one in found],
        "chosen": chosen,
        "names": {one.city_id: one.name for one in cities},
        "cities": [("", every), *((one.city_id, translate(locale, one.name)) for one in cities)],
        "states": [("", every), *((one.name, word(one.name, locale)) for one in STRATEGY.states)],
        "levers": [("", every), *((one.value, translate(locale, LEVERS[one])) for one in Lever)],
        "tones": TONES,
        "word": lambda name: word(name, locale),
    }


def asking_view(context: Context, question: Question | None, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the page shows before a proposal is rehearsed: the miss, and which levers help."""
    locale = context.locale
    index = day_index(context)
    view: dict[str, Any] = {
        "chosen": chosen,
        "cities": [(one.city_id, translate(locale, one.name)) for one in list_cities(context)],
        "last_days": {city: days[-1].isoformat() for city, days in index.items() if days},
        "lead_times": [(one.value, translate(locale, LEAD_TIMES[one])) for one in LeadTime],
        "question": question,
        "may_ask": False,
    }
    if question is not None:
        view |= _judged(question, locale)
        view["may_ask"] = may_propose(context, question.finding.country, question.finding.city_id)
    return view


def proposal_view(context: Context, proposal: Proposal) -> dict[str, Any]:
    """Give what the page of a proposal shows."""
    locale = context.locale
    first = context.now.date() + timedelta(days=1)
    view = {
        "proposal": proposal,
        "lead_time": translate(locale, LEAD_TIMES[proposal.question.lead_time]),
        "may_adopt": may_propose(context, proposal.country, proposal.city_id),
        "usual": {"first": first.isoformat(), "last": (first + timedelta(days=USUAL_DAYS - 1)).isoformat()},
        "city": _city(context, proposal.city_id),
        **_judged(proposal.question, locale),
    }
    if proposal.state == DONE:
        view |= {
            "paragraph": paragraph(proposal, locale),
            "rows": rows(proposal, locale),
            "chart": options_chart(proposal, locale),
            "unit": unit_of(str(proposal.answer["currency"]), locale),
            "prices": [
                (translate(locale, PRICES[one]), format_money(minor, proposal.question.prices.currency, locale))
                for one, minor in proposal.question.prices.minor.items()
            ],
        }
    return view


def strategy_view(context: Context, found: Strategy) -> dict[str, Any]:
    """Give what the page of a strategy shows."""
    locale, currency = context.locale, str(found.expected["currency"])
    ratio = span_from(found.expected["ratio"])
    avoided, outlay, net = (span_from(found.expected[name]) for name in ("avoided_min", "outlay_minor", "net_minor"))
    first = max(found.first, context.now.date() + timedelta(days=1))
    return {
        "strategy": found,
        "label": option_told(found.expected, locale),
        "meaning": translate(locale, MEANINGS[found.levers[0]]),
        "city": _city(context, found.city_id),
        "avoided": minutes_span(avoided, locale) if avoided else "",
        "outlay": money_span(outlay, currency, locale) if outlay else "",
        "net": money_span(net, currency, locale) if net else "",
        "ratio": ratio_span(ratio, locale) if ratio else "",
        "steps": _steps(found.state),
        "tones": TONES,
        "trial_case": trial_case(context, found.trial) if found.trial else None,
        "may_try": any(one.action == "try_strategy" for one in found.actions),
        "waits_for": [one for one in STRATEGY.transitions if found.state in one.sources and one.roles and one.target],
        "usual": {"first": first.isoformat(), "last": (first + timedelta(days=USUAL_DAYS - 1)).isoformat()},
        "word": lambda name: word(name, locale),
        "shown": lambda value: shown(value, locale),
    }


def levers_view(context: Context) -> dict[str, Any]:
    """Give what the page of the library shows: each lever with what is known of it."""
    locale, today = context.locale, context.now.date()
    evidence = evidence_so_far(context)
    names = {one.city_id: translate(locale, one.name) for one in list_cities(context)}
    return {
        "levers": [
            {
                "definition": one,
                "label": translate(locale, LEVERS[one.lever]),
                "meaning": translate(locale, MEANINGS[one.lever]),
                "helps_when": [rule_told(each, locale) for each in plain_conditions(one)],
                "lead_times": [translate(locale, LEAD_TIMES[each]) for each in LeadTime if each in one.lead_times],
                "prices": [translate(locale, PRICES[each]) for each in one.paid],
                "evidence": evidence[one.lever],
                "rehearsals": [
                    (names.get(each.city_id, each.city_id), each.misses, each.helped,
                     minutes_span(each.avoided_min, locale))
                    for each in evidence[one.lever].rehearsals
                ],
                "trials": [
                    (each.trial, names.get(each.city_id, each.city_id), each.metric, each.is_over,
                     _effect(each.effect, locale))
                    for each in evidence[one.lever].trials
                ],
            }
            for one in read_levers(context.workspace, today)
        ],
        "prices": _prices(context, today),
        "price_names": [translate(locale, text) for text in PRICES.values()],
    }  # fmt: skip


def may_propose(context: Context, country: str, city_id: str) -> bool:
    """Tell whether the actor may ask for proposals and make strategies in a city."""
    return bool(roles_over(context.actor, country=country, city_id=city_id) & STRATEGISTS)


def _judged(question: Question, locale: str) -> dict[str, Any]:
    return {"helps": holding(question.judged, locale), "helps_not": not_holding(question.judged, locale)}


def _city(context: Context, city_id: str) -> str:
    return next((one.name for one in list_cities(context) if one.city_id == city_id), city_id)


def _effect(span: Span | None, locale: str) -> str:
    if span is None:
        return ""
    return spanned(span, lambda value: format_number(value, locale, decimals=3), locale)


def _prices(context: Context, day: date) -> list[tuple[str, list[str], str]]:
    found = []
    for country in sorted({one.country for one in list_cities(context)}):
        try:
            prices = read_prices(context.workspace, country, day)
        except NotFound:
            continue
        amounts = [format_money(minor, prices.currency, context.locale) for minor in prices.minor.values()]
        found.append((country, amounts, prices.source))
    return found


def _steps(state: str) -> Sequence[tuple[str, bool, bool]]:
    """Give the way of a strategy: each step, whether it lies behind, and whether the strategy stands there."""
    if state not in STEPS:
        return ((STEPS[0], True, False), (state, False, True))
    at = STEPS.index(state)
    return tuple((name, number < at, number == at) for number, name in enumerate(STEPS))
