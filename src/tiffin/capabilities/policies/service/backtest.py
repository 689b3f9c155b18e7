"""What a change of a policy would have done to past cases: every case decided by two versions, as it was known then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlglot import exp

from tiffin.capabilities.policies.domain.case_source import CaseSource
from tiffin.capabilities.policies.domain.case_source_sql import BUCKETS
from tiffin.capabilities.policies.domain.policy import CITY, MARKET, Effective, Words
from tiffin.capabilities.policies.service.history import CaseHistory, history_of, source_of
from tiffin.capabilities.policies.service.history_rights import Sight, sight_of
from tiffin.capabilities.policies.service.library import in_force
from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.replaying.comparing import Ask, compare
from tiffin.engines.decisions.replaying.comparison import Comparison
from tiffin.engines.decisions.replaying.stakes import Stakes
from tiffin.engines.decisions.replaying.statements import CaseColumns
from tiffin.kernel.errors import InvalidDefinition, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import language_of

SAMPLE = 1_000_000
"""Cases that are looked at while somebody edits."""

NEAR = 100_000
"""Cases among which examples are looked for first."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions: the day from which it holds, and what tells it from others."""

    since: date
    digest: str


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a draft would have done to past cases, beside a base.

    Parameters
    ----------
    comparison : Comparison
        Counted over the cases that were looked at and that the reader may see.
    history : CaseHistory
        All cases that have been gathered.
    share : float
        Share of them that was looked at, drawn by chance; 1 for all.
    hides_people : bool
        The reader's grants open no persons: how many are affected is told, and who they are is not.
    uncounted : tuple of Words
        Labels of outputs that may cost or count something and are neither in the money nor in the points.
    """

    policy: str
    base: Side
    draft: Side
    comparison: Comparison
    history: CaseHistory
    share: float
    hides_people: bool
    uncounted: tuple[Words, ...] = ()


def backtest(
    context: Context,
    policy: str,
    *,
    draft: int | None = None,
    on: date | None = None,
    base: date | None = None,
    sample: int | None = None,
) -> Backtest:
    """Decide past cases by a draft, or by the version of a day, and by what is in force.

    Parameters
    ----------
    draft : int or None
        The draft.
    on : date or None
        Or the day whose version stands for it.
    base : date or None
        The day whose version is the other side; today for None.
    sample : int or None
        About so many cases, drawn by chance; None for all.

    Raises
    ------
    WrongUse
        Neither a draft nor a day is named, or both are.
    """
    if (draft is None) == (on is None):
        raise WrongUse(Message("Name a draft or a day whose version shall be tried, one of the two."))
    today = context.now.date()
    first = in_force(context, policy, base or today)
    second = in_force(context, policy, on or max(today, first.since), draft=draft)
    return compare_versions(context, first, second, sample=sample)


def impact(context: Context, base: Effective, draft: Effective, sample: int = SAMPLE) -> Backtest:
    """Tell what an edit does to about so many past cases, while somebody waits: counts and money, and no people."""
    return compare_versions(context, base, draft, sample=sample, is_brief=True)


def compare_versions(
    context: Context, base: Effective, draft: Effective, *, sample: int | None = None, is_brief: bool = False
) -> Backtest:
    """Decide past cases by two versions; a brief answer leaves people and examples out.

    Raises
    ------
    NotFound
        No cases have been gathered, or the policy does not say where they come from.
    Forbidden
        The actor may not see what decides them.
    InvalidDefinition
        A version has an input that the cases do not bring, the draft decides by who somebody is though the base does
        not, or a version holds more than plain cells and constant results.
    """
    source = source_of(base)
    history = history_of(context, base)
    sight = sight_of(context, source, base, draft)
    check_inputs(source, base, draft)
    buckets = _buckets(history.cases, sample)
    try:
        found = compare(
            base.table,
            draft.table,
            _columns(source, history, sight, buckets),
            stakes_of(source, base),
            asking_of(context),
            is_brief=is_brief,
        )
    except NotPlain as error:
        raise InvalidDefinition(
            Message("This policy cannot be replayed over past cases: {reason}", reason=str(error))
        ) from None
    _account(context, source, found)
    shown = found if sight.shows_people else _without_people(found)
    first, second = Side(base.since, base.digest), Side(draft.since, draft.digest)
    return Backtest(
        base.name,
        first,
        second,
        shown,
        history,
        buckets / BUCKETS,
        hides_people=not sight.shows_people,
        uncounted=_uncounted(stakes_of(source, base), base, draft),
    )


def _uncounted(stakes: Stakes, *versions: Effective) -> tuple[Words, ...]:
    """Give the labels of the numbers and conditions that the versions give and that are not added up."""
    counted = {stakes.money, stakes.points, stakes.party, *(stakes.shares.values() if stakes.amount else ())}
    given = {one.name: one for version in versions for one in version.stated.outputs}
    kinds = (Kind.NUMBER, Kind.BOOLEAN)
    return tuple(one.label for name, one in given.items() if name not in counted and one.kind in kinds)


def limits_of(found: Backtest, locale: str) -> tuple[Message, ...]:
    """Say what a replay cannot know, so that nobody takes it for a forecast; outputs are named in the locale."""
    said = [
        Message(
            "People change what they do. Customers, riders and merchants would have behaved otherwise under another "
            "rule; a replay keeps what they did."
        ),
        Message(
            "Each case is as it was first known when it was gathered. What was corrected later is not in it, and cases "
            "that were never recorded are missing on both sides."
        ),
        Message(
            "One version is applied to all cases, whatever was in force when they happened. Compare with the verdicts "
            "that were given before you speak of what was paid."
        ),
    ]
    if found.uncounted:
        names = " · ".join(one.get(language_of(locale)) or one["en"] for one in found.uncounted)
        said.append(
            Message("Money and points leave out what these outputs give: {names}. Look at the outcomes.", names=names)
        )
    if found.share < 1:
        said.append(Message("Only a sample of the cases was looked at; the numbers are counts within the sample."))
    return tuple(said)


def stakes_of(source: CaseSource, effective: Effective) -> Stakes:
    """Tell what of a policy's outputs is money and points, and on whom they are put."""
    stated = effective.stated
    return Stakes(
        money=stated.money.get("output", ""),
        amount=source.amount,
        shares=source.shares,
        bearer=source.bearer,
        party=source.party,
        joint=source.joint,
        points=stated.points.get("output", ""),
    )


def _account(context: Context, source: CaseSource, found: Comparison) -> None:
    """Note what was read of the facts, for the trail."""
    tables = sorted({table for one in source.columns.values() for table, _ in one.reads} | {source.table.name})
    days = (one.date() if one is not None else None for one in (found.first_at, found.last_at))
    first, last = days
    assets = [f"policy:{source.policy}", *(f"table:{table}" for table in tables)]
    context.unit.reading.add(assets, first=first, last=last)


def check_inputs(source: CaseSource, base: Effective, draft: Effective) -> None:
    """Refuse versions that ask for what cases do not bring, and drafts that pick people out.

    A draft is anybody's: were it to decide by who somebody is, its answer would tell of one person's cases.

    Raises
    ------
    InvalidDefinition
        One does; the message names the inputs.
    """
    used, tried = ({one.name for one in version.table.domains} for version in (base, draft))
    missing = sorted((used | tried) - {*source.columns, MARKET, CITY})
    if missing:
        raise InvalidDefinition(
            Message(
                "Past cases of {policy} do not bring {names}, which one of the versions asks for. Add it to `cases:` "
                "in the policy's file; cases that are gathered from then on bring it.",
                policy=source.policy,
                names=", ".join(missing),
            )
        )
    naming = frozenset[tuple[str, str]]().union(*(source.columns[one].reads for one in source.people.values()))
    personal = sorted(
        name for name in tried - used if name in source.columns and not naming.isdisjoint(source.columns[name].reads)
    )
    if personal:
        raise InvalidDefinition(
            Message(
                "The version that is tried asks for {names}, which tells people apart; the one beside it does not. "
                "A trial on past cases may not single anybody out. Leave that input out of the draft.",
                names=", ".join(personal),
            )
        )


def _buckets(cases: int, sample: int | None) -> int:
    """Tell how many of the parts into which cases fall make up a sample."""
    if sample is None or cases <= sample:
        return BUCKETS
    return max(1, round(BUCKETS * sample / cases))


def _columns(source: CaseSource, history: CaseHistory, sight: Sight, buckets: int) -> CaseColumns:
    near = _below(max(1, round(BUCKETS * NEAR / max(history.cases, 1))))
    sampled = _below(buckets) if buckets < BUCKETS else None
    conditions = [one for one in (sight.where, sampled) if one is not None]
    return CaseColumns(
        history.table,
        currency=source.currency if source.currency in source.columns else "",
        amount=source.amount,
        people=source.people,
        where=exp.and_(*conditions) if conditions else None,
        part=near if history.cases > NEAR else None,
    )


def _below(bucket: int) -> exp.Expr:
    return exp.LT(this=exp.column("bucket", quoted=True), expression=exp.Literal.number(bucket))


def asking_of(context: Context) -> Ask:
    """Give what asks the warehouse of a unit of work."""

    def ask(statement: exp.Query) -> Mapping[str, Sequence[Any]]:
        found: Mapping[str, Sequence[Any]] = context.warehouse.query(statement).to_pydict()
        return found

    return ask


def _without_people(found: Comparison) -> Comparison:
    return replace(found, people=tuple(replace(one, most=()) for one in found.people))
