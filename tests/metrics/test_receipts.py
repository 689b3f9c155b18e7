"""A receipt says where an answer comes from, and the answer can be had again with it."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.service import promises, rerunning
from tiffin.capabilities.metrics.service.promises import Promise
from tiffin.cli.entry import main
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.errors import InvalidData, NotFound, WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.json_text import json_text
from tiffin.runtime.workspace import Workspace

RIYADH = {"city_id": "riyadh", "name": "Riyadh", "country": "SA", "currency": "SAR", "source": "feed"}
KUWAIT = {"city_id": "kuwait", "name": "Kuwait", "country": "KW", "currency": "KWD", "source": "other"}


def order(number: int, city: str, day: int, *, status: str = "delivered") -> dict[str, Any]:
    return {
        "order_id": f"o{number}",
        "city_id": city,
        "country": {"riyadh": "SA", "kuwait": "KW"}[city],
        "status": status,
        "basket_minor": 100 * number,
        "currency": {"riyadh": "SAR", "kuwait": "KWD"}[city],
        "business_date": date(2026, 2, day),
        "source": "feed" if city == "riyadh" else "other",
    }


@pytest.fixture
def shop(empty: Workspace, writing: Callable[..., None]) -> Workspace:
    """Two cities with a few orders."""
    rows = [order(1, "riyadh", 1), order(2, "riyadh", 3), order(3, "kuwait", 7, status="cancelled")]
    writing(empty, cities=[RIYADH, KUWAIT], orders=rows)
    return empty


REQUEST = MetricRequest(
    ("orders", "completion_rate"),
    by=("city_id",),
    where=(Condition("local_hour", Operator.IS_NULL), Condition("business_date", Operator.GE, (date(2026, 1, 1),))),
)


def receipt_in(context: Any, request: MetricRequest = REQUEST) -> dict[str, Any]:
    """Hand a receipt out and take it back, as a file does."""
    found: dict[str, Any] = json.loads(json_text(asdict(service.query(context, request).receipt)))
    return found


def test_the_same_hash_is_the_same_answer(shop: Workspace, entering: Any, writing: Any) -> None:
    with entering(shop) as context:
        first = receipt_in(context)
        assert receipt_in(context)["rerun_hash"] == first["rerun_hash"]
        assert receipt_in(replace(context, locale="ar"))["rerun_hash"] == first["rerun_hash"]
        others = [
            replace(REQUEST, by=()),
            replace(REQUEST, metrics=("orders",)),
            replace(REQUEST, where=()),
            replace(REQUEST, days=Days(date(2026, 2, 1), date(2026, 2, 2))),
            replace(REQUEST, currency="USD"),
        ]
        hashes = {receipt_in(context, request)["rerun_hash"] for request in others}
    with entering(shop, grants=(Grant(Role.ANALYST, ("SA",), ()),)) as context:
        hashes.add(receipt_in(context)["rerun_hash"])
    writing(shop, orders=[order(9, "riyadh", 9)])
    with entering(shop) as context:
        hashes.add(receipt_in(context)["rerun_hash"])
    assert len(hashes - {first["rerun_hash"]}) == len(others) + 2


def test_a_receipt_brings_the_same_rows_after_the_data_have_moved_on(
    shop: Workspace, entering: Any, writing: Any
) -> None:
    with entering(shop) as context:
        rows, receipt = service.query(context, REQUEST).rows, receipt_in(context)
    writing(shop, orders=[order(1, "riyadh", 1, status="cancelled"), order(9, "kuwait", 9)])
    with entering(shop) as context:
        assert service.query(context, REQUEST).rows != rows
        again = rerunning.rerun(context, receipt)
        assert (again.result.rows, again.is_same, again.differs_in) == (rows, True, ())
        assert rerunning.rerun(context, {"columns": [], "rows": [], "receipt": receipt}).is_same
    with entering(shop, grants=(Grant(Role.ANALYST, ("KW",), ()),)) as context:
        narrow = rerunning.rerun(context, receipt)
    assert not narrow.is_same
    assert "row_filters" in narrow.differs_in
    assert [row[0] for row in narrow.result.rows] == ["kuwait"]


OWN = """\
metrics:
  own_orders:
    label: {{en: Own, ar: خاص, zh_Hans: 自定义, zh_Hant: 自訂, pt_BR: Próprio}}
    meaning: {{en: Own orders., ar: طلبات., zh_Hans: 订单。, zh_Hant: 訂單。, pt_BR: Pedidos.}}
    kind: simple
    source: orders
    aggregate: count
    where: status = '{status}'
    version: 1
    since: 2026-01-01
    unit: orders
    direction: up
    level: team
    owner: {owner}
    tier: draft
    example: {{rows: {{orders: [{{status: {status}}}]}}, gives: 1}}
"""


def test_a_definition_that_has_changed_is_said_unless_the_receipt_holds_it(shop: Workspace, entering: Any) -> None:
    file = shop.overlay("metrics") / "own.yaml"
    file.write_text(OWN.format(status="delivered", owner="me"), encoding="utf-8")
    request = MetricRequest(("own_orders",))
    with entering(shop) as context:
        receipt = receipt_in(context, request)
        kept = service.query_and_keep(context, request).receipt
    file.write_text(OWN.format(status="delivered", owner="you"), encoding="utf-8")
    with entering(shop) as context:
        assert rerunning.rerun(context, receipt).is_same
    file.write_text(OWN.format(status="cancelled", owner="you"), encoding="utf-8")
    with entering(shop) as context:
        with pytest.raises(NotFound, match=r"The definition of own_orders is another one .* own_orders@1"):
            rerunning.rerun(context, receipt)
        again = rerunning.rerun(context, rerunning.kept_receipt(context, kept.rerun_hash[:12]))
    assert (again.is_same, again.result.rows) == (True, ((2,),))


def test_what_is_no_receipt_is_refused(shop: Workspace, entering: Any) -> None:
    with entering(shop) as context:
        with pytest.raises(InvalidData, match="A receipt was expected"):
            rerunning.rerun(context, {"rows": []})
        with pytest.raises(WrongUse, match="At least 8 letters"):
            rerunning.kept_receipt(context, "abc")
        with pytest.raises(NotFound, match="No receipt of the hash"):
            rerunning.kept_receipt(context, "abcdef0123")
        with pytest.raises(InvalidData, match="cannot be read"):
            rerunning.rerun(context, {**receipt_in(context), "request": {"nothing": 1}})


def test_watermarks_are_those_of_the_cities_asked_for(shop: Workspace, entering: Any, writing: Any) -> None:
    only = replace(REQUEST, where=(Condition("city_id", Operator.EQ, ("riyadh",)),))
    with entering(shop) as context:
        both, riyadh = (service.query(context, request).receipt.sources for request in (REQUEST, only))
    loaded = datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert both["orders"] == {"latest_day": date(2026, 2, 7), "loaded_at": loaded}
    assert riyadh["orders"] == {"latest_day": date(2026, 2, 3), "loaded_at": loaded}
    writing(shop, orders=[order(4, "riyadh", 9)])
    with entering(shop) as context:
        assert service.query(context, only).receipt.sources["orders"]["latest_day"] == date(2026, 2, 9)
        unloaded = service.query(context, MetricRequest(("refunds",))).receipt.sources
    assert unloaded["refunds"] == {"latest_day": None, "loaded_at": None}


def test_promises_are_told_by_country_and_unknown_where_nobody_settled_them(shop: Workspace, entering: Any) -> None:
    in_riyadh = replace(REQUEST, where=(Condition("city_id", Operator.EQ, ("riyadh",)),))
    with entering(shop) as context:
        told = service.query(context, REQUEST).receipt.metrics
        assert {name: described["promise"] for name, described in told.items()} == {
            "orders": "unknown",
            "completion_rate": "unknown",
        }
        at = context.now
        promises.settle(context, "orders", Promise.KEPT, at=at)
        promises.settle(context, "orders", Promise.MISSED, country="KW", reason="late", at=at)
        promises.settle(context, "completion_rate", Promise.MISSED, country="SA", at=at)
        promises.settle(context, "completion_rate", Promise.KEPT, country="SA", at=at)
        both, one = (service.query(context, request).receipt.metrics for request in (REQUEST, in_riyadh))
    assert (both["orders"]["promise"], one["orders"]["promise"]) == (Promise.MISSED, Promise.KEPT)
    assert one["completion_rate"]["promise"] is Promise.KEPT


def test_the_meaning_is_in_the_readers_language(shop: Workspace, entering: Any) -> None:
    with entering(shop, locale="zh_Hant") as context:
        told = service.query(context, REQUEST).receipt.metrics["orders"]
        assert told["meaning"] == service.find_metric(context, "orders").meaning.text("zh_Hant")
    assert len(told["digest"]) == 64


def test_a_saved_receipt_is_asked_again_from_the_command_line(
    shop: Workspace, writing: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def run(*words: str) -> tuple[int, str]:
        code = main(["metrics", *words, "--workspace", str(shop.root)])
        return code, capsys.readouterr().out

    code, out = run("query", "orders", "--by", "city_id", "--currency", "USD", "--under", "2026-02-01", "--json")
    answer = json.loads(out)
    saved = tmp_path / "answer.json"
    saved.write_text(out, encoding="utf-8")
    kept = json.loads(run("query", "orders", "--keep", "--json")[1])["receipt"]
    writing(shop, orders=[order(7, "riyadh", 9)])

    code, out = run("rerun", str(saved), "--json")
    again = json.loads(out)
    assert (code, again["rows"], again["is_same"]) == (0, answer["rows"], True)
    assert "The same answer" in run("rerun", kept["rerun_hash"])[1]
    assert json.loads(run("rerun", kept["rerun_hash"], "--json")[1])["rows"] == [[3]]
    assert run("rerun", str(tmp_path / "none.json"))[0] == 4
    stated = json.loads(run("query", "orders", "--as-of", "orders=0,cities=0", "--json")[1])
    assert stated["rows"] == [[3]]

    saved.write_text(json.dumps({**again["receipt"], "rerun_hash": "0" * 64, "masks": ["rider_id"]}), encoding="utf-8")
    code, out = run("rerun", str(saved))
    assert code == 1
    assert "What differs from the receipt: masks" in out
    for text in ("[]", "{"):
        saved.write_text(text, encoding="utf-8")
        assert run("rerun", str(saved))[0] == 3
