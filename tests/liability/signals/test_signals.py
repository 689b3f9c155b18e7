"""Signals: what patterns of claims ask for, whom they tell, and that they never refuse anybody anything."""

import inspect
import pkgutil
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tiffin.capabilities import liability
from tiffin.capabilities.liability.domain.signals import Ask, ClaimedOrders, Ground, Patterns, Signal, SignalRules
from tiffin.capabilities.liability.service import signals
from tiffin.capabilities.liability.service.signal_rules import rules_of
from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import Forbidden, InvalidDefinition, NotFound
from tiffin.kernel.facts.cities import CITIES
from tiffin.kernel.facts.contacts import CONTACTS
from tiffin.kernel.facts.orders import ORDERS
from tiffin.runtime.actor import Actor, Grant, Party, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import Workspace

DAY = date(2026, 2, 20)
NOW = datetime(2026, 2, 21, 12, tzinfo=UTC)
CUSTOMERS = 300


@pytest.fixture(scope="module")
def rules() -> SignalRules:
    return rules_of(Path(), DAY)


def an_order(number: int) -> dict[str, Any]:
    """One of 900 orders: customer 0 has twelve, all others two or three each; there is no ring."""
    customer = 0 if number % 75 == 0 else number % CUSTOMERS
    return {
        "order_id": f"o-{number}",
        "customer_id": f"c-{customer}",
        "rider_id": f"r-{number % 30}",
        "merchant_id": f"m-{number % 20}",
        "category": "meals",
        "basket_minor": 1000 + number % 700,
    }


def a_city(claims: dict[str, str]) -> ClaimedOrders:
    rows = [an_order(number) for number in range(900)]
    return ClaimedOrders(
        [row["order_id"] for row in rows],
        [row["customer_id"] for row in rows],
        [row["rider_id"] for row in rows],
        [row["merchant_id"] for row in rows],
        [row["category"] for row in rows],
        [row["basket_minor"] for row in rows],
        claims,
    )


HONEST = {f"o-{number}": "item_issue" for number in range(7, 900, 61)}
OFTEN = {f"o-{number}": "item_issue" for number in range(0, 900, 75)}


def test_a_photo_a_pin_or_nothing_is_all_that_a_signal_can_lead_to() -> None:
    assert {one.value for one in Ask} == {"photo", "pin", "nothing"}
    assert Signal.__dataclass_fields__["ask"].type in (Ask, "Ask")
    assert inspect.signature(signals.signal_for).return_annotation in (Ask, "Ask")


def test_nothing_in_liability_judges_charges_or_denies_by_a_signal() -> None:
    # Whoever decides over shares, money or appeals may not even know of signals.
    folder = Path(liability.__file__).parent
    names = re.compile(
        r"import .*\bsignals?\b|liability\.(domain|service|queries)\.signals?\b|signal_for|explained_signal"
    )
    own = {"signals.py", "signal_rules.py", "fraud.py"}
    users = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if path.name not in own and names.search(path.read_text(encoding="utf-8"))
    }

    assert not [one for one in users if re.search(r"judging|verdict|ledger|appeal|penalt|attribution", one)]
    assert len(list(pkgutil.iter_modules([str(folder)]))) > 3


def test_whoever_claims_all_his_orders_is_asked_for_a_photo(rules: SignalRules) -> None:
    patterns = Patterns(a_city(HONEST | OFTEN), rules)

    assert patterns.signal("o-0").ask is Ask.PHOTO
    because = patterns.signal("o-0").because[0]
    assert (because.ground, because.claims, because.orders) == (Ground.CUSTOMER, 11, 11)


def test_goods_that_are_said_not_to_have_come_ask_for_a_pin(rules: SignalRules) -> None:
    patterns = Patterns(a_city(HONEST | dict.fromkeys(OFTEN, "not_delivered")), rules)

    assert patterns.signal("o-0").ask is Ask.PIN


def test_a_first_claim_asks_nothing_and_an_orders_own_claim_never_counts(rules: SignalRules) -> None:
    patterns = Patterns(a_city(HONEST), rules)

    assert not patterns.asked().any()
    assert {patterns.signal(one).ask for one in HONEST} == {Ask.NOTHING}


def test_nobody_is_asked_without_a_claim_among_the_other_orders(rules: SignalRules) -> None:
    patterns = Patterns(a_city(HONEST | OFTEN), rules)
    asked = [name for name, is_asked in zip(patterns.orders.order_ids, patterns.asked(), strict=True) if is_asked]

    assert asked
    assert all(because.claims > 0 for name in asked for because in patterns.signal(name).because)


def test_lateness_is_no_claim(rules: SignalRules) -> None:
    patterns = Patterns(a_city(dict.fromkeys(OFTEN, "order_late")), rules)

    assert not patterns.asked().any()


def test_rules_that_would_refuse_cannot_be_written(workspace: Workspace) -> None:
    shipped = (Path(liability.__file__).parent / "signals.yaml").read_text(encoding="utf-8")
    own = workspace.overlay("parameters") / "signals.yaml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(shipped.replace("item_issue: photo", "item_issue: refuse"), encoding="utf-8")

    with pytest.raises(InvalidDefinition, match="a photo or a pin"):
        rules_of(own, DAY)


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """A city of two, in which one customer claims all his orders."""
    made = new_workspace(tmp_path / "workspace")
    rows = [
        an_order(number)
        | {
            "city_id": "riyadh",
            "country": "SA",
            "currency": "SAR",
            "status": "delivered",
            "placed_at": datetime(2026, 2, 19, 8, tzinfo=UTC) + timedelta(minutes=2 * number),
            "business_date": DAY if number >= 450 else DAY - timedelta(days=1),
            "source": "test",
        }
        for number in range(900)
    ]
    contacts = [
        {
            "city_id": "riyadh",
            "contact_id": f"k-{order}",
            "order_id": order,
            "contacted_at": datetime(2026, 2, 20, 20, tzinfo=UTC),
            "reason": "item_issue",
            "business_date": DAY,
            "source": "test",
        }
        for order in (*OFTEN, *HONEST)
    ]
    cities = [
        {"city_id": name, "name": name.title(), "country": country, "timezone": "Asia/Riyadh", "source": "test"}
        for name, country in (("riyadh", "SA"), ("kuwait-city", "KW"))
    ]
    for contract, found in ((CITIES, cities), (ORDERS, rows), (CONTACTS, contacts)):
        put(made, contract, found)
    return made


def put(workspace: Workspace, contract: TableContract, rows: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist(rows, schema=arrow_schema(contract))
    open_store(workspace).upsert(contract, table.to_reader(), now=NOW, source="test")


def entered(
    workspace: Workspace,
    role: Role = Role.ADJUDICATOR,
    country: str = "SA",
    *,
    party: Party | None = None,
    now: datetime = NOW,
) -> Any:
    grants = () if party else (Grant(role, (country,), ()),)
    return open_unit(workspace, lambda _: Actor("adam", grants, party=party), now=now)


def test_an_order_is_told_what_to_ask_and_staff_are_told_why(workspace: Workspace) -> None:
    last = f"o-{max(int(one[2:]) for one in OFTEN)}"
    with entered(workspace) as context:
        assert signals.signal_for(context, "riyadh", last) == "photo"
        assert signals.signal_for(context, "riyadh", "o-451") == "nothing"
        (because, *_) = signals.explained_signal(context, "riyadh", last).because
        said = signals.told(context, because)
        day = signals.signals_of_day(context, "riyadh", DAY)

    assert "other orders of this customer 11 were claimed" in said
    assert day.orders == 450
    assert {one.order_id for one in day.asked} >= {last}
    assert all(one.ask is not Ask.NOTHING for one in day.asked)


def test_what_is_not_known_yet_asks_nothing(workspace: Workspace) -> None:
    with entered(workspace, now=datetime(2026, 2, 20, 19, tzinfo=UTC)) as context:
        assert signals.signals_of_day(context, "riyadh", DAY).asked == ()


def test_only_those_who_work_on_incidents_of_the_city_are_told(workspace: Workspace) -> None:
    rider = Party("rider", "riyadh", "r-1")
    for context in (entered(workspace, party=rider), entered(workspace, Role.VIEWER)):
        with context as opened, pytest.raises(Forbidden):
            signals.signal_for(opened, "riyadh", "o-1")
    with entered(workspace, country="KW") as opened, pytest.raises(NotFound):
        signals.signal_for(opened, "riyadh", "o-1")
    with entered(workspace) as opened, pytest.raises(NotFound):
        signals.signal_for(opened, "riyadh", "o-none")
    with entered(workspace) as opened:
        assert [one.city_id for one in signals.signal_cities(opened)] == ["riyadh"]


def test_who_looked_stands_in_the_audit_trail(workspace: Workspace) -> None:
    with entered(workspace) as context:
        signals.signal_for(context, "riyadh", "o-1")
    with entered(workspace) as context:
        assert reads_of(context) == [("adam", "riyadh/o-1")]


def reads_of(context: Context) -> list[tuple[str, str]]:
    rows = context.session.query(AuditEntry).filter_by(action="signal_read")
    return [(one.actor, one.subject) for one in rows]
