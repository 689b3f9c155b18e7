"""Every edit that a contract can meet is told, and judged as whoever uses it would judge it."""

import copy
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tiffin.engines.contracts.changes import VERDICTS, Kind, Severity, Side
from tiffin.engines.contracts.comparing import Comparison, compare
from tiffin.engines.contracts.document import contract_of

BREAKING, RISKY, SAFE = Severity
Edit = Callable[[dict[str, Any]], object]

ORDERS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("orders.odcs.yaml").read_text(encoding="utf-8"))


def table(doc: dict[str, Any]) -> dict[str, Any]:
    return doc["schema"][0]


def column(doc: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in table(doc)["properties"] if one["name"] == name)


def custom(part: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in part["customProperties"] if one["property"] == name)


def sla(doc: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in doc["slaProperties"] if one["property"] == name)


def put(pick: Callable[[dict[str, Any]], dict[str, Any]], **values: Any) -> Edit:
    return lambda doc: pick(doc).update(values)


def drop(pick: Callable[[dict[str, Any]], dict[str, Any]], key: str) -> Edit:
    return lambda doc: pick(doc).pop(key)


def of(name: str, /, **values: Any) -> Edit:
    return lambda doc: column(doc, name).update(values)


def options(name: str, /, **values: Any) -> Edit:
    return lambda doc: column(doc, name)["logicalTypeOptions"].update(values)


def without(name: str, option: str) -> Edit:
    return lambda doc: column(doc, name)["logicalTypeOptions"].pop(option)


def promise(name: str, /, **values: Any) -> Edit:
    return lambda doc: sla(doc, name).update(values)


def rule(number: int, /, **values: Any) -> Edit:
    return lambda doc: rule_at(doc, number).update(values)


def rule_at(doc: dict[str, Any], number: int) -> dict[str, Any]:
    """The rule that stood there at first, wherever it stands now."""
    sign = ("implementation", "metric", "text", "query")[number]
    return next(one for one in table(doc)["quality"] if sign in one or one.get("type") == sign)


def columns(edit: Callable[[list[dict[str, Any]]], object]) -> Edit:
    return lambda doc: edit(table(doc)["properties"])


def enum(values: list[str]) -> Edit:
    return lambda doc: column(doc, "status")["quality"][0]["arguments"].update(validValues=values)


EDITS: dict[str, tuple[Edit, Kind, Severity, str]] = {
    # tables
    "a table goes": (lambda doc: doc["schema"].pop(1), Kind.TABLE_REMOVED, BREAKING, "2.0.0"),
    "a table comes": (lambda doc: doc["schema"].append({"name": "more"}), Kind.TABLE_ADDED, SAFE, "1.5.0"),
    "a table is renamed": (lambda doc: doc["schema"][1].update(name="towns"), Kind.TABLE_RENAMED, BREAKING, "2.0.0"),
    "a table is stored under another name": (put(table, physicalName="orders_v2"), Kind.TABLE_PLACE, BREAKING, "2.0.0"),
    "a table becomes a view": (put(table, physicalType="view"), Kind.TABLE_KIND, RISKY, "1.5.0"),
    "a row stands for something else": (
        put(table, dataGranularityDescription="one item of one order"), Kind.GRAIN, BREAKING, "2.0.0",
    ),
    "the table means something else": (put(table, description="Orders and carts."), Kind.MEANING, RISKY, "1.5.0"),
    "the business day is another": (
        lambda doc: custom(table(doc), "eventAt").update(value="delivered_at"), Kind.BUSINESS_DAY, BREAKING, "2.0.0",
    ),
    # columns
    "a column goes": (
        lambda doc: table(doc)["properties"].remove(column(doc, "fee_minor")), Kind.COLUMN_REMOVED, BREAKING, "2.0.0",
    ),
    "a column is renamed": (of("fee_minor", name="delivery_fee_minor"), Kind.COLUMN_RENAMED, BREAKING, "2.0.0"),
    "a column is stored under another name": (of("placed_at", physicalName="at"), Kind.COLUMN_PLACE, BREAKING, "2.0.0"),
    "an optional column comes": (
        columns(lambda found: found.append({"name": "note", "logicalType": "string"})),
        Kind.COLUMN_ADDED, SAFE, "1.5.0",
    ),
    "a required column comes": (
        columns(lambda found: found.append({"name": "note", "required": True})),
        Kind.REQUIRED_COLUMN_ADDED, BREAKING, "2.0.0",
    ),
    "a required column comes that the platform computes": (
        columns(
            lambda found: found.append(
                {"name": "day", "required": True, "customProperties": [{"property": "derived", "value": True}]}
            )
        ),
        Kind.COLUMN_ADDED, SAFE, "1.5.0",
    ),
    "columns stand in another order": (columns(lambda found: found.reverse()), Kind.COLUMNS_MOVED, SAFE, "1.4.3"),
    "a column becomes required": (of("status", required=True), Kind.NOW_REQUIRED, BREAKING, "2.0.0"),
    "a column becomes optional": (of("placed_at", required=False), Kind.NOW_OPTIONAL, BREAKING, "2.0.0"),
    "an optional column says so": (of("status", required=False), Kind.NOTE, SAFE, "1.4.3"),
    "a column becomes computed": (
        lambda doc: column(doc, "status").update(customProperties=[{"property": "derived", "value": True}]),
        Kind.NOW_COMPUTED, SAFE, "1.5.0",
    ),
    "an optional column is no longer computed": (
        lambda doc: custom(column(doc, "zone_id"), "derived").update(value=False), Kind.TRANSFORM, RISKY, "1.5.0",
    ),
    # types
    "a whole number becomes any number": (of("fee_minor", logicalType="number"), Kind.TYPE_WIDENED, RISKY, "1.5.0"),
    "any number becomes a whole one": (of("weight", logicalType="integer"), Kind.TYPE_NARROWED, BREAKING, "2.0.0"),
    "a number becomes text": (of("fee_minor", logicalType="string"), Kind.TYPE_CHANGED, BREAKING, "2.0.0"),
    "an instant becomes a day": (of("placed_at", logicalType="date"), Kind.TYPE_CHANGED, BREAKING, "2.0.0"),
    "the stored text is shorter": (of("status", physicalType="varchar(10)"), Kind.TYPE_NARROWED, BREAKING, "2.0.0"),
    "the stored text is longer": (of("status", physicalType="VARCHAR(40)"), Kind.TYPE_WIDENED, RISKY, "1.5.0"),
    "the stored text is endless": (of("status", physicalType="text"), Kind.TYPE_WIDENED, RISKY, "1.5.0"),
    "the stored type is spelt differently": (of("status", physicalType="VARCHAR( 18 )"), Kind.NOTE, SAFE, "1.4.3"),
    "the stored number is smaller": (of("fee_minor", physicalType="int"), Kind.TYPE_NARROWED, BREAKING, "2.0.0"),
    "decimals get more digits": (of("weight", physicalType="decimal(12,2)"), Kind.TYPE_WIDENED, RISKY, "1.5.0"),
    "decimals lose digits before the point": (
        of("weight", physicalType="decimal(10,4)"), Kind.TYPE_NARROWED, BREAKING, "2.0.0",
    ),
    "the stored type is of another sort": (of("fee_minor", physicalType="interval"), Kind.STORED_TYPE, RISKY, "1.5.0"),
    # values
    "the longest text is shorter": (options("status", maxLength=9), Kind.VALUES_NARROWED, BREAKING, "2.0.0"),
    "the longest text is longer": (options("status", maxLength=99), Kind.VALUES_WIDENED, RISKY, "1.5.0"),
    "the least number is higher": (options("fee_minor", minimum=10), Kind.VALUES_NARROWED, BREAKING, "2.0.0"),
    "the least number is lower": (options("fee_minor", minimum=-5), Kind.VALUES_WIDENED, RISKY, "1.5.0"),
    "the greatest number goes": (without("fee_minor", "maximum"), Kind.VALUES_WIDENED, RISKY, "1.5.0"),
    "a bound comes": (options("fee_minor", exclusiveMaximum=9), Kind.VALUES_NARROWED, BREAKING, "2.0.0"),
    "steps are coarser": (options("fee_minor", multipleOf=10), Kind.VALUES_NARROWED, BREAKING, "2.0.0"),
    "steps are others": (options("fee_minor", multipleOf=7), Kind.VALUES_CHANGED, BREAKING, "2.0.0"),
    "the pattern is another": (options("status", pattern="^[A-Z]+$"), Kind.VALUES_CHANGED, BREAKING, "2.0.0"),
    "the pattern goes": (without("status", "pattern"), Kind.VALUES_WIDENED, RISKY, "1.5.0"),
    "lists may repeat themselves": (options("tags", uniqueItems=False), Kind.VALUES_WIDENED, RISKY, "1.5.0"),
    "lists are shorter": (options("tags", maxItems=3), Kind.VALUES_NARROWED, BREAKING, "2.0.0"),
    "dates are written differently": (options("placed_at", format="dd.MM.yyyy"), Kind.FORMAT, BREAKING, "2.0.0"),
    "a value leaves the set": (enum(["placed"]), Kind.ENUM_NARROWED, BREAKING, "2.0.0"),
    "a value joins the set": (enum(["placed", "delivered", "lost"]), Kind.ENUM_WIDENED, RISKY, "1.5.0"),
    "the set is opened": (lambda doc: column(doc, "status").pop("quality"), Kind.ENUM_WIDENED, RISKY, "1.5.0"),
    "a set is closed": (
        of("zone_id", quality=[{"metric": "invalidValues", "mustBe": 0, "arguments": {"validValues": ["a"]}}]),
        Kind.ENUM_NARROWED, BREAKING, "2.0.0",
    ),
    # keys, units, meaning, class
    "the key loses a column": (of("city_id", primaryKey=False), Kind.KEY, BREAKING, "2.0.0"),
    "the key's order is another": (
        lambda doc: (column(doc, "city_id").update(primaryKeyPosition=3)), Kind.KEY, BREAKING, "2.0.0",
    ),
    "a column becomes unique": (of("zone_id", unique=True), Kind.NOW_UNIQUE, BREAKING, "2.0.0"),
    "a column is no longer unique": (of("weight", unique=False), Kind.NO_LONGER_UNIQUE, BREAKING, "2.0.0"),
    "files are divided differently": (of("placed_at", partitioned=False), Kind.PARTITION, RISKY, "1.5.0"),
    "the unit is another": (
        lambda doc: custom(column(doc, "fee_minor"), "unit").update(value="major units"), Kind.UNIT, BREAKING, "2.0.0",
    ),
    "the unit is no longer said": (
        lambda doc: column(doc, "fee_minor")["customProperties"].pop(0), Kind.UNIT_STATED, RISKY, "1.5.0",
    ),
    "the currency is another": (
        lambda doc: custom(column(doc, "fee_minor"), "currency").update(value="USD"), Kind.CURRENCY, BREAKING, "2.0.0",
    ),
    "the time zone is another": (
        options("placed_at", defaultTimezone="Asia/Riyadh"), Kind.TIME_ZONE, BREAKING, "2.0.0",
    ),
    "instants lose their zone": (options("placed_at", timezone=False), Kind.TIME_ZONE, BREAKING, "2.0.0"),
    "the column means something else": (
        of("fee_minor", description="Fee after discount."), Kind.MEANING, RISKY, "1.5.0",
    ),
    "the column's text gets a comma": (
        of("fee_minor", description="Fee, of the delivery"), Kind.WORDING, SAFE, "1.4.3",
    ),
    "a translation is mended": (
        lambda doc: custom(column(doc, "fee_minor"), "meaning.ar").update(value="أجرة"), Kind.WORDING, SAFE, "1.4.3",
    ),
    "a column is guarded more": (of("fee_minor", classification="personal"), Kind.CLASS_RAISED, BREAKING, "2.0.0"),
    "a column is guarded less": (of("fee_minor", classification="public"), Kind.CLASS_LOWERED, RISKY, "1.5.0"),
    "a column is in an unknown class": (of("fee_minor", classification="C3"), Kind.CLASS_CHANGED, RISKY, "1.5.0"),
    "the encrypted value lies elsewhere": (of("zone_id", encryptedName="z"), Kind.ENCRYPTION, BREAKING, "2.0.0"),
    "the column is computed differently": (of("placed_at", transformLogic="max(at)"), Kind.TRANSFORM, RISKY, "1.5.0"),
    # references and rules
    "a reference comes": (
        of("order_id", relationships=[{"to": "baskets.order_id"}]), Kind.REFERENCE_ADDED, RISKY, "1.5.0",
    ),
    "a reference goes": (
        lambda doc: column(doc, "zone_id").pop("relationships"), Kind.REFERENCE_REMOVED, RISKY, "1.5.0",
    ),
    "a reference leads elsewhere": (
        lambda doc: column(doc, "zone_id")["relationships"][0].update(to="areas.id"),
        Kind.REFERENCE_CHANGED, BREAKING, "2.0.0",
    ),
    "a reference of the table goes": (
        lambda doc: table(doc).pop("relationships"), Kind.REFERENCE_REMOVED, RISKY, "1.5.0",
    ),
    "a rule comes": (
        lambda doc: table(doc)["quality"].append({"metric": "nullValues", "mustBe": 0}),
        Kind.RULE_ADDED, RISKY, "1.5.0",
    ),
    "a rule goes": (lambda doc: table(doc)["quality"].remove(rule_at(doc, 0)), Kind.RULE_REMOVED, RISKY, "1.5.0"),
    "a rule is another": (rule(0, implementation="a < b"), Kind.RULE_CHANGED, RISKY, "1.5.0"),
    "a query is another": (rule(3, query="select 1"), Kind.RULE_CHANGED, RISKY, "1.5.0"),
    "a rule in words is another": (rule(2, description="Most orders were."), Kind.RULE_CHANGED, RISKY, "1.5.0"),
    "a rule's note is another": (rule(0, description="y"), Kind.NOTE, SAFE, "1.4.3"),
    "a threshold asks for more": (rule(1, mustBeGreaterThan=2000), Kind.RULE_TIGHTENED, RISKY, "1.5.0"),
    "a threshold asks for less": (rule(1, mustBeGreaterThan=10), Kind.RULE_LOOSENED, RISKY, "1.5.0"),
    "a span is wider": (rule(3, mustBeBetween=[0, 20]), Kind.RULE_LOOSENED, RISKY, "1.5.0"),
    "a span is elsewhere": (rule(3, mustBeBetween=[5, 20]), Kind.RULE_CHANGED, RISKY, "1.5.0"),
    "a rule weighs less": (rule(1, severity="info"), Kind.RULE_LOOSENED, RISKY, "1.5.0"),
    "a rule weighs more": (rule(1, severity="error"), Kind.RULE_TIGHTENED, RISKY, "1.5.0"),
    "a rule is looked at on another day": (rule(1, schedule="0 8 * * *"), Kind.NOTE, SAFE, "1.4.3"),
    # promises
    "it may come later": (promise("latency", value=6), Kind.PROMISE_LOOSENED, BREAKING, "2.0.0"),
    "it comes sooner": (promise("latency", value=90, unit="min"), Kind.PROMISE_TIGHTENED, SAFE, "1.5.0"),
    "the same delay in another unit": (promise("latency", value=240, unit="min"), Kind.NOTE, SAFE, "1.4.3"),
    "it comes more rarely": (promise("frequency", value=7), Kind.PROMISE_LOOSENED, BREAKING, "2.0.0"),
    "it is kept for less time": (promise("retention", value=2, unit="y"), Kind.PROMISE_LOOSENED, BREAKING, "2.0.0"),
    "it is kept for longer": (promise("retention", value=90), Kind.PROMISE_TIGHTENED, SAFE, "1.5.0"),
    "it is there later in the morning": (
        promise("timeOfAvailability", value="10:30+03:00"), Kind.PROMISE_LOOSENED, BREAKING, "2.0.0",
    ),
    "it is there less often": (promise("availability", value=99), Kind.PROMISE_LOOSENED, BREAKING, "2.0.0"),
    "support ends sooner": (
        promise("endOfSupport", value="2030-05-12T09:30:10+03:00"), Kind.PROMISE_LOOSENED, BREAKING, "2.0.0",
    ),
    "a promise without a direction": (promise("mood", value="fair"), Kind.PROMISE_CHANGED, RISKY, "1.5.0"),
    "a promise goes": (lambda doc: doc["slaProperties"].pop(0), Kind.PROMISE_REMOVED, BREAKING, "2.0.0"),
    "a promise comes": (
        lambda doc: doc["slaProperties"].append({"property": "throughput", "value": 9}),
        Kind.PROMISE_ADDED, SAFE, "1.5.0",
    ),
    # the rest
    "a server goes": (lambda doc: doc["servers"].pop(1), Kind.SERVER_REMOVED, BREAKING, "2.0.0"),
    "a server comes": (
        lambda doc: doc["servers"].append({"server": "s", "type": "s3", "location": "s3://b"}),
        Kind.SERVER_ADDED, SAFE, "1.5.0",
    ),
    "a server moves": (lambda doc: doc["servers"][1].update(host="db2"), Kind.SERVER_MOVED, BREAKING, "2.0.0"),
    "files are of another format": (
        lambda doc: doc["servers"][0].update(format="csv"), Kind.SERVER_MOVED, BREAKING, "2.0.0",
    ),
    "a server is for something else": (
        lambda doc: doc["servers"][0].update(environment="dev"), Kind.UNJUDGED, RISKY, "1.5.0",
    ),
    "a role goes": (lambda doc: doc["roles"].pop(0), Kind.ROLE_REMOVED, BREAKING, "2.0.0"),
    "a role comes": (lambda doc: doc["roles"].append({"role": "x"}), Kind.ROLE_ADDED, SAFE, "1.5.0"),
    "a role opens something else": (
        lambda doc: doc["roles"][0].update(access="none"), Kind.ROLE_ACCESS, BREAKING, "2.0.0",
    ),
    "somebody else approves": (
        lambda doc: doc["roles"][0].update(firstLevelApprovers="bo"), Kind.NOTE, SAFE, "1.4.3",
    ),
    "it costs more": (lambda doc: doc["price"].update(priceAmount=6), Kind.PRICE_RAISED, RISKY, "1.5.0"),
    "it costs less": (lambda doc: doc["price"].update(priceAmount=1), Kind.PRICE_LOWERED, SAFE, "1.5.0"),
    "it is free": (lambda doc: doc.pop("price"), Kind.PRICE_LOWERED, SAFE, "1.5.0"),
    "it is priced differently": (lambda doc: doc["price"].update(priceUnit="day"), Kind.PRICE_CHANGED, RISKY, "1.5.0"),
    "a channel of help goes": (lambda doc: doc["support"].pop(), Kind.SUPPORT_REMOVED, RISKY, "1.5.0"),
    "another team answers": (lambda doc: doc["team"].update(name="logistics"), Kind.OWNER, SAFE, "1.5.0"),
    "a member joins": (lambda doc: doc["team"]["members"].append({"username": "bo"}), Kind.NOTE, SAFE, "1.4.3"),
    "it is deprecated": (lambda doc: doc.update(status="deprecated"), Kind.DEPRECATED, RISKY, "1.5.0"),
    "it is retired": (lambda doc: doc.update(status="retired"), Kind.RETIRED, BREAKING, "2.0.0"),
    "it is a draft again": (lambda doc: doc.update(status="draft"), Kind.STATUS, SAFE, "1.5.0"),
    "it is another contract": (lambda doc: doc.update(id="x"), Kind.IDENTITY, RISKY, "1.5.0"),
    "its purpose is another": (
        lambda doc: doc["description"].update(purpose="Carts."), Kind.MEANING, RISKY, "1.5.0",
    ),
    "its limits are others": (
        lambda doc: doc["description"].update(limitations="No city."), Kind.LIMITS, RISKY, "1.5.0",
    ),
    "its use is told in a language": (
        lambda d: d["description"].update(customProperties=[{"property": "usage.ar"}]), Kind.WORDING, SAFE, "1.4.3",
    ),
    "its use is told differently": (lambda doc: doc["description"].update(usage="Sums."), Kind.NOTE, SAFE, "1.4.3"),
    "a tag comes": (lambda doc: doc["tags"].append("gold"), Kind.NOTE, SAFE, "1.4.3"),
    "a property of one's own changes": (
        lambda doc: doc["customProperties"][0].update(value="c2"), Kind.UNJUDGED, RISKY, "1.5.0",
    ),
    "an unknown key comes": (lambda doc: doc.update(invented=1), Kind.UNJUDGED, RISKY, "1.5.0"),
    # inside
    "a field inside goes": (
        lambda doc: column(doc, "address")["properties"].pop(1), Kind.COLUMN_REMOVED, BREAKING, "2.0.0",
    ),
    "a field inside is renamed": (
        lambda doc: column(doc, "address")["properties"][0].update(name="road"), Kind.COLUMN_RENAMED, BREAKING, "2.0.0",
    ),
    "a field inside may be missing": (options("address", required=[]), Kind.NOW_OPTIONAL, BREAKING, "2.0.0"),
    "items are shorter": (
        lambda doc: column(doc, "tags")["items"]["logicalTypeOptions"].update(maxLength=3),
        Kind.VALUES_NARROWED, BREAKING, "2.0.0",
    ),
    "items are of another type": (
        lambda doc: column(doc, "tags")["items"].update(logicalType="integer", logicalTypeOptions={"x": 1}),
        Kind.TYPE_CHANGED, BREAKING, "2.0.0",
    ),
}  # fmt: skip


def compared(*edits: Edit) -> Comparison:
    new = copy.deepcopy(ORDERS)
    for edit in edits:
        edit(new)
    return compare(contract_of(ORDERS), contract_of(new))


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_told_and_judged(name: str) -> None:
    edit, kind, severity, least = EDITS[name]

    found = compared(edit)

    assert kind in {change.kind for change in found.changes}
    assert found.severity is severity
    assert found.least == least


def test_every_kind_of_change_has_a_planted_edit() -> None:
    planted = {kind for _, kind, _, _ in EDITS.values()}

    assert set(Kind) - planted <= {Kind.NO_LONGER_COMPUTED}
    assert len(EDITS) >= 60


def test_a_contract_does_not_differ_from_itself() -> None:
    found = compared()

    assert found.changes == ()
    assert found.severity is None
    assert found.least == "1.4.2"


@pytest.mark.parametrize("every", [11, pytest.param(1, marks=pytest.mark.full)])
def test_of_two_edits_neither_hides_the_worse(every: int) -> None:
    order = list(Severity)
    paths = {name: {change.path for change in compared(edit).changes} for name, (edit, *_) in EDITS.items()}
    pairs = [pair for pair in itertools.combinations(EDITS, 2) if _are_apart(paths[pair[0]], paths[pair[1]])]
    hidden = []
    for first, second in pairs[::every]:
        found = compared(EDITS[first][0], EDITS[second][0])
        worst = min(EDITS[first][2], EDITS[second][2], key=order.index)
        hidden += [(first, second)] if found.severity is not worst else []

    assert hidden == []
    assert len(pairs) > 5000


def _are_apart(one: set[str], other: set[str]) -> bool:
    """Tell whether two edits touch different parts, so that neither can take the other back."""
    return not any(a.startswith(b) or b.startswith(a) for a in one for b in other)


def test_a_breaking_change_names_the_column_by_which_readers_know_it() -> None:
    found = compared(of("fee_minor", name="delivery_fee_minor"), *[EDITS["a field inside goes"][0]])

    assert {(change.table, change.column) for change in found.changes if change.kind.value.startswith("column_re")} == {
        ("orders", "fee_minor"),
        ("orders", "address"),
    }


def test_a_computed_column_that_writers_must_now_give_breaks_them() -> None:
    before = copy.deepcopy(ORDERS)
    column(before, "zone_id")["required"] = True
    after = copy.deepcopy(before)
    custom(column(after, "zone_id"), "derived")["value"] = False

    found = compare(contract_of(before), contract_of(after))

    assert [(change.kind, change.verdict.side) for change in found.changes] == [(Kind.NO_LONGER_COMPUTED, Side.WRITERS)]


def test_before_the_first_release_a_break_is_a_minor_step() -> None:
    before, after = copy.deepcopy(ORDERS), copy.deepcopy(ORDERS)
    before["version"], after["version"] = "0.3.0", "0.3.1"
    after["schema"].pop(1)

    found = compare(contract_of(before), contract_of(after))

    assert found.least == "0.4.0"
    assert not found.is_honest


def test_every_kind_says_what_it_means() -> None:
    assert set(VERDICTS) == set(Kind)
    assert all(verdict.why.endswith(".") for verdict in VERDICTS.values())
