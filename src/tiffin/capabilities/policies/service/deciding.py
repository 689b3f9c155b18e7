"""Deciding cases by the version of a policy that was in force at their event."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property

from tiffin.capabilities.policies.domain.decision import Case, Decision, Outcome, Refused
from tiffin.capabilities.policies.domain.facts import FactReader
from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.capabilities.policies.service.case_markets import CaseMarkets
from tiffin.capabilities.policies.service.library import in_force
from tiffin.engines.decisions.covering.suite import Suite, suite_of
from tiffin.engines.decisions.explaining.settling import ReadyPolicy, outputs_of
from tiffin.kernel.errors import InvalidData
from tiffin.runtime.context import Context

MAX_KEPT = 64
"""Policies in force that stay compiled in a process; the one asked for longest ago goes first."""


class Desk:
    """One policy in force, made ready to decide.

    Parameters
    ----------
    effective : Effective
        What is in force.
    """

    def __init__(self, effective: Effective) -> None:
        self.effective = effective
        self.reader = FactReader(effective)
        self.ready = ReadyPolicy(effective.table)
        self.ids = effective.table.row_ids
        self.rests_on = tuple(
            tuple(
                fact
                for name, tests in zip(self.ready.names, row.tests, strict=True)
                if tests.tests
                for fact in self.reader.made_of[name]
            )
            for row in effective.table.table.rows
        )

    @cached_property
    def suite(self) -> Suite:
        """The regression suite; it is made of the version alone, so that made anew it is the same.

        Raises
        ------
        NotPlain
            When a cell holds more than plain tests of plain values.
        """
        return suite_of(self.effective.table)

    def decide(self, case: Case) -> Decision:
        """Decide one case.

        Raises
        ------
        InvalidData
            When a fact is missing, of another kind, or unheard of.
        """
        values = self.reader.read(case)
        settled = self.ready.settle(values)
        outcome = Outcome.CONFLICT if settled.conflict else Outcome.DECIDED if settled.rows else Outcome.GAP
        effective, brought = self.effective, case.evidence
        evidence = {name: brought[name] for number in settled.rows for name in self.rests_on[number] if name in brought}
        return Decision(
            policy=effective.name,
            version=effective.digest,
            on=case.on,
            outcome=outcome,
            given=dict(zip(self.ready.names, values, strict=True)),
            rows=tuple(self.ids[number] for number in settled.rows),
            outputs=outputs_of(effective.table.table, settled.value),
            evidence=evidence,
            numbers=settled.rows,
            effective=effective,
            ready=self.ready,
        )


def decide(
    context: Context,
    name: str,
    facts: Mapping[str, object],
    *,
    market: str,
    city: str,
    on: date,
    evidence: Mapping[str, str] | None = None,
) -> Decision:
    """Decide one case by the version in force on the business day of its event, as it is known now.

    Parameters
    ----------
    name : str
        The policy.
    facts : Mapping
        By input, or by a name that an input is computed from, a value as JSON or Python writes it.
    market, city : str
        ISO 3166 code and identifier; empty where the case has none.
    evidence : Mapping
        By fact, a reference to what stands behind it; those of the inputs that the deciding row tests come back.

    Raises
    ------
    NotFound
        There is no such policy, or none of its versions is in force on that day.
    InvalidData
        A fact is missing, of another kind, or unheard of, or there is no such market.
    """
    CaseMarkets(context).check(market)
    case = Case(facts, on, market, city, evidence or {})
    return desk_of(in_force(context, name, on)).decide(case)


def decide_many(
    context: Context, name: str, cases: Iterable[Case], *, known_at: datetime | None = None, draft: int | None = None
) -> Iterator[Decision | Refused]:
    """Decide many cases, each by the version in force on its own day; one that cannot be decided is told in its place.

    Parameters
    ----------
    known_at : datetime
        UTC; what was published by then counts. Now, when absent.
    draft : int
        The number of a draft, decided by as if it were in force.

    Raises
    ------
    NotFound
        There is no such policy, or none of its versions is in force on a case's day.
    """
    desks: dict[date, Desk] = {}
    markets = CaseMarkets(context)
    for case in cases:
        if case.on not in desks:
            desks[case.on] = desk_of(in_force(context, name, case.on, known_at=known_at, draft=draft))
        try:
            markets.check(case.market)
            yield desks[case.on].decide(case)
        except InvalidData as fault:
            yield Refused(fault.said)


_kept: OrderedDict[tuple[str, str], Desk] = OrderedDict()
_keeping = threading.Lock()


def desk_of(effective: Effective) -> Desk:
    """Give a policy in force ready to decide; it is made ready once as long as it is asked for."""
    key = effective.name, effective.digest
    with _keeping:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    made = Desk(effective)
    with _keeping:
        _kept[key] = made
        while len(_kept) > MAX_KEPT:
            _kept.popitem(last=False)
    return made
