"""Shadow mode: a draft decides new cases beside the version in force, without effect, and people judge differences.

What runs in shadow is a case of its own (`POLICY_SHADOW`), whose events say what each run found. Of the cases on which
the versions disagree some are drawn by chance and handed to people (`POLICY_DISAGREEMENT`), with the share they are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlglot import exp

from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.case import CaseDetail, CaseFilter, CaseSummary, NewCase
from tiffin.capabilities.cases.domain.policy_cases import POLICY_DISAGREEMENT, POLICY_SHADOW
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.capabilities.policies.service.backtest import asking_of, check_inputs
from tiffin.capabilities.policies.service.drafting import find_draft
from tiffin.capabilities.policies.service.drafting_rights import need_author
from tiffin.capabilities.policies.service.history import history_of, source_of
from tiffin.capabilities.policies.service.history_rights import sight_of
from tiffin.capabilities.policies.service.library import in_force
from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.engines.decisions.replaying.comparing import disagreements
from tiffin.engines.decisions.replaying.comparison import Disagreement, Disagreements, Verdict
from tiffin.engines.decisions.replaying.statements import CaseColumns
from tiffin.kernel.errors import NotFound, TiffinError
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark

HANDED = 20
"""Disagreements of one run that are handed to people at most."""

GATHERING = timedelta(days=2)
"""How long a gathering of cases may take at most: they are known since it began, and can be read when it has ended."""

OVER = mark("The draft is finished: it was published or withdrawn.")
RUNS = mark("Draft {draft} of the policy {policy} decides new cases in shadow, without effect.")
DISAGREES = mark(
    "Draft {draft} of {policy} decides the case {case} otherwise. In force: {in_force}. Draft: {would_be}. "
    "One of {handed} drawn from {changed} such cases."
)


@dataclass(frozen=True, slots=True)
class Shadow:
    """A draft that runs in shadow, or did.

    Parameters
    ----------
    case_id : int
        The case that it is.
    until : datetime
        UTC; cases that were known by then have been decided.
    cases, changed, handed : int
        New cases that both versions decided, those on which they disagree, and those of them that people were handed.
    judged : mapping of str to int
        How often people found ``in_force``, ``draft`` or ``neither`` right.
    """

    case_id: int
    policy: str
    draft: int
    begun_at: datetime
    until: datetime
    is_running: bool
    cases: int
    changed: int
    handed: int
    judged: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run of a shadow found; ``why`` says why there was none, where there was none."""

    policy: str
    draft: int
    cases: int = 0
    changed: int = 0
    handed: int = 0
    why: str = ""


def begin_shadow(context: Context, draft: int) -> int:
    """Let a draft decide cases that become known from now on, and give the case that it is.

    Raises
    ------
    NotFound
        There is no such draft, or no past cases of its policy have been gathered.
    Forbidden
        The actor may not write on one of the draft's places, or may not see what decides the cases.
    InvalidDefinition
        Cases do not bring what the draft asks for, or it holds more than plain cells.
    """
    found = find_draft(context, draft)
    need_author(context, tuple(found.files))
    base, tried = _versions(context, found.policy, draft)
    source = source_of(base)
    sight_of(context, source, base, tried)
    check_inputs(source, base, tried)
    history_of(context, base)
    begun = context.now.isoformat()
    key = f"shadow|{draft}|{begun}"
    running = _running_case(context, found.policy, draft)
    if running is not None:
        return running
    values = {"policy": found.policy, "draft": draft, "begun_at": begun}
    new = NewCase(POLICY_SHADOW.name, key, RUNS, values, subject=found.policy, severity=Severity.MINOR)
    return cases.open_case(context, new).case_id


def end_shadow(context: Context, case_id: int, reason: str) -> None:
    """End a shadow run.

    Raises
    ------
    NotFound
        There is none, or the actor may not see it.
    """
    found = cases.show_case(context, case_id)
    if found.summary.case_type != POLICY_SHADOW.name:
        raise NotFound(Message("There is no shadow run {number}.", number=case_id))
    cases.act(context, case_id, "end", {"reason": reason})


def run_shadows(context: Context) -> tuple[Ran, ...]:
    """Decide, for each draft in shadow, the cases that became known since its last run, by both versions."""
    wanted = CaseFilter(is_closed=False, case_type=POLICY_SHADOW.name)
    return tuple(_run(context, cases.show_case(context, one.case_id)) for one in _every(context, wanted))


def list_shadows(context: Context, policy: str | None = None) -> tuple[Shadow, ...]:
    """List what runs or ran in shadow, the newest first.

    Raises
    ------
    Forbidden
        The actor has no grant.
    """
    wanted = CaseFilter(is_closed=None, case_type=POLICY_SHADOW.name, subject=policy)
    listed = sorted(_every(context, wanted), key=lambda one: -one.case_id)
    return tuple(_shadow(context, cases.show_case(context, one.case_id)) for one in listed)


def _running_case(context: Context, policy: str, draft: int) -> int | None:
    wanted = CaseFilter(is_closed=False, case_type=POLICY_SHADOW.name, subject=policy)
    for one in _every(context, wanted):
        if cases.show_case(context, one.case_id).values["draft"] == draft:
            return one.case_id
    return None


def _every(context: Context, wanted: CaseFilter) -> tuple[CaseSummary, ...]:
    return cases.list_cases(context, wanted, limit=cases.count_cases(context, wanted))


def _versions(context: Context, policy: str, draft: int) -> tuple[Effective, Effective]:
    day = context.now.date()
    return in_force(context, policy, day), in_force(context, policy, day, draft=draft)


def _run(context: Context, shadow: CaseDetail) -> Ran:
    policy, draft = str(shadow.values["policy"]), int(shadow.values["draft"])
    try:
        if not find_draft(context, draft).is_open:
            cases.act_for_platform(context, shadow.summary.case_id, "end", {"reason": OVER})
            return Ran(policy, draft, why=OVER)
        found, seen = _disagreements(context, policy, draft, shadow)
    except (TiffinError, NotPlain) as error:
        # One draft that no longer fits shall not keep the others from running; its case says so.
        why = error.said if isinstance(error, TiffinError) else str(error)
        cases.act_for_platform(
            context, shadow.summary.case_id, "ran", {"until": _until(shadow).isoformat(), "why": why}
        )
        return Ran(policy, draft, why=why)
    if found is None:
        return Ran(policy, draft)
    for one in found.drawn:
        _hand_over(context, policy, draft, one, found)
    ran = Ran(policy, draft, found.cases, found.changed, len(found.drawn))
    values: dict[str, Any] = {"cases": ran.cases, "changed": ran.changed, "handed": ran.handed}
    values |= {"until": max(_until(shadow), *seen).isoformat(), "seen": [one.isoformat() for one in seen]}
    cases.act_for_platform(context, shadow.summary.case_id, "ran", values)
    return ran


def _disagreements(
    context: Context, policy: str, draft: int, shadow: CaseDetail
) -> tuple[Disagreements | None, tuple[datetime, ...]]:
    """Compare the versions over what gatherings brought that were not seen yet; None where there were none."""
    base, tried = _versions(context, policy, draft)
    check_inputs(source_of(base), base, tried)
    history = history_of(context, base)
    seen = _unseen(context, history.table, shadow)
    if not seen:
        return None, ()
    columns = CaseColumns(history.table, where=exp.column("known_at", quoted=True).isin(*map(_instant, seen)))
    return disagreements(base.table, tried.table, columns, asking_of(context), most=HANDED), seen


def _unseen(context: Context, table: str, shadow: CaseDetail) -> tuple[datetime, ...]:
    """Tell since when cases are known that no run has seen: each gathering has a moment of its own.

    One that began before another, and ended after a run had seen that one, is among them.
    """
    begun = datetime.fromisoformat(str(shadow.values["begun_at"]))
    known = exp.column("known_at", quoted=True)
    since = max(begun, _until(shadow) - GATHERING)
    recent = exp.and_(known > _instant(since), known.copy() <= _instant(context.now))
    query = exp.select(known.copy()).distinct().from_(table).where(recent)
    found = {one.astimezone(UTC) for one in context.warehouse.query(query)["known_at"].to_pylist()}
    ran: Iterable[str] = (at for one in _runs(shadow) for at in one.get("seen", ()))
    return tuple(sorted(found - {datetime.fromisoformat(at) for at in ran}))


def _instant(at: datetime) -> exp.Expr:
    return exp.cast(exp.Literal.string(at.isoformat(sep=" ")), exp.DataType.Type.TIMESTAMPTZ)


def _hand_over(context: Context, policy: str, draft: int, one: Disagreement, found: Disagreements) -> None:
    values = {
        "policy": policy,
        "draft": draft,
        "case": one.case_id,
        "in_force": _told(one.base),
        "would_be": _told(one.draft),
        "handed": len(found.drawn),
        "changed": found.changed,
    }
    new = NewCase(
        POLICY_DISAGREEMENT.name,
        f"shadow|{draft}|{one.case_id}",
        DISAGREES,
        values,
        country=one.market or None,
        city_id=one.city or None,
        subject=policy,
        severity=Severity.MINOR,
    )
    cases.open_case(context, new)


def _told(verdict: Verdict) -> str:
    outputs = ", ".join(f"{name} {literal_of(value)}" for name, value in verdict.outputs.items())
    rows = ", ".join(verdict.rows) or verdict.standing.value
    return f"{rows} ({outputs})" if outputs else rows


def _until(shadow: CaseDetail) -> datetime:
    """Tell until when known cases have been decided."""
    runs = [one["until"] for one in _runs(shadow)]
    return datetime.fromisoformat(str(runs[-1] if runs else shadow.values["begun_at"]))


def _runs(shadow: CaseDetail) -> list[Mapping[str, Any]]:
    return [one.values for one in shadow.trail if one.action == "ran"]


def _shadow(context: Context, shadow: CaseDetail) -> Shadow:
    runs = _runs(shadow)
    sums = {name: sum(int(one.get(name, 0)) for one in runs) for name in ("cases", "changed", "handed")}
    policy, draft = str(shadow.values["policy"]), int(shadow.values["draft"])
    return Shadow(
        case_id=shadow.summary.case_id,
        policy=policy,
        draft=draft,
        begun_at=shadow.summary.opened_at,
        until=_until(shadow),
        is_running=shadow.summary.closed_at is None,
        judged=_judged(context, policy, draft),
        **sums,
    )


def _judged(context: Context, policy: str, draft: int) -> Mapping[str, int]:
    """Count what people found right, among the disagreements that the reader may see."""
    wanted = CaseFilter(is_closed=True, case_type=POLICY_DISAGREEMENT.name, subject=policy)
    said: Counter[str] = Counter()
    for one in _every(context, wanted):
        found = cases.show_case(context, one.case_id)
        if found.values["draft"] == draft:
            said.update(str(entry.values["right"]) for entry in found.trail if entry.action == "judge")
    return said
