"""The questions of a replay to a table of cases, as SQL expressions for every engine."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from sqlglot import exp

from tiffin.engines.decisions.replaying.conditions import Conditions, Signature
from tiffin.engines.decisions.replaying.signing import is_telling, whole, words_of
from tiffin.engines.decisions.replaying.stakes import SHARE_UNITS, Load

EXAMPLES = 3
"""Cases that are shown of each cell."""

MOST = 10
"""People that are named of each kind and currency: minor units of two currencies do not compare."""

CASES, AMOUNT = "cases", "amount"


@dataclass(frozen=True, slots=True)
class CaseColumns:
    """A table of cases: its name, and which of its columns mean what.

    Parameters
    ----------
    where : exp.Expr or None
        Which of the cases are looked at; None for all.
    bucket : str
        Column with the part into which a case fell by chance.
    market, city, currency, amount : str
        Columns; the last two are empty where cases have none.
    people : mapping of str to str
        By kind, the column that names who is affected.
    part : exp.Expr or None
        A small part of the cases, near at hand, in which examples are looked for first; None for none.
    """

    table: str
    case_id: str = "case_id"
    at: str = "at"
    market: str = "market"
    city: str = "city"
    bucket: str = "bucket"
    currency: str = ""
    amount: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    where: exp.Expr | None = None
    part: exp.Expr | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A signature of which the versions give another outcome: its number, and what more the draft puts on each kind."""

    signature: Signature
    number: int
    loads: Mapping[str, Load]


def matrix(conditions: Conditions, cases: CaseColumns) -> exp.Select:
    """Ask how many cases of each market and currency have each signature, and what amounts they have together."""
    words = words_of(conditions)
    inner = _chosen(cases, words, [cases.market, cases.currency, cases.amount], None)
    groups: list[exp.Expr] = [*_word_columns(words), *_columns(cases.market, cases.currency)]
    sums: list[exp.Expr] = [exp.Count(this=exp.Star()).as_(CASES)]
    if cases.amount:
        total = exp.Sum(this=exp.column(cases.amount, quoted=True))
        sums.append(exp.cast(total, exp.DataType.Type.BIGINT).as_(AMOUNT))
    named = [one.copy() for one in groups]
    found = exp.select(*named, *sums, copy=False).from_(inner.subquery("signed", copy=False), copy=False)
    return found.group_by(*groups, copy=False)


def span(cases: CaseColumns) -> exp.Select:
    """Ask when the first and the last of the cases happened."""
    at = exp.column(cases.at, quoted=True)
    found = exp.select(exp.Min(this=at).as_("first_at"), exp.Max(this=at.copy()).as_("last_at"))
    found = found.from_(exp.to_table(cases.table))
    return found.where(cases.where.copy()) if cases.where is not None else found


def people(conditions: Conditions, cases: CaseColumns, shifts: Sequence[Shift]) -> exp.Select:
    """Ask for each kind of people who they are that changed cases concern most, and how many there are.

    One pass over the changed cases adds them up by each kind at once.
    """
    kinds = list(cases.people)
    changed = _changed(conditions, cases, shifts, [*cases.people.values(), cases.currency or cases.market])
    sizes = [_sizes(shift, kinds) for shift in shifts]
    touched = _touched(cases, kinds, changed, {name for one in sizes for name, size in one.items() if size})
    order = [
        exp.Ordered(this=exp.Abs(this=exp.column("money")), desc=True),
        exp.Ordered(this=exp.Abs(this=exp.column("points")), desc=True),
        exp.Ordered(this=exp.column(CASES), desc=True),
        exp.Ordered(this=exp.column("person")),
    ]
    window = exp.Window(
        this=exp.RowNumber(),
        partition_by=[exp.column("kind"), exp.column("currency")],
        order=exp.Order(expressions=order),
    )
    counts = exp.select("kind", exp.Count(this=exp.Star()).as_("people"), _count_if("> 0"), _count_if("< 0"))
    counts = counts.from_("touched").group_by("kind")
    ranked = exp.select("kind", "person", "currency", CASES, "money", "points", window.as_("place")).from_("touched")
    found = exp.select("ranked.*", "counts.people", "counts.more", "counts.less").from_("ranked")
    found = found.join("counts", on="ranked.kind = counts.kind").where(f"ranked.place <= {MOST}")
    for name, one in (("touched", touched), ("ranked", ranked), ("counts", counts)):
        found = found.with_(name, as_=one, copy=False)
    return found


def examples(conditions: Conditions, cases: CaseColumns, shifts: Sequence[Shift]) -> exp.Select:
    """Ask for the newest few cases of each of some changed signatures."""
    changed = _changed(conditions, cases, shifts, [cases.case_id, cases.at])
    order = [
        exp.Ordered(this=exp.column(cases.at, quoted=True), desc=True),
        exp.Ordered(this=exp.column(cases.case_id, quoted=True)),
    ]
    window = exp.Window(this=exp.RowNumber(), partition_by=[exp.column("shift")], order=exp.Order(expressions=order))
    named = [
        exp.column(cases.case_id, quoted=True).as_("case_id"),
        exp.column(cases.at, quoted=True).as_("happened_at"),
    ]
    ranked = exp.select("shift", *named, window.as_("place"))
    ranked = ranked.from_(changed.subquery("changed", copy=False), copy=False)
    found = (
        exp.select("shift", "case_id", "happened_at", "place")
        .from_(ranked.subquery("ranked"))
        .where(f"place <= {EXAMPLES}")
    )
    return found.order_by("shift", "place")


def drawn(conditions: Conditions, cases: CaseColumns, shifts: Sequence[Shift], most: int) -> exp.Select:
    """Ask for so many changed cases at most, drawn by the part into which each fell by chance."""
    columns = [cases.case_id, cases.market, cases.city, cases.bucket]
    changed = _changed(conditions, cases, shifts, columns)
    named = {"case_id": cases.case_id, "market": cases.market, "city": cases.city}
    found = exp.select("shift", *(exp.column(column, quoted=True).as_(name) for name, column in named.items()))
    order = [exp.column(name, quoted=True) for name in (cases.bucket, cases.case_id)]
    return found.from_(changed.subquery("changed", copy=False), copy=False).order_by(*order, copy=False).limit(most)


def _chosen(
    cases: CaseColumns, words: Sequence[exp.Expr], columns: Sequence[str], telling: exp.Expr | None
) -> exp.Select:
    """Give the words of the cases that are looked at, and some columns of them."""
    kept = dict.fromkeys(name for name in columns if name)
    named = [exp.alias_(word, f"word_{number}", copy=False) for number, word in enumerate(words)]
    columns_kept = [exp.column(name, quoted=True) for name in kept]
    found = exp.select(*named, *columns_kept, copy=False).from_(exp.to_table(cases.table), copy=False)
    conditions = [cases.where.copy()] if cases.where is not None else []
    return found.where(*conditions, *([telling] if telling is not None else []), copy=False)


def _changed(conditions: Conditions, cases: CaseColumns, shifts: Sequence[Shift], columns: Sequence[str]) -> exp.Select:
    """Give the cases whose outcome is another one, each with what more is put on each kind."""
    words = words_of(conditions)
    inner = _chosen(cases, words, [*columns, cases.amount], is_telling(conditions))
    found = exp.select("signed.*", "shifts.*", copy=False).from_(inner.subquery("signed", copy=False), copy=False)
    on = [
        exp.EQ(this=exp.column(f"word_{number}", "signed"), expression=exp.column(f"key_{number}", "shifts"))
        for number in range(len(words))
    ]
    return found.join(_table_of(shifts, list(cases.people)), on=exp.and_(*on, copy=False), copy=False)


def _table_of(shifts: Sequence[Shift], kinds: Sequence[str]) -> exp.Subquery:
    """Write the changed signatures as a table: their words, their number, and the loads by kind."""
    selects = [
        exp.select(
            *(whole(word).as_(f"key_{number}") for number, word in enumerate(shift.signature)),
            whole(shift.number).as_("shift"),
            *(whole(size).as_(name) for name, size in _sizes(shift, kinds).items()),
        )
        for shift in shifts
    ]
    return exp.union(*selects, distinct=False).subquery("shifts") if len(selects) > 1 else selects[0].subquery("shifts")


def _sizes(shift: Shift, kinds: Sequence[str]) -> Mapping[str, int]:
    """Give what more is put on each kind, by the name of its column."""
    loads = [shift.loads.get(kind, Load()) for kind in kinds]
    return {
        f"{part}_{number}": size
        for number, load in enumerate(loads)
        for part, size in (("fixed", load.fixed_minor), ("share", load.share), ("points", load.points))
    }


def _touched(cases: CaseColumns, kinds: Sequence[str], changed: exp.Select, moved: Collection[str]) -> exp.Select:
    """Add up what is put on each person more, of every kind in one pass; what is nought everywhere is not added."""
    columns = [exp.column(cases.people[kind], quoted=True) for kind in kinds]
    currency = exp.column(cases.currency or cases.market, quoted=True)
    kind = exp.Case(default=whole(-1))
    person, money, points = (exp.Case(default=exp.null()) for _ in range(3))
    for number, column in enumerate(columns):
        is_it = exp.EQ(this=exp.func("GROUPING", column.copy()), expression=exp.Literal.number(0))
        kind = kind.when(is_it, whole(number), copy=False)
        person = person.when(is_it.copy(), column.copy(), copy=False)
        money = money.when(is_it.copy(), _sum(_money(cases, number, moved)), copy=False)
        points = points.when(is_it.copy(), _sum(_part(f"points_{number}", moved)), copy=False)
    sets = [exp.Tuple(expressions=[column.copy(), currency.copy()]) for column in columns]
    grouped = exp.select(
        kind.as_("kind"),
        person.as_("person"),
        currency.copy().as_("currency"),
        exp.Count(this=exp.Star()).as_(CASES),
        money.as_("money"),
        points.as_("points"),
    ).from_(changed.subquery("changed", copy=False), copy=False)
    grouped.set("group", exp.Group(grouping_sets=[exp.GroupingSets(expressions=sets)]))
    found = exp.select("*").from_(grouped.subquery("grouped", copy=False), copy=False)
    return found.where("person IS NOT NULL", copy=False)


def _money(cases: CaseColumns, number: int, moved: Collection[str]) -> exp.Expr | None:
    """Write what is put on a kind in one case, in minor units, times the units of shares where cases have amounts."""
    fixed, share = _part(f"fixed_{number}", moved), _part(f"share_{number}", moved)
    if not cases.amount:
        return fixed
    parts: list[exp.Expr] = []
    if fixed is not None:
        parts.append(exp.Mul(this=fixed, expression=whole(SHARE_UNITS)))
    if share is not None:
        amount = exp.Coalesce(this=exp.column(cases.amount, quoted=True), expressions=[whole(0)])
        parts.append(exp.Mul(this=share, expression=amount))
    return reduce(lambda left, right: exp.Add(this=left, expression=right), parts) if parts else None


def _part(name: str, moved: Collection[str]) -> exp.Expr | None:
    return exp.column(name) if name in moved else None


def _sum(one: exp.Expr | None) -> exp.Expr:
    return whole(0) if one is None else exp.cast(exp.Sum(this=one), exp.DataType.Type.BIGINT)


def _count_if(what: str) -> exp.Expr:
    name = "more" if what.startswith(">") else "less"
    telling = f"CASE WHEN money {what} OR (money = 0 AND points {what}) THEN 1 END"
    return exp.Count(this=exp.maybe_parse(telling)).as_(name)


def _word_columns(words: Sequence[exp.Expr]) -> list[exp.Expr]:
    return [exp.column(f"word_{number}") for number in range(len(words))]


def _columns(*names: str) -> list[exp.Expr]:
    return [exp.column(name, quoted=True) for name in names if name]
