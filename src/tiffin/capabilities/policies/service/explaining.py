"""Why a case was decided so, and the smallest changes that would have led elsewhere."""

from collections.abc import Iterator

from tiffin.capabilities.policies.domain.decision import Decision, Outcome
from tiffin.capabilities.policies.domain.explanation import (
    ChangedInput,
    ExplainedRow,
    ExplainedWay,
    Explanation,
    InputAccount,
    OtherOutcome,
)
from tiffin.capabilities.policies.domain.policy import CITY, MARKET
from tiffin.capabilities.policies.service.reasons import reasons
from tiffin.engines.decisions.dmn.plain import NotPlain, plain_cell
from tiffin.engines.decisions.explaining import changes as engine
from tiffin.engines.decisions.explaining.accounts import RowAccount, Standing
from tiffin.engines.decisions.explaining.cells import cell_text
from tiffin.engines.decisions.explaining.settling import outputs_of
from tiffin.kernel.messages import Message
from tiffin.runtime.i18n import translate

_PLAIN_ONLY = Message("What would have changed the outcome can be told of tables with plain conditions only.")


def explain(decision: Decision, locale: str) -> Explanation:
    """Tell why a case was decided so, and what would have changed it.

    Parameters
    ----------
    locale : str
        The reader's language.
    """
    found = _changes(decision)
    return Explanation(
        decision=decision,
        reasons=reasons(decision, locale),
        inputs=tuple(_inputs(decision)),
        rows=tuple(_row(decision, one) for one in _by_id(decision)),
        others=tuple(_other(decision, one) for one in (found.others if found else ())),
        unreached=tuple(outputs_of(decision.effective.table.table, one) for one in (found.unreached if found else ())),
        untold="" if found else translate(locale, _PLAIN_ONLY),
    )


def _changes(decision: Decision) -> engine.Changes | None:
    ready = decision.ready
    try:
        return engine.changes(ready, ready.grid, tuple(decision.given.values()), fixed=frozenset((MARKET, CITY)))
    except NotPlain:
        return None


def _inputs(decision: Decision) -> Iterator[InputAccount]:
    effective = decision.effective
    labels = {one.name: one.label for one in effective.stated.inputs}
    rows = [effective.table.table.rows[number] for number in decision.numbers]
    for column, (name, value) in enumerate(decision.given.items()):
        is_tested = any(row.tests[column].tests for row in rows)
        yield InputAccount(name, labels.get(name, {"en": name}), value, decision.evidence.get(name, ""), is_tested)


def _by_id(decision: Decision) -> Iterator[RowAccount]:
    """Give one account a row of the files; of its parts for several places the one that comes nearest to holding."""
    order = decision.ready.names.index
    nearest: dict[str, tuple[int, RowAccount]] = {}
    for one in decision.trace:
        passed = len(decision.given) if one.standing is not Standing.FAILS else order(one.input)
        rank = passed + (one.standing is Standing.DECIDES)
        if one.id not in nearest or nearest[one.id][0] < rank:
            nearest[one.id] = rank, one
    return (one for _, one in nearest.values())


def _row(decision: Decision, account: RowAccount) -> ExplainedRow:
    if account.standing is not Standing.FAILS:
        return ExplainedRow(account.id, account.standing)
    table = decision.effective.table
    column = decision.ready.names.index(account.input)
    tests = table.table.rows[account.row].tests[column]
    try:
        asked = plain_cell(tests, table.parameters)
    except NotPlain:
        asked = None
    feel = "" if asked is None else cell_text(asked)
    return ExplainedRow(account.id, account.standing, account.input, decision.given[account.input], asked, feel)


def _other(decision: Decision, one: engine.OtherOutcome) -> OtherOutcome:
    first = one.ways[0].settled
    outcome = Outcome.CONFLICT if first.conflict else Outcome.DECIDED if first.rows else Outcome.GAP
    ways = tuple(_way(decision, way) for way in one.ways)
    return OtherOutcome(outcome, outputs_of(decision.effective.table.table, one.value), ways)


def _way(decision: Decision, way: engine.Way) -> ExplainedWay:
    names = decision.ready.names
    changed = tuple(ChangedInput(names[one.input], one.value, decision.given[names[one.input]]) for one in way.steps)
    return ExplainedWay(changed, tuple(decision.effective.table.row_ids[number] for number in way.settled.rows))
