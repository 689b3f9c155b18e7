"""Decisions for programs: one case, or many of which a faulty one does not lose the others."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from tiffin.capabilities.policies.domain.decision import Case
from tiffin.capabilities.policies.domain.facts import facts_read, writable
from tiffin.capabilities.policies.domain.plain import decision_as_plain, explanation_as_plain
from tiffin.capabilities.policies.service.case_markets import CaseMarkets
from tiffin.capabilities.policies.service.deciding import Desk, desk_of
from tiffin.capabilities.policies.service.explaining import explain
from tiffin.capabilities.policies.service.library import find, in_force
from tiffin.capabilities.policies.service.reasons import reason
from tiffin.kernel.errors import InvalidData, TiffinError
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import translate

MAX_CASES = 50_000
"""Most cases of one request."""

_WRITTEN = json.JSONEncoder(ensure_ascii=False).encode


class AskedCase(BaseModel):
    """A case that is to be decided."""

    model_config = ConfigDict(extra="forbid")

    facts: dict[str, Any] = Field(description="By input, or by a name that an input is computed from, its value.")
    market: str = Field(default="", max_length=2, description="Country of the case by ISO 3166-1 alpha-2, such as KW.")
    city: str = Field(default="", max_length=128, description="City of the case.")
    on: date | None = Field(default=None, description="Business day of the event; today where it is not said.")
    known_at: AwareDatetime | None = Field(
        default=None, description="What was published by this moment counts; now where it is not said."
    )
    evidence: dict[str, str] = Field(default_factory=dict, description="By fact, a reference to what stands behind it.")

    @model_validator(mode="before")
    @classmethod
    def _is_writable(cls, raw: Any) -> Any:
        """Refuse texts that no answer and no record could repeat."""
        if writable(raw) != raw:
            raise ValueError("a text holds half of a sign alone, such as \\ud800")
        return raw

    def case(self, today: date) -> Case:
        """Give it as the domain knows it."""
        return Case(self.facts, self.on or today, self.market, self.city, self.evidence)


class AskedOfMany(AskedCase):
    """A case among many."""

    id: str | int | None = Field(default=None, description="The sender's own name for the case; it comes back.")


@dataclass(slots=True)
class Tally:
    """What came of many cases."""

    decided: int = 0
    refused: int = 0
    versions: set[str] = field(default_factory=set)


def with_exact_facts(asked: AskedCase, sent: bytes) -> AskedCase:
    """Give a case with its numbers as they were written in the body that brought it, as cases among many have them."""
    return asked.model_copy(update={"facts": facts_read(sent)["facts"]})


def decide_one(context: Context, policy: str, asked: AskedCase) -> dict[str, Any]:
    """Decide a case by the version in force on the business day of its event.

    Raises
    ------
    NotFound
        There is no such policy, or none of its versions is in force on that day.
    InvalidData
        A fact is missing, of another kind, or unheard of.
    Forbidden
        The actor has no grant at all.
    """
    desk = _desk(context, policy, asked)
    CaseMarkets(context).check(asked.market)
    decision = desk.decide(asked.case(context.now.date()))
    told = decision_as_plain(decision, reason(decision, context.locale))
    audit.record_shown(
        context, action="policy_decided", subject=policy, details={"cases": 1, "versions": [decision.version]}
    )
    return {"policy": policy, **told}


def explain_one(context: Context, policy: str, asked: AskedCase) -> dict[str, Any]:
    """Decide a case and tell of every row why it does not decide, and what would have led elsewhere.

    Raises
    ------
    NotFound, InvalidData, Forbidden
        As when it is decided.
    """
    desk = _desk(context, policy, asked)
    CaseMarkets(context).check(asked.market)
    decision = desk.decide(asked.case(context.now.date()))
    told = explanation_as_plain(explain(decision, context.locale), reason(decision, context.locale))
    audit.record_shown(
        context, action="policy_decided", subject=policy, details={"cases": 1, "versions": [decision.version]}
    )
    return {"policy": policy, **told}


def decide_lines(context: Context, policy: str, body: bytes) -> str:
    """Decide many cases: JSON with a list ``cases``, a JSON array, or one case a line; answer one line of JSON each.

    An answer tells the case's ``number``, from 0, and its ``id``; one that could not be decided has an ``error``.

    Raises
    ------
    NotFound
        There is no such policy.
    InvalidData
        The body is neither, or holds no case, or too many.
    Forbidden
        The actor has no grant at all.
    """
    find(context, policy)
    tally = Tally()
    lines = "\n".join(map(_WRITTEN, _answers(context, policy, _cases(body), tally)))
    details = {"cases": tally.decided, "refused": tally.refused, "versions": sorted(tally.versions)}
    audit.record_shown(context, action="policy_decided", subject=policy, details=details)
    return lines


def _answers(context: Context, policy: str, cases: list[Any], tally: Tally) -> Iterator[dict[str, Any]]:
    desks: dict[tuple[date | None, datetime | None], Desk] = {}
    today, markets = context.now.date(), CaseMarkets(context)
    for number, raw in enumerate(cases):
        named: dict[str, Any] = {"number": number}
        try:
            asked = _read(raw)
            if asked.id is not None:
                named["id"] = asked.id
            key = (asked.on, asked.known_at)
            if key not in desks:
                desks[key] = _desk(context, policy, asked)
            markets.check(asked.market)
            decision = desks[key].decide(asked.case(today))
        except TiffinError as refusal:
            tally.refused += 1
            yield {**named, "error": _said(context, refusal.said)}
        else:
            tally.decided += 1
            tally.versions.add(decision.version)
            yield {**named, **decision_as_plain(decision, reason(decision, context.locale))}


def _desk(context: Context, policy: str, asked: AskedCase) -> Desk:
    return desk_of(in_force(context, policy, asked.on or context.now.date(), known_at=asked.known_at))


def _read(raw: Any) -> AskedOfMany:
    """Read one case.

    Raises
    ------
    InvalidData
        It is none.
    """
    if isinstance(raw, InvalidData):
        raise raw
    try:
        return AskedOfMany.model_validate(raw)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, one['loc'])) or '-'}: {one['msg']}" for one in error.errors())
        raise InvalidData(Message("This is no case that can be decided: {faults}.", faults=faults)) from None


def _cases(body: bytes) -> list[Any]:
    found = _parsed(body)
    if isinstance(found, Mapping) and isinstance(found.get("cases"), list):
        found = found["cases"]
    found = found if isinstance(found, list) else [found]
    if not found:
        raise InvalidData(Message("A request of at least one case was expected; found none."))
    if len(found) > MAX_CASES:
        raise InvalidData(
            Message(
                "A request may have {most} cases; {count} were sent. Send them in parts, each under its own key.",
                most=MAX_CASES,
                count=len(found),
            )
        )
    return found


def _parsed(body: bytes) -> Any:
    """Read JSON, or JSON lines; a line that is none stands for a case that cannot be decided."""
    try:
        return facts_read(body)
    except (ValueError, RecursionError):
        return [_line(line) for line in body.splitlines() if line.strip()]


def _line(line: bytes) -> Any:
    try:
        return facts_read(line)
    except (ValueError, RecursionError) as error:
        return InvalidData(Message("This line is no JSON: {reason}.", reason=str(error)[:120]))


def _said(context: Context, said: str) -> str:
    return translate(context.locale, said)
