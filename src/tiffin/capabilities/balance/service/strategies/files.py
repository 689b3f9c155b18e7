"""Strategies and proposals as plain values: for files, commands and other programs."""

from collections.abc import Sequence
from typing import Any

from tiffin.capabilities.balance.domain.levers import LeverDefinition
from tiffin.capabilities.balance.domain.strategy_ranking import plain_span
from tiffin.capabilities.balance.service.strategies.evidence import Evidence
from tiffin.capabilities.balance.service.strategies.proposals import Proposal
from tiffin.capabilities.balance.service.strategies.records import Strategy

COLUMNS = (
    *("case", "city", "day", "episode", "lever", "option", "state", "owner", "team", "first", "last", "trial"),
    *("avoided_min", "avoided_low", "avoided_high", "outlay_minor", "currency", "is_simulated", "outcome"),
)


def register_rows(found: Sequence[Strategy]) -> list[list[object]]:
    """Give the register as rows of `COLUMNS`."""
    return [_row(one) for one in found]


def plain_strategy(one: Strategy) -> dict[str, Any]:
    """Give a strategy as plain JSON values."""
    return {
        "case": one.case_id,
        "proposal": one.proposal,
        "option": one.option,
        "levers": [lever.value for lever in one.levers],
        "state": one.state,
        "city": one.city_id,
        "day": one.day.isoformat(),
        "episode": one.episode,
        "parameters": dict(one.parameters),
        "finding": one.finding.plain(),
        "expected": dict(one.expected),
        "owner": one.owner,
        "team": one.team,
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "trial": one.trial,
        "outcome": one.outcome,
        "due_at": one.due_at.isoformat() if one.due_at else None,
        "created_by": one.created_by,
        "actions": [action.action for action in one.actions],
    }


def plain_proposal(one: Proposal) -> dict[str, Any]:
    """Give a proposal as plain JSON values."""
    return {
        "proposal": one.number,
        "city": one.city_id,
        "day": one.day.isoformat(),
        "episode": one.episode,
        "state": one.state,
        "done": one.done,
        "total": one.total,
        "failure": one.failure,
        "question": one.question.plain(),
        "answer": dict(one.answer),
        "receipt": dict(one.receipt),
        "is_simulated": True,
    }


def plain_conditions(one: LeverDefinition) -> list[dict[str, Any]]:
    """Give the conditions of a lever as plain JSON values."""
    return [
        {"figure": each.figure.value, "causes": [cause.value for cause in each.causes], "at_least": each.at_least,
         "at_most": each.at_most, "hours": list(each.hours) if each.hours else None}
        for each in one.helps_when
    ]  # fmt: skip


def plain_lever(one: LeverDefinition, evidence: Evidence) -> dict[str, Any]:
    """Give a lever of the library with what is known of it, as plain JSON values."""
    return {
        "lever": one.lever.value,
        "lead_times": sorted(each.value for each in one.lead_times),
        "pulled_by": sorted(one.pulled_by),
        "helps_when": plain_conditions(one),
        "paid": [each.value for each in one.paid],
        "metric": one.metric,
        "guardrails": [{"metric": each.metric, "most_worse": each.most_worse} for each in one.guardrails],
        "source": one.source,
        "rehearsals": [
            {"city": each.city_id, "misses": each.misses, "helped": each.helped,
             "avoided_min": plain_span(each.avoided_min), "is_simulated": True}
            for each in evidence.rehearsals
        ],
        "trials": [
            {"trial": each.trial, "city": each.city_id, "metric": each.metric, "is_over": each.is_over,
             "effect": plain_span(each.effect)}
            for each in evidence.trials
        ],
    }  # fmt: skip


def _row(one: Strategy) -> list[object]:
    avoided, outlay = one.expected["avoided_min"], one.expected["outlay_minor"]
    return [one.case_id, one.city_id, one.day.isoformat(), one.episode, " ".join(one.levers), one.option, one.state,
            one.owner, one.team, one.first.isoformat(), one.last.isoformat(), one.trial or "", avoided["mean"],
            avoided["low"], avoided["high"], outlay["mean"], one.expected["currency"], True,
            one.outcome or ""]  # fmt: skip
