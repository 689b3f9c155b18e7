"""The question of a proposal: one miss of a day-book, what could help against it, and what things cost there."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tiffin.capabilities.balance.domain.daybook import EpisodeStory
from tiffin.capabilities.balance.domain.lever_findings import Finding, finding_from, finding_of
from tiffin.capabilities.balance.domain.levers import Condition, Judgement, LeadTime, Price, Prices, judge_all
from tiffin.capabilities.balance.service import episodes_on
from tiffin.capabilities.balance.service.parameters import read_parameters
from tiffin.capabilities.balance.service.state import marketplace_state
from tiffin.capabilities.balance.service.strategies.library import read_levers, read_prices
from tiffin.capabilities.rehearsals.service.run_scenarios import made_from
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

REPLICATIONS = 12
"""Days that each option is rehearsed on: enough for an interval, few enough for a coffee."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a miss, when there is time to act, what may help and what it costs.

    Parameters
    ----------
    judged : sequence of mapping
        Each lever with its conditions as they were judged, plain.
    """

    finding: Finding
    lead_time: LeadTime
    prices: Prices
    lost_order_min: float
    replications: int
    judged: Sequence[Mapping[str, Any]]
    made_from: str

    def plain(self) -> dict[str, Any]:
        """Give it as plain JSON values, as `question_from` reads them."""
        return {
            "finding": self.finding.plain(),
            "lead_time": self.lead_time.value,
            "prices": {
                "market": self.prices.market,
                "currency": self.prices.currency,
                "minor": {one.value: amount for one, amount in self.prices.minor.items()},
                "source": self.prices.source,
            },
            "lost_order_min": self.lost_order_min,
            "replications": self.replications,
            "judged": list(self.judged),
            "made_from": self.made_from,
        }

    @property
    def fingerprint(self) -> str:
        """Stand for all that the answer follows from."""
        return hashlib.sha256(json.dumps(self.plain(), sort_keys=True).encode()).hexdigest()


def question_from(plain: Mapping[str, Any]) -> Question:
    """Read a question as it is kept."""
    priced = plain["prices"]
    minor = {Price(name): int(amount) for name, amount in priced["minor"].items()}
    return Question(
        finding=finding_from(plain["finding"]),
        lead_time=LeadTime(plain["lead_time"]),
        prices=Prices(priced["market"], priced["currency"], minor, priced["source"]),
        lost_order_min=float(plain["lost_order_min"]),
        replications=int(plain["replications"]),
        judged=plain["judged"],
        made_from=plain["made_from"],
    )


def ask_about(
    context: Context,
    city_id: str,
    day: date,
    *,
    episode: int = 1,
    lead_time: LeadTime = LeadTime.MORNING,
    replications: int = REPLICATIONS,
) -> Question:
    """Make the question about one miss of a day-book.

    Parameters
    ----------
    episode : int
        Its number in the day-book, from 1.

    Raises
    ------
    NotFound
        There is no such city, day or miss, or its market has no prices.
    Forbidden
        The actor's grants do not cover the city.
    """
    stories = episodes_on(context, city_id, day)
    story = _chosen(stories, episode, city_id, day)
    finding = finding_of(marketplace_state(context, city_id, day), episode, story)
    judgements = judge_all(read_levers(context.workspace, day), finding, lead_time)
    return Question(
        finding=finding,
        lead_time=lead_time,
        prices=read_prices(context.workspace, finding.country, day),
        lost_order_min=read_parameters(context.workspace, day).lost_order_min,
        replications=replications,
        judged=[_plain(one, finding) for one in judgements],
        made_from=made_from(),
    )


def judgements_of(context: Context, question: Question) -> tuple[Judgement, ...]:
    """Judge the levers of a kept question, by the definitions of its day."""
    library = read_levers(context.workspace, question.finding.day)
    return judge_all(library, question.finding, question.lead_time)


def _chosen(stories: Sequence[EpisodeStory], episode: int, city_id: str, day: date) -> EpisodeStory:
    if not 1 <= episode <= len(stories):
        raise NotFound(
            Message(
                "Miss {number} of {city} on {day} was expected; its day-book tells {count}.",
                number=episode,
                city=city_id,
                day=day,
                count=len(stories),
            )
        )
    return stories[episode - 1]


def _plain(one: Judgement, finding: Finding) -> dict[str, Any]:
    conditions = [*((each, True) for each in one.kept), *((each, False) for each in one.broken)]
    return {
        "lever": one.definition.lever.value,
        "holds": one.holds,
        "is_in_time": one.is_in_time,
        "conditions": [_condition(each, finding, is_kept) for each, is_kept in conditions],
    }


def _condition(one: Condition, finding: Finding, is_kept: bool) -> dict[str, Any]:  # noqa: FBT001 - a value, no switch
    return {
        "figure": one.figure.value,
        "causes": [cause.value for cause in one.causes],
        "value": one.value(finding),
        "at_least": one.at_least,
        "at_most": one.at_most,
        "hours": list(one.hours) if one.hours else None,
        "holds": is_kept,
    }
