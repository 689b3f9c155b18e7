"""Explaining a case: which row decides it, why no other, and what would have changed it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from tiffin.capabilities.policies.domain.decision import Case, Decision, Outcome
from tiffin.capabilities.policies.domain.explanation import ExplainedRow, Explanation, OtherOutcome
from tiffin.capabilities.policies.domain.policy import CITY, MARKET, Effective
from tiffin.capabilities.policies.pages.case_form import facts_in, fields_of
from tiffin.capabilities.policies.pages.cells import Teller
from tiffin.capabilities.policies.pages.shown import found_on, titled
from tiffin.capabilities.policies.pages.units import currency_of, money_told
from tiffin.capabilities.policies.pages.where import Where, choices_of, in_words, place_name, where_of
from tiffin.capabilities.policies.service.deciding import desk_of
from tiffin.capabilities.policies.service.explaining import explain
from tiffin.capabilities.policies.service.past_cases import PastCase, find_case
from tiffin.engines.decisions.dmn.plain import NotPlain, plain_cell
from tiffin.engines.decisions.explaining.accounts import Standing
from tiffin.engines.decisions.feel.from_python import feel_value
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.feel.writing import text_of
from tiffin.kernel.errors import Forbidden, InvalidData, NotFound, TiffinError
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import isolate, mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()

MOST_WAYS = 24


@dataclass(frozen=True, slots=True)
class InputTold:
    """An input of a decided case: its value, what the deciding row asks of it, the evidence behind it."""

    label: str
    value: str
    asked: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ChangeTold:
    """What would have changed the outcome: if an input had been another, what would follow, by which rows."""

    when: str
    then: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowNot:
    """A row that does not decide, and why not."""

    row: str
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decided case in the reader's language; ``untold`` says why no change of the outcome can be told."""

    heading: str
    is_decided: bool
    reasons: tuple[str, ...]
    rows: tuple[str, ...]
    outputs: tuple[tuple[str, str], ...]
    inputs: tuple[InputTold, ...]
    changes: tuple[ChangeTold, ...]
    others: tuple[RowNot, ...]
    version: str
    shown_at: str
    untold: str


HEADINGS: Mapping[Outcome, str] = {
    Outcome.DECIDED: mark("Decided"),
    Outcome.GAP: mark("No row holds"),
    Outcome.CONFLICT: mark("Rows contradict each other"),
}

NOT_BECAUSE: Mapping[Standing, str] = {
    Standing.OVERRIDDEN: mark("It holds, but a row of this market or city goes before it."),
    Standing.BEHIND: mark("It holds, but by the order of the table another row counts."),
}


class Asked(BaseModel):
    """What the form says beside the inputs: where and when, or the number of a past case."""

    market: str = ""
    city: str = ""
    on: str = ""
    decide: str = ""
    case: str = ""


@router.get("/policies/{name}/explain")
def show_case(request: Request, context: ContextDep, name: str, asked: Annotated[Asked, Query()]) -> HTMLResponse:
    """Show the form of a case and, once it is filled or a past case is named, how the case is decided and why."""
    where = where_of(context, market=asked.market, city=asked.city, on=asked.on)
    given, past, refusal = facts_in(dict(request.query_params)), None, None
    if asked.case:
        past, refusal = _past_case(context, name, asked.case, where)
    if past is not None:
        where = replace(where, market=past.market, city=past.city, on=past.on)
        given = {key: text_of(feel_value(value)) for key, value in past.facts.items() if value is not None}
    found, missing = found_on(context, name, where)
    verdict: Verdict | None = None
    if found is not None and (asked.decide or past is not None):
        try:
            verdict = _decided(found, given, where, context.locale, past)
        except InvalidData as error:
            refusal = error
    refused = missing or refusal
    return page(
        request,
        context,
        "policies/explain.html",
        status=refused.http_status if refused is not None and found is not None else HTTPStatus.OK,
        refused=refused.said if refused is not None else "",
        name=name,
        told=titled(context, name),
        where=where,
        case=asked.case,
        past=past,
        has_cases=found is not None and bool(found.stated.cases),
        choices=choices_of(context),
        fields=fields_of(found, given, context.locale) if found is not None else [],
        verdict=verdict,
    )


def _past_case(context: Context, name: str, case_id: str, where: Where) -> tuple[PastCase | None, TiffinError | None]:
    """Find a past case; or tell why it is not shown."""
    found, refusal = found_on(context, name, where)
    if found is None:
        return None, refusal
    try:
        return find_case(context, found, case_id.strip()), None
    except (NotFound, Forbidden) as error:
        return None, error


def _decided(found: Effective, given: Mapping[str, str], where: Where, locale: str, past: PastCase | None) -> Verdict:
    desk = desk_of(found)
    known = {one.name for one in found.stated.inputs}
    facts = {name: desk.reader.from_text(name, text) for name, text in given.items() if text and name in known}
    evidence = past.evidence if past is not None else {}
    explained = explain(desk.decide(Case(facts, where.on, where.market, where.city, evidence)), locale)
    return _Telling(explained, where, locale).verdict()


class _Telling:
    """One explanation in the reader's language."""

    def __init__(self, explained: Explanation, where: Where, locale: str) -> None:
        self.explained, self.where, self.locale = explained, where, locale
        self.decision: Decision = explained.decision
        self.found = self.decision.effective
        places = {MARKET: translate(locale, "Market"), CITY: translate(locale, "City")}
        self.labels = places | {one.name: in_words(one.label, locale) for one in self.found.stated.inputs}
        self.outputs = {one.name: in_words(one.label, locale) for one in self.found.stated.outputs}
        wholes = {one.name: one.whole for one in self.found.table.domains}
        self.tellers = {name: Teller(locale, whole) for name, whole in wholes.items()}
        for name in places:
            self.tellers[name] = Teller(locale, names=self._place)

    def verdict(self) -> Verdict:
        """Tell all of it."""
        decision = self.decision
        return Verdict(
            translate(self.locale, HEADINGS[decision.outcome]),
            decision.outcome is Outcome.DECIDED,
            self.explained.reasons,
            decision.rows,
            tuple((self.outputs[name], self._output(name, decision.outputs)) for name in decision.outputs),
            tuple(self._inputs()),
            tuple(one for other in self.explained.others for one in self._changes(other))[:MOST_WAYS],
            tuple(self._nots()),
            decision.version,
            urlencode({"market": self.where.market, "city": self.where.city, "on": self.where.on.isoformat()}),
            self.explained.untold,
        )

    def _inputs(self) -> Iterator[InputTold]:
        for one in self.explained.inputs:
            if one.name in self.labels and (one.value is not None or one.name not in (MARKET, CITY)):
                is_place = one.name in (MARKET, CITY)
                asked = self._asked(one.name) if one.is_tested and not is_place else ""
                yield InputTold(self.labels[one.name], self._value(one.name, one.value), asked, one.evidence)

    def _asked(self, name: str) -> str:
        """Tell what the rows that decide ask of an input."""
        table, column = self.found.table, self.decision.ready.names.index(name)
        try:
            cells = [plain_cell(table.table.rows[n].tests[column], table.parameters) for n in self.decision.numbers]
        except NotPlain:
            return ""
        return "; ".join(dict.fromkeys(filter(None, (self.tellers[name].cell(cell) for cell in cells))))

    def _changes(self, other: OtherOutcome) -> Iterator[ChangeTold]:
        mine = self.decision.outputs
        changed = [name for name in other.outputs if other.outputs[name] != mine.get(name)] or list(other.outputs)
        then = "; ".join(f"{self.outputs[name]}: {self._output(name, other.outputs)}" for name in changed)
        if other.outcome is not Outcome.DECIDED:
            then = translate(self.locale, HEADINGS[other.outcome])
        nearest = {tuple(one.input for one in way.changed): way for way in reversed(other.ways)}
        for way in other.ways:
            if nearest[tuple(one.input for one in way.changed)] is not way:
                continue
            steps = (
                translate(
                    self.locale,
                    "{input}: {value} instead of {other}",
                    input=self.labels[one.input],
                    value=self._value(one.input, one.value),
                    other=self._value(one.input, one.instead_of),
                )
                for one in way.changed
            )
            yield ChangeTold("; ".join(steps), then, way.rows)

    def _nots(self) -> Iterator[RowNot]:
        """Tell of each row that does not decide why not; a row of several places by the one nearest to this case."""
        told: dict[str, ExplainedRow] = {}
        for one in self.explained.rows:
            if one.id not in told or told[one.id].input in (MARKET, CITY):
                told[one.id] = one
        decides = {one.id for one in self.explained.rows if one.standing is Standing.DECIDES}
        return (self._not(one) for one in told.values() if one.id not in decides)

    def _not(self, one: ExplainedRow) -> RowNot:
        if one.standing is not Standing.FAILS:
            return RowNot(one.id, translate(self.locale, NOT_BECAUSE[one.standing]))
        asked = self.tellers[one.input].cell(one.asked) if one.asked is not None else isolate(one.feel)
        why = translate(
            self.locale,
            "{input}: {value}; the row asks for: {asked}",
            input=self.labels.get(one.input, one.input),
            value=self._value(one.input, one.value),
            asked=asked,
        )
        return RowNot(one.id, why)

    def _value(self, name: str, value: Value) -> str:
        return self.tellers[name].value(value)

    def _output(self, name: str, values: Mapping[str, Value]) -> str:
        currency = currency_of(self.decision.market)
        if currency and name == self.found.stated.money.get("output"):
            return money_told(values.get(name), currency=currency, locale=self.locale)
        return Teller(self.locale).value(values.get(name))

    def _place(self, code: str) -> str:
        return place_name(code, self.locale, self.where.names)
