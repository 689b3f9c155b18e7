"""A published number can be had again exactly, and told apart from what it would be now, to the last minor unit."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import tiffin
from tiffin.capabilities.metrics.domain.bridge import Cause, apportioned, decimal_text, exact
from tiffin.capabilities.metrics.service import ledger, ledger_checking, reproducing, rerunning
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden, NotFound, Unavailable, WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.workspace import Workspace

MARCH = Days(date(2026, 3, 1), date(2026, 3, 31))
RIYADH = {"city_id": "riyadh", "name": "Riyadh", "country": "SA", "currency": "SAR", "source": "feed"}
KUWAIT = {"city_id": "kuwait", "name": "Kuwait", "country": "KW", "currency": "KWD", "source": "feed"}
DUBAI = {"city_id": "dubai", "name": "Dubai", "country": "AE", "currency": "AED", "source": "feed"}
CURRENCIES = {"riyadh": "SAR", "kuwait": "KWD", "dubai": "AED"}

DEFINITION = """\
metrics:
  own_refunds:
    label: {{en: Own, ar: خاص, zh_Hans: 自定义, zh_Hant: 自訂, pt_BR: Próprio}}
    meaning: {{en: Own refunds., ar: مبالغ., zh_Hans: 退款。, zh_Hant: 退款。, pt_BR: Reembolsos.}}
    kind: simple
    source: refunds
    aggregate: {aggregate}
    of: amount_minor
    {where}
    version: {version}
    since: 2026-01-0{version}
    unit: money
    direction: down
    level: team
    owner: me
    tier: draft
    example: {{rows: {{refunds: []}}, gives: {empty}}}
"""


def define(workspace: Workspace, *, version: int = 1, where: str = "", aggregate: str = "sum") -> None:
    empty = "0" if aggregate == "sum" else "null"
    told = DEFINITION.format(version=version, where=where, aggregate=aggregate, empty=empty)
    (workspace.overlay("metrics") / "own.yaml").write_text(told, encoding="utf-8")


def refund(number: int, city: str, amount: int, *, reason: str = "late", day: int = 1) -> dict[str, Any]:
    return {
        "refund_id": f"r{number}",
        "order_id": f"o{number}",
        "city_id": city,
        "amount_minor": amount,
        "currency": CURRENCIES[city],
        "reason": reason,
        "refunded_at": datetime(2026, 3, day, 12, tzinfo=UTC),
        "business_date": date(2026, 3, day),
        "source": "feed",
    }


def set_rate(workspace: Workspace, country: str, units: float) -> None:
    shipped = (Path(tiffin.__file__).parent / "markets" / f"{country}.yaml").read_text(encoding="utf-8")
    head, _, rest = shipped.partition("usd_rates:\n")
    while rest.startswith("  - "):
        rest = rest.partition("\n")[2]
    rate = f'usd_rates:\n  - {{since: 1990-01-01, units_per_usd: {units}, kind: daily, source: "A bulletin"}}\n'
    (workspace.overlay("markets") / f"{country}.yaml").write_text(head + rate + rest, encoding="utf-8")


@pytest.fixture
def books(empty: Workspace, writing: Callable[..., None]) -> Workspace:
    """Three cities with refunds in three currencies, and an own metric over them."""
    define(empty)
    rows = [
        refund(1, "riyadh", 1001),
        refund(2, "riyadh", 2500, reason="cold"),
        refund(3, "kuwait", 777),
        refund(4, "dubai", 4004),
    ]
    writing(empty, cities=[RIYADH, KUWAIT, DUBAI], refunds=rows)
    return empty


IN_USD = MetricRequest(("own_refunds",), days=MARCH, currency="USD")


def test_a_published_number_is_reproduced_after_everything_has_changed(
    books: Workspace, entering: Any, writing: Any
) -> None:
    with entering(books) as context:
        entry = ledger.publish(context, IN_USD, title="Board pack March", note="For the board")
    assert entry.reference == "PN-2026-00001"
    # 35.01 SAR at 3.75, 0.777 KWD at 0.308, 40.04 AED at 3.6725: 933.6 + 252.27… + 1090.26… = 2276.14… cents
    assert entry.rows == ((2276,),)
    assert entry.currencies == ("USD",)

    writing(books, refunds=[refund(1, "riyadh", 9999), refund(5, "kuwait", 1)])
    define(books, version=2, where="where: reason = 'late'")
    set_rate(books, "KW", 0.31)
    writing(books, cities=[{**DUBAI, "country": "SA", "currency": "SAR"}])

    with entering(books) as context:
        again = reproducing.reproduce(context, ledger.find_published(context, "pn-2026-00001"))
        found = reproducing.bridge(context, again.published)
    assert (again.is_equal, again.rows, again.missing) == (True, ((2276,),), ())
    (bridge,) = found.bridges
    amounts = {step.cause: step.amount for step in bridge.steps}
    assert set(amounts) == {Cause.DATA, Cause.DEFINITION, Cause.HIERARCHY, Cause.CURRENCY}
    assert amounts[Cause.DATA] == 2400
    assert amounts[Cause.DEFINITION] == -667
    assert amounts[Cause.HIERARCHY] == 0
    assert amounts[Cause.CURRENCY] < 0
    assert 2276 + sum(amounts.values()) == bridge.now


def test_a_city_that_moves_to_another_country_is_a_cause_of_its_own(
    books: Workspace, entering: Any, writing: Any
) -> None:
    request = MetricRequest(("own_refunds",), by=("country",), days=MARCH)
    with entering(books) as context:
        entry = ledger.publish(context, request, title="By country")
    writing(books, cities=[{**DUBAI, "country": "SA", "currency": "SAR"}], refunds=[refund(1, "riyadh", 1000)])

    with entering(books) as context:
        found = reproducing.bridge(context, entry)
    moved = {bridge.group[0]: {step.cause: step.amount for step in bridge.steps} for bridge in found.bridges}
    assert moved["SA"][Cause.DATA] == -1
    assert moved["SA"][Cause.HIERARCHY] == 4004
    assert moved["AE"][Cause.HIERARCHY] == -4004
    assert moved["KW"] == dict.fromkeys((Cause.DATA, Cause.DEFINITION, Cause.HIERARCHY, Cause.CURRENCY), 0)


@pytest.mark.parametrize("rounds", [3, pytest.param(60, marks=pytest.mark.full)])
def test_bridges_add_up_exactly_whatever_happens(books: Workspace, entering: Any, writing: Any, rounds: int) -> None:
    dice = random.Random(rounds)  # noqa: S311 - not a secret
    requests = [
        IN_USD,
        MetricRequest(("own_refunds", "refund_share"), by=("city_id",), days=MARCH),
        MetricRequest(("own_refunds",), by=("country", "business_date"), days=MARCH, currency="EUR"),
    ]
    with entering(books) as context:
        entries = [ledger.publish(context, request, title=f"Number {n}") for n, request in enumerate(requests)]
    changes: list[Callable[[], Any]] = [
        lambda: writing(
            books, refunds=[refund(dice.randrange(9), dice.choice(list(CURRENCIES)), dice.randrange(9999))]
        ),
        lambda: writing(books, cities=[{**DUBAI, "country": dice.choice(["AE", "SA", "KW"])}]),
        lambda: set_rate(books, dice.choice(["KW", "AE", "FI"]), round(dice.uniform(0.2, 5), 4)),
        lambda: define(books, version=dice.randrange(1, 9), where=dice.choice(["", "where: amount_minor > 900"])),
        lambda: define(books, version=9, aggregate=dice.choice(["mean", "maximum"])),
    ]
    for _ in range(rounds):
        for change in dice.sample(changes, 2):
            change()
        with entering(books) as context:
            for entry in entries:
                assert reproducing.reproduce(context, entry).is_equal
                for bridge in reproducing.bridge(context, entry).bridges:
                    assert exact(bridge.published) + sum(step.amount for step in bridge.steps) == exact(bridge.now)
                    assert all(step.cause is not Cause.UNEXPLAINED for step in bridge.steps)


def test_an_entry_that_was_changed_is_found(books: Workspace, entering: Any) -> None:
    with entering(books) as context:
        for title in ("One", "Two", "Three"):
            ledger.publish(context, IN_USD, title=title)
    with entering(books) as context:
        sound = ledger_checking.verify_ledger(context)
    assert (sound.is_sound, sound.entries) == (True, 3)

    acts = [
        (
            "update published_numbers set body = replace(body, '2276', '2277') where position = 2",
            "not what was written",
        ),
        ("update published_numbers set title = 'Else' where position = 1", "its heading is not"),
        ("delete from published_numbers where position = 2", "an entry before it is missing"),
        ("delete from published_numbers where position = 3", "the audit trail knows it"),
    ]
    for act, said in acts:
        with entering(books) as context:
            undone = context.session.begin_nested()
            context.session.execute(text(act))
            found = ledger_checking.verify_ledger(context)
            undone.rollback()
        assert not found.is_sound
        assert said in " ".join(found.broken)
    with entering(books) as context:
        assert ledger_checking.verify_ledger(context) == sound


def test_what_a_published_number_needs_is_not_cleaned_away(books: Workspace, entering: Any) -> None:
    with entering(books) as context:
        entry = ledger.publish(context, IN_USD, title="Kept")
    files = set((books.tables / "refunds").glob("*.parquet"))
    assert (books.tables / ".kept" / "refunds" / "0").read_text(encoding="utf-8") == "PN-2026-00001\n"

    for path in files:
        path.unlink()

    with entering(books) as context:
        found = reproducing.reproduce(context, entry)
        assert (found.is_equal, found.rows) == (False, ())
        assert found.missing == tuple(sorted(f"refunds/{path.name}" for path in files))
        with pytest.raises(Unavailable, match="PN-2026-00001 cannot be computed again"):
            reproducing.bridge(context, entry)


def test_only_those_who_may_publish_and_see_the_whole_do(books: Workspace, entering: Any) -> None:
    viewer = (Grant(Role.VIEWER, ("*",), ("*",)),)
    in_riyadh = (Grant(Role.ANALYST, (), ("riyadh",)),)
    with pytest.raises(Forbidden, match="may not publish"), entering(books, grants=viewer) as context:
        ledger.publish(context, IN_USD, title="No")
    with entering(books, grants=in_riyadh) as context:
        own = ledger.publish(context, MetricRequest(("own_refunds",)), title="Riyadh's own")
    assert own.rows == ((3501,),)
    with entering(books) as context:
        everything = ledger.publish(context, IN_USD, title="Everything")
        assert [entry.title for entry in ledger.list_published(context)] == ["Everything", "Riyadh's own"]
        assert reproducing.reproduce(context, own).is_equal
    with entering(books, grants=in_riyadh) as context:
        assert [entry.title for entry in ledger.list_published(context)] == ["Riyadh's own"]
        with pytest.raises(Forbidden, match="tells more than your grants"):
            ledger.find_published(context, everything.reference)


def test_who_reads_a_published_number_needs_grants_that_open_its_columns(books: Workspace, entering: Any) -> None:
    with entering(books) as context:
        money = ledger.publish(context, IN_USD, title="Money")
        count = ledger.publish(context, MetricRequest(("refunds",)), title="Number")
    rows_only = (Grant(Role.VIEWER, ("*",), ("*",), opens=()),)
    apart = (*rows_only, Grant(Role.ANALYST, ("SA",), (), opens=(Classification.CONFIDENTIAL,)))
    small = (Grant(Role.ANALYST, ("*",), ("*",), minimum_size=2),)

    for grants, seen in ((rows_only, ["Number"]), (apart, ["Number"]), (small, [])):
        with entering(books, grants=grants) as context:
            assert [entry.title for entry in ledger.list_published(context)] == seen
            with pytest.raises(Forbidden, match="tells more than your grants"):
                ledger.find_published(context, money.reference)
            for again in (reproducing.reproduce, reproducing.bridge):
                with pytest.raises(Forbidden):
                    again(context, money)
            if seen:
                assert reproducing.reproduce(context, ledger.find_published(context, count.reference)).is_equal
    with entering(books, grants=rows_only) as context, pytest.raises(Forbidden):
        rerunning.rerun(context, rerunning.kept_receipt(context, money.receipt["rerun_hash"]))
    with entering(books, grants=(Grant(Role.ANALYST, ("*",), ()),)) as context:
        assert ledger.find_published(context, money.reference).rows == money.rows


def test_a_number_without_a_title_or_of_one_version_is_refused(books: Workspace, entering: Any) -> None:
    with entering(books) as context, pytest.raises(WrongUse, match="A title"):
        ledger.publish(context, IN_USD, title=" ")
    with entering(books) as context, pytest.raises(NotFound, match="no published number"):
        ledger.find_published(context, "PN-1999-00001")


def test_money_without_a_rate_is_not_invented(books: Workspace, entering: Any, writing: Any) -> None:
    early = MetricRequest(("own_refunds",), days=MARCH, currency="USD", rates_on=date(2019, 1, 1))
    with entering(books) as context, pytest.raises(NotFound, match="No exchange rate of KWD is known for 2019-01-01"):
        ledger.publish(context, early, title="Too early")
    writing(books, refunds=[{**refund(8, "riyadh", 5), "currency": "JPY"}])
    with entering(books) as context:
        entry = ledger.publish(context, IN_USD, title="With a stranger")
        whole = MetricRequest(
            ("own_refunds",), where=(Condition("city_id", Operator.EQ, ("kuwait",)),), currency="SAR", days=MARCH
        )
        assert ledger.publish(context, whole, title="In riyals").rows == ((946,),)  # 0.777 KWD = 9.4602… SAR
    assert entry.rows == ((None,),)


def test_rounded_parts_still_add_up() -> None:
    dice = random.Random(3)  # noqa: S311 - not a secret
    for _ in range(500):
        parts = [Fraction(dice.uniform(-9, 9)) for _ in range(dice.randrange(1, 7))]
        unit = Fraction(1, 10 ** dice.randrange(4))
        shown = apportioned(parts, sum(parts, Fraction(0)), unit)
        assert sum(shown) == round(sum(parts, Fraction(0)) / unit) * unit
        assert all(abs(a - b) < unit for a, b in zip(parts, shown, strict=True))
        assert all(Fraction(decimal_text(part)) == part for part in parts)


def test_numbers_count_by_year(books: Workspace, entering: Any) -> None:
    with entering(books) as context:
        first = ledger.publish(context, IN_USD, title="One")
        later = ledger.publish(replace(context, now=context.now + timedelta(days=366)), IN_USD, title="Two")
    assert (first.reference, later.reference) == ("PN-2026-00001", "PN-2027-00001")
