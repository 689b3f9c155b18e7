"""What the facts of a simulated city keep, whatever happened in it."""

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tiffin.capabilities.rehearsals.domain.scenario import Scenario
from tiffin.capabilities.rehearsals.service import simulated_tables
from tiffin.capabilities.rehearsals.service.definitions import read_profiles, read_scenario
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.time import Days

Tables = Mapping[str, pa.Table]


def test_every_fact_says_that_it_is_simulated(tables: Tables) -> None:
    assert all(set(table.column("source").to_pylist()) == {"simulated:demo"} for table in tables.values())
    assert tables["cities"].column("is_simulated").to_pylist() == [True]


def test_the_same_seed_gives_the_same_tables(kuwait: Scenario, tables: Tables) -> None:
    days = Days(date(2026, 2, 24), date(2026, 2, 25))
    again, other = (simulated_tables(kuwait, days, seed=seed) for seed in (7, 8))

    assert all(again[name].equals(table) for name, table in tables.items())
    assert not other["orders"].equals(tables["orders"])


def test_a_day_is_the_same_whether_simulated_alone_or_among_others(kuwait: Scenario, tables: Tables) -> None:
    alone = simulated_tables(kuwait, Days(date(2026, 2, 25), date(2026, 2, 25)), seed=7)["orders"]
    among = tables["orders"].filter(pc.equal(tables["orders"]["business_date"], date(2026, 2, 25)))

    # Customers are new to the marketplace, and riders have their day off, with respect to all days.
    for column in ("order_id", "placed_at", "delivered_at", "promised_at", "basket_minor", "merchant_id"):
        assert alone[column].equals(among[column])


def test_keys_are_unique_and_required_values_are_there(tables: Tables) -> None:
    for name, table in tables.items():
        contract = TABLES[name]
        key = [column for column in contract.key if column in table.column_names]
        assert table.group_by(key).aggregate([]).num_rows == table.num_rows, name
        for column in contract.required_columns:
            assert table[column].null_count == 0, (name, column)


def test_names_lead_to_what_they_name(tables: Tables) -> None:
    for name, table in tables.items():
        for column in TABLES[name].columns:
            if column.references and column.name in table.column_names:
                target, key = column.references.split(".")
                if target in tables:
                    known = tables[target][key].combine_chunks()
                    given = table[column.name].drop_null()
                    assert pc.all(pc.is_in(given, value_set=known)).as_py() in {True, None}, (name, column.name)


def test_stages_are_the_instants_of_the_orders(tables: Tables) -> None:
    orders, stages = tables["orders"], tables["order_stages"]
    times = [column for column in orders.column_names if column.endswith("_at") and column != "promised_at"]

    assert stages.num_rows == sum(
        len(orders) - orders[column].null_count for column in times if column in orders.column_names
    )
    assert (
        pc.sum(pc.equal(stages["stage"], "delivered")).as_py()
        == pc.sum(pc.equal(orders["status"], "delivered")).as_py()
    )


def test_slots_add_up_to_orders_and_sessions(tables: Tables) -> None:
    slots, orders, sessions = tables["marketplace_slots"], tables["orders"], tables["rider_sessions"]

    def total(table: pa.Table, column: str) -> float:
        return float(pc.sum(table[column]).as_py())

    assert total(slots, "demand_orders") == orders.num_rows
    assert total(slots, "lost_orders") == pc.sum(pc.equal(orders["cancel_reason"], "no_rider")).as_py()
    assert total(slots, "orders_finished") == pytest.approx(total(sessions, "orders_delivered"), rel=5e-3)
    # Riders who end after the last day's cut-off do so outside the days run.
    end = pc.max(slots["slot_at"]).as_py() + timedelta(minutes=30)
    inside = [
        min(off, end) - on for on, off in zip(*(sessions[n].to_pylist() for n in ("on_at", "off_at")), strict=True)
    ]
    assert total(slots, "online_min") == pytest.approx(sum(span.total_seconds() for span in inside) / 60)
    assert total(slots, "busy_min") == pytest.approx(total(sessions, "busy_min"), rel=0.01)
    assert total(slots, "waiting_min") == pytest.approx(total(slots, "online_min") - total(slots, "busy_min"), abs=1.0)
    assert pc.all(pc.less_equal(slots["busy_min"], pc.add(slots["online_min"], 1e-3))).as_py()


def test_no_rider_rides_two_sessions_at_once(tables: Tables) -> None:
    sessions = tables["rider_sessions"].sort_by([("rider_id", "ascending"), ("on_at", "ascending")])
    rider = np.array(sessions["rider_id"].to_pylist())
    on, off = (sessions[name].cast(pa.int64()).to_numpy() for name in ("on_at", "off_at"))

    assert (on[1:] >= off[:-1])[rider[1:] == rider[:-1]].all()


def test_money_is_whole_steps_of_the_countrys_smallest_coin_in_use(kuwait: Scenario, tables: Tables) -> None:
    basket = tables["orders"]["basket_minor"].to_numpy()

    assert set(tables["orders"]["currency"].to_pylist()) == {"KWD"}
    assert not (basket % kuwait.price_step_minor).any()
    assert 3500 < np.median(basket) < 5500


def test_refunds_and_contacts_belong_to_the_orders_day(tables: Tables) -> None:
    day = dict(
        zip(tables["orders"]["order_id"].to_pylist(), tables["orders"]["business_date"].to_pylist(), strict=True)
    )
    for name in ("refunds", "contacts", "ratings"):
        rows = tables[name]
        assert rows.num_rows
        assert [day[order] for order in rows["order_id"].to_pylist()] == rows["business_date"].to_pylist()


def test_lost_orders_were_looked_for_and_never_carried(tables: Tables) -> None:
    orders = tables["orders"]
    lost = orders.filter(pc.equal(orders["cancel_reason"], "no_rider"))

    assert set(lost["cancelled_by"].to_pylist()) <= {"platform"}
    assert lost["rider_id"].null_count == lost["assigned_at"].null_count == lost.num_rows


def test_the_truth_names_cause_place_and_time(kuwait: Scenario, tables: Tables) -> None:
    truth = tables["disruptions"].to_pylist()

    assert [(row["kind"], row["cause"]) for row in truth] == [("merchant_overload", "slower_merchants")]
    assert set(truth[0]["zone_ids"].split(",")) < {zone.zone_id for zone in kuwait.zones}
    assert (truth[0]["ends_at"] - truth[0]["starts_at"]).total_seconds() == 3.5 * 3600
    assert truth[0]["strength"] == pytest.approx(2.1)


def test_it_rains_where_rain_is_planted() -> None:
    doha = read_scenario("doha", profiles=read_profiles())
    weather = simulated_tables(doha, Days(date(2026, 3, 1), date(2026, 3, 1)), seed=7)["weather"].to_pylist()
    local = ZoneInfo(doha.city.timezone)
    wet = [row["observed_at"].astimezone(local).hour for row in weather if row["precipitation_mm"] > 0]

    assert wet == [20, 21, 22, 23]
