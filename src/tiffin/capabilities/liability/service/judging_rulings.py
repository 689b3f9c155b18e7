"""What the tables make of incidents, before anybody has acted on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tiffin.capabilities.liability.domain.incident import Incident
from tiffin.capabilities.liability.domain.judging import LATENESS, POLICIES, Judged, Split, Stake, judged
from tiffin.capabilities.liability.domain.judging_inputs import (
    Known,
    inputs_of,
    lateness_inputs,
    split_of,
    stake_of,
)
from tiffin.capabilities.liability.domain.parties import WHOLE, Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.capabilities.liability.service.notice_reasons import reasons_beyond
from tiffin.capabilities.liability.service.row_standing import demoted_rows
from tiffin.capabilities.policies.domain.decision import Case, Decision, Refused
from tiffin.capabilities.policies.domain.plain import value_as_plain
from tiffin.capabilities.policies.service.deciding import decide_many
from tiffin.capabilities.policies.service.reasons import reasons_by_locale
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import LOCALES, mark, translate

NO_ROW = "what_do_the_facts_say"
DEMOTED = "does_the_row_hold"
UNDECIDED = mark("No row of a policy fits what is known; a person decides.")


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a table makes of an incident, before anybody has acted on it.

    Parameters
    ----------
    facts : mapping
        What it rests on, as plain JSON values: enough to decide it again.
    """

    incident: Incident
    policy: str
    version: str
    row: str
    reason: Mapping[str, str]
    found: Judged
    exemption: str
    facts: Mapping[str, Any]

    @property
    def is_sure(self) -> bool:
        """Tell whether no person has to look."""
        return not self.found.question

    def verdict(self, verdict_id: str, *, at: datetime, case_id: int | None) -> Verdict:
        """Give it as a verdict that a policy decided."""
        return Verdict(
            verdict_id=verdict_id,
            incident=self.incident,
            shares=self.found.shares,
            policy=self.policy,
            policy_version=self.version,
            row=self.row,
            reason=self.reason,
            confidence=self.found.confidence,
            decided_by=DecidedBy.POLICY,
            decided_at=at,
            points=self.found.points,
            recovery_minor=self.found.recovery_minor,
            compensation_minor=self.found.compensation_minor,
            currency=str(self.facts["stake"]["currency"]),
            exemption=self.exemption,
            case_id=case_id,
            facts=self.facts,
        )


def facts_of(known: Known) -> dict[str, Any]:
    """Give what an incident is judged on as plain JSON values."""
    incident, split = known.incident, split_of(known.attribution)
    policy = POLICIES[incident.incident]
    stake, given = stake_of(known), inputs_of(known)
    return {
        "policy": policy,
        "given": given,
        "late_min": given.get("late_min", 0),
        "lateness": lateness_inputs(known) if policy == "verdict-late" else None,
        "market": incident.country,
        "city": incident.city_id,
        "on": incident.business_date.isoformat(),
        "stake": {
            "currency": stake.currency,
            "at_stake_minor": stake.at_stake_minor,
            "basket_minor": stake.basket_minor,
            "delivery_fee_minor": stake.delivery_fee_minor,
            "refunded_minor": stake.refunded_minor,
        },
        "split": _plain_split(split),
        "known": [party.value for party in Party if party in _parties(incident)],
    }


def rule_on(
    context: Context, incidents: Sequence[tuple[Incident, Mapping[str, Any]]], *, known_at: datetime | None = None
) -> list[Ruling]:
    """Decide incidents by the tables in force on their days, as known now or at a moment.

    Parameters
    ----------
    incidents : sequence of (Incident, mapping)
        Each with its facts, as `facts_of` gives them.

    Raises
    ------
    NotFound
        A table is not in force on a day.
    """
    decisions = _decisions(context, [facts for _, facts in incidents], known_at)
    demoted = demoted_rows(context) if known_at is None else frozenset()
    return [
        _ruling(incident, facts, *found, demoted) for (incident, facts), found in zip(incidents, decisions, strict=True)
    ]


_Found = tuple[Decision | Refused, Decision | Refused | None]


def _decisions(context: Context, listed: Sequence[Mapping[str, Any]], known_at: datetime | None) -> list[_Found]:
    """Decide each by its own table, all of a table at once, and what customers get for lateness."""
    own: dict[int, Decision | Refused] = {}
    late: dict[int, Decision | Refused] = {}
    for policy in sorted({str(facts["policy"]) for facts in listed}):
        places = [place for place, facts in enumerate(listed) if facts["policy"] == policy]
        cases = [_case(listed[place], "given") for place in places]
        own |= dict(zip(places, decide_many(context, policy, cases, known_at=known_at), strict=True))
    places = [place for place, facts in enumerate(listed) if facts["lateness"] is not None]
    cases = [_case(listed[place], "lateness") for place in places]
    late |= dict(zip(places, decide_many(context, LATENESS, cases, known_at=known_at), strict=True))
    return [(own[place], late.get(place)) for place in range(len(listed))]


def _case(facts: Mapping[str, Any], name: str) -> Case:
    return Case(facts[name], date.fromisoformat(facts["on"]), facts["market"], facts["city"])


def _ruling(
    incident: Incident,
    facts: Mapping[str, Any],
    decision: Decision | Refused,
    lateness: Decision | Refused | None,
    demoted: frozenset[tuple[str, str]],
) -> Ruling:
    policy, exemption = str(facts["policy"]), str(facts["given"].get("exemption") or "")
    if isinstance(decision, Refused) or not decision.row or isinstance(lateness, Refused):
        nobody = Judged({Party.PLATFORM: WHOLE}, confidence=0.0, question=NO_ROW)
        version = "" if isinstance(decision, Refused) else decision.version
        return Ruling(incident, policy, version, "", _said(UNDECIDED), nobody, exemption, facts)
    found = judged(
        _outputs(decision),
        stake=Stake(**facts["stake"]),
        split=split_from(facts),
        known=frozenset(Party(name) for name in facts["known"]),
        lateness=_outputs(lateness) if lateness is not None else None,
    )
    if (policy, decision.row) in demoted and not found.question:
        found = _asked(found, DEMOTED)
    reason = {**reasons_by_locale(decision), **reasons_beyond(decision)}
    return Ruling(incident, policy, decision.version, decision.row, reason, found, exemption, facts)


def split_from(facts: Mapping[str, Any]) -> Split | None:
    """Read who lost how much of the time from facts."""
    plain = facts["split"]
    if plain is None:
        return None
    shares = {Party(name): int(share) for name, share in plain["shares"].items()}
    return Split(shares, plain["confidence_percent"], plain["question"], plain["exemption"])


def _asked(found: Judged, question: str) -> Judged:
    return Judged(
        found.shares,
        found.points,
        found.recovery_minor,
        found.compensation_minor,
        found.confidence,
        question,
        found.restoration,
    )


def _plain_split(split: Split | None) -> dict[str, Any] | None:
    if split is None:
        return None
    return {
        "shares": {party.value: share for party, share in split.shares.items()},
        "confidence_percent": split.confidence_percent,
        "question": split.question,
        "exemption": split.exemption,
    }


def _parties(incident: Incident) -> frozenset[Party]:
    named = {Party.CUSTOMER: incident.order_id, Party.MERCHANT: incident.merchant_id, Party.RIDER: incident.rider_id}
    return frozenset(party for party, who in named.items() if who)


def _outputs(decision: Decision) -> dict[str, Any]:
    return {name: value_as_plain(value) for name, value in decision.outputs.items()}


def _said(text: str) -> dict[str, str]:
    return {locale: translate(locale, text) for locale in LOCALES}
