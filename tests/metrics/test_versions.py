"""A metric can be asked under any version, on any date, at any state of the data, and in any money that has a rate."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.domain.codec import decode, encode
from tiffin.capabilities.metrics.service.differences import Question, compare, parts_add_up
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.engines.metrics.definitions import Definitions
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.engines.metrics.versions import definitions_for
from tiffin.kernel.errors import NotFound, WrongUse
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

WORDS = """\
    label: {en: Own, ar: خاص, zh_Hans: 自定义, zh_Hant: 自訂, pt_BR: Próprio}
    meaning: {en: Own orders., ar: طلبات., zh_Hans: 订单。, zh_Hant: 訂單。, pt_BR: Pedidos.}
    unit: orders
    direction: up
    level: team
    owner: me
    tier: draft
"""

DATED = f"""\
metrics:
  own_orders:
{WORDS}
    kind: simple
    source: orders
    aggregate: count
    where: status = 'delivered'
    version: 3
    since: 2026-02-15
    earlier:
      - {{version: 1, since: 2026-01-01, kind: simple, source: orders, aggregate: count}}
      - {{version: 2, since: 2026-02-01, kind: simple, source: orders, aggregate: count, where: status <> 'placed'}}
    example: {{rows: {{orders: [{{status: delivered}}]}}, gives: 1}}
  own_double:
{WORDS}
    kind: derived
    formula: own_orders * 2
    version: 2
    since: 2026-02-10
    earlier:
      - {{version: 1, since: 2026-01-15, kind: derived, formula: own_orders * 20}}
    example: {{rows: {{orders: [{{status: delivered}}]}}, gives: 2}}
"""

STATES = ["delivered", "delivered", "delivered", "cancelled", "cancelled", "placed"]


@pytest.fixture
def dated(empty: Workspace, writing: Callable[..., None]) -> Workspace:
    """Six orders, three delivered and two cancelled, and metrics that counted them in three ways."""
    (empty.overlay("metrics") / "own.yaml").write_text(DATED, encoding="utf-8")
    row = {"city_id": "x", "business_date": date(2026, 1, 1), "source": "feed"}
    writing(
        empty,
        cities=[{"city_id": "x", "name": "X", "country": "SA", "currency": "SAR", "source": "feed"}],
        orders=[{**row, "order_id": str(index), "status": state} for index, state in enumerate(STATES)],
    )
    return empty


@pytest.fixture
def values(dated: Workspace, entering: Any) -> Callable[..., tuple[Any, ...]]:
    """Ask the dated metrics."""

    def asked(*metrics: str, as_of: Any = None, **request: Any) -> tuple[Any, ...]:
        with entering(dated, as_of=as_of) as context:
            return tuple(service.query(context, MetricRequest(metrics, **request)).rows[0])

    return asked


def test_a_version_is_asked_by_its_number(values: Any) -> None:
    assert values("own_orders", "own_orders@1", "own_orders@2", "own_orders@3") == (3, 6, 5, 3)
    assert values("own_double@1", "own_double") == (60, 6)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 1, 20), (6, 120)),
        (date(2026, 2, 5), (5, 100)),
        (date(2026, 2, 12), (5, 10)),
        (date(2026, 2, 15), (3, 6)),
        (date(2027, 1, 1), (3, 6)),
    ],
)
def test_a_date_takes_each_metric_and_its_inputs_as_they_were_then(
    values: Any, on: date, expected: tuple[int, int]
) -> None:
    assert values("own_orders", "own_double", under=on) == expected


def test_a_version_by_number_stays_while_its_inputs_follow_the_date(values: Any) -> None:
    assert values("own_double@1", "own_orders@3", under=date(2026, 2, 20)) == (60, 3)
    assert values("own_double@2", under=date(2026, 1, 20)) == (12,)


def test_a_version_that_is_still_to_come_does_not_hold_yet(dated: Workspace, entering: Any) -> None:
    text = DATED.replace("since: 2026-02-15", "since: 2026-03-15")
    (dated.overlay("metrics") / "own.yaml").write_text(text, encoding="utf-8")
    with entering(dated) as context:  # on 1 March
        found = service.query(context, MetricRequest(("own_orders", "own_double", "orders")))
    assert found.rows == ((5, 10, 6),)
    assert found.receipt.metrics["own_orders"]["version"] == 2


def test_what_was_not_defined_then_is_said(values: Any) -> None:
    with pytest.raises(NotFound, match="own_double was not defined on 2026-01-02; its first version is of 2026-01-15"):
        values("own_double", under=date(2026, 1, 2))
    with pytest.raises(NotFound, match=r"no version 7 of own_orders. There are: 1, 2, 3"):
        values("own_orders@7")
    with pytest.raises(WrongUse, match="A version such as own_orders@1"):
        values("own_orders@x")
    with pytest.raises(NotFound, match="Did you mean own_orders"):
        values("own_order@1")


def test_tables_are_read_at_exactly_the_versions_that_are_stated(dated: Workspace, values: Any, writing: Any) -> None:
    writing(dated, orders=[{"city_id": "x", "order_id": "7", "status": "delivered", "business_date": date(2026, 1, 1)}])
    assert values("own_orders@1", as_of={"orders": 0, "cities": 0}) == (6,)
    assert values("own_orders@1", as_of={"orders": 1}) == (7,)
    assert values("own_orders@1", as_of={"cities": 0}) == (7,)
    assert values("own_orders@1", as_of={"orders": None}) in ((None,), (0,))
    with pytest.raises(NotFound, match="Version 9 of the table orders was expected, and it stands at version 1"):
        values("own_orders", as_of={"orders": 9})
    assert values("own_orders@1", as_of=datetime(2030, 1, 1, tzinfo=UTC)) == (7,)


def test_the_page_of_a_metric_shows_it_under_an_earlier_version(dated: Workspace) -> None:
    client = TestClient(create_app(dated), follow_redirects=False, raise_server_exceptions=False)
    with open_context(dated.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    client.get(f"/sign-in/{token}")
    page = client.get("/metrics/own_orders").text
    assert "under=2026-02-01" in page
    assert "<bdi>3</bdi>" in page
    earlier = client.get("/metrics/own_orders?under=2026-02-01").text
    assert "Under the definition of" in earlier
    assert "<bdi>5</bdi>" in earlier


def test_all_definitions_can_be_kept_and_read_again(small: Workspace) -> None:
    model = library_of(small).model
    whole = definitions_for(model, tuple(model.metrics))
    assert decode(Definitions, encode(whole)) == whole
    assert {metric.name for metric in whole.metrics} == set(model.metrics)


IN_RIYADH = (Condition("city_id", Operator.EQ, ("riyadh",)),)


def test_money_converted_into_its_own_currency_stays_the_same(small: Workspace, entering: Any) -> None:
    model = library_of(small).model
    money = [name for name, found in model.resolved.items() if found.is_money]
    assert len(money) > 5
    with entering(small) as context:
        for name in money:
            plain = service.query(context, MetricRequest((name,), ("business_date",), IN_RIYADH))
            converted = service.query(context, MetricRequest((name,), ("business_date",), IN_RIYADH, currency="SAR"))
            assert [row[0] for row in plain.rows] == [row[0] for row in converted.rows]
            assert [row[1] for row in converted.rows] == pytest.approx([row[1] for row in plain.rows])


def test_money_of_several_countries_is_added_up_in_one(small: Workspace, entering: Any) -> None:
    request = MetricRequest(("basket_value", "basket_value_mean", "delivered_orders"), by=("currency",))
    rates = {"SAR": Decimal("3.75"), "KWD": Decimal("0.308"), "EUR": Decimal("0.8845")}
    with entering(small) as context:
        apart = service.query(context, request)
        whole = service.query(context, MetricRequest(request.metrics, currency="USD"))
        there = service.query(context, MetricRequest(request.metrics, by=("country",), currency="USD"))
        spark_less = service.query(context, MetricRequest(("discount_share",), currency="USD"))
    digits = {"KWD": Decimal("0.1")}
    total = sum(row[1] / rates[row[0]] * digits.get(row[0], 1) for row in apart.rows)
    assert whole.rows[0][0] == int(total.quantize(Decimal(1)))
    assert whole.currencies == ("USD",)
    assert whole.rows[0][1] == pytest.approx(float(total) / whole.rows[0][2])
    assert abs(sum(row[1] for row in there.rows) - whole.rows[0][0]) <= len(there.rows)
    assert 0 < spark_less.rows[0][0] < 1
    exchange = whole.receipt.exchange
    assert exchange is not None
    assert (exchange["into"], exchange["on"]) == ("USD", "2026-03-01")
    assert exchange["rates"]["SAR"]["source"].startswith("Saudi Central Bank")


def test_both_engines_convert_alike(small: Workspace, entering: Any) -> None:
    request = MetricRequest(("basket_value", "basket_value_mean"), by=("country",), currency="EUR")
    found = []
    for engine in ("duckdb", "spark"):
        with entering(small, engine=engine) as context:
            result = service.query(context, request)
            found.append((result.rows, result.receipt.rerun_hash))
    assert found[0][1] == found[1][1]
    for one, other in zip(found[0][0], found[1][0], strict=True):
        assert one == pytest.approx(other)


def test_a_version_is_compared_with_another_as_it_is_asked(dated: Workspace, entering: Any) -> None:
    with entering(dated) as context:
        found = [compare(context, Question("own_orders", other=f"own_orders@{number}")) for number in (1, 2, 3)]
        double = compare(context, Question("own_double", other="own_double@1"))

    assert [(one.mine, one.theirs) for one in found] == [(3, 6), (3, 5), (3, 3)]
    assert [{part.aspect for part in one.parts} for one in found] == [{"filters"}, {"filters"}, set()]
    assert (double.mine, double.theirs) == (6, 60)
    assert all(parts_add_up(one) for one in (*found, double))
