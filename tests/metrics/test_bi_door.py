"""The door for BI tools: a real client of the protocol gets governed numbers, and nothing else."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pymysql
import pytest
import sqlglot
from sqlalchemy import create_engine, inspect, text

from tiffin.capabilities.access import service as access
from tiffin.capabilities.access.service import tokens
from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.domain.selecting import read_select
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.cli.doors import sql_door
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator, Order
from tiffin.kernel.errors import NotFound, WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

Connect = Callable[..., Any]


@pytest.fixture(scope="module")
def door(small: Workspace) -> Iterator[int]:
    """The door of the small workspace on a port of this machine."""
    loop = asyncio.new_event_loop()
    server = sql_door(small)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.start_server(host="127.0.0.1", port=0), loop).result(10)
    yield server.sockets()[0].getsockname()[1]

    async def end() -> None:
        server.close()
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    asyncio.run_coroutine_threadsafe(end(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.fixture(scope="module")
def lena(small: Workspace) -> str:
    """A token of an analyst of Kuwait."""
    with open_context(small.root) as context:
        access.add_account(context, "lena")
        access.grant(context, "lena", Role.ANALYST, countries=["KW"], terms=access.Terms("tests"))
    with open_context(small.root, user="lena") as context:
        return tokens.make_token(context, "bi", days=1)[0]


@pytest.fixture
def owner(small: Workspace) -> tuple[str, str]:
    """The owner's name and a token of his."""
    with open_context(small.root) as context:
        return context.actor.name, tokens.make_token(context, "bi", days=1)[0]


def connect(port: int, user: str, password: str) -> Any:
    return pymysql.connect(host="127.0.0.1", port=port, user=user, password=password, database="tiffin")


def asked(connection: Any, sql: str, *values: Any) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [item[0] for item in cursor.description], list(cursor.fetchall())


def test_a_statement_gives_the_metric_layers_numbers(small: Workspace, door: int, owner: tuple[str, str]) -> None:
    connection = connect(door, *owner)
    names, rows = asked(
        connection,
        "SELECT business_date AS day, orders, country, late_share FROM metrics "
        "WHERE country = %s AND business_date >= '2026-01-28' GROUP BY 1, 3 ORDER BY day DESC LIMIT 5",
        "SA",
    )
    with open_context(small.root) as context:
        request = MetricRequest(
            ("orders", "late_share"),
            ("business_date", "country"),
            service.request_of(context, _words("country = 'SA' and business_date >= '2026-01-28'")).where,
            order_by=(Order("business_date", is_descending=True),),
            limit=5,
        )
        expected = service.query(context, request).rows
    assert names == ["day", "orders", "country", "late_share"]
    assert [(day, country, orders, share) for day, orders, country, share in rows] == list(expected)


def _words(where: str) -> Any:
    from tiffin.capabilities.metrics.domain.asking import Asked  # noqa: PLC0415 - as the command line does

    return Asked(("orders",), where=(where,))


def test_every_type_arrives_as_itself(door: int, owner: tuple[str, str]) -> None:
    _, rows = asked(
        connect(door, *owner),
        "SELECT slot_at, is_first_order, local_hour, zone_id, orders FROM metrics WHERE zone_id = 'n' "
        "ORDER BY 1 LIMIT 1",
    )
    slot, first, hour, zone, count = rows[0]
    assert (slot.year, slot.tzinfo) == (2026, None)
    assert (slot.hour, zone) == (hour, "n")
    assert first in (None, 0, 1)
    assert isinstance(count, int)


def test_the_receipt_can_be_asked_for(door: int, owner: tuple[str, str]) -> None:
    connection = connect(door, *owner)
    asked(connection, "SELECT orders FROM metrics")
    _, rows = asked(connection, "SELECT receipt FROM receipt")
    receipt = json.loads(rows[0][0])
    assert receipt["tables"]["orders"] == 0
    assert receipt["asked_by"] == owner[0]


def test_rows_are_those_that_the_account_may_see(door: int, lena: str) -> None:
    _, rows = asked(connect(door, "lena", lena), "SELECT city_id, MEASURE(orders) FROM metrics")
    assert [row[0] for row in rows] == ["kuwait"]


def test_a_wrong_or_revoked_token_opens_nothing(small: Workspace, door: int, lena: str, owner: tuple[str, str]) -> None:
    for user, password in (("lena", "tiffin_no"), ("lena", ""), ("nobody", lena), (owner[0], lena)):
        with pytest.raises(pymysql.err.OperationalError, match="1045"):
            connect(door, user, password)
    with open_context(small.root, user="lena") as context:
        token, view = tokens.make_token(context, "short", days=1)
    connection = connect(door, "lena", token)
    assert asked(connection, "SELECT orders FROM metrics")[1]
    with open_context(small.root) as context:
        tokens.revoke_token(context, view.token_id)
    with pytest.raises(pymysql.err.MySQLError, match="revoked"):
        asked(connection, "SELECT orders FROM metrics")


def test_tools_find_the_table_and_its_columns(door: int, owner: tuple[str, str]) -> None:
    connection = connect(door, *owner)
    assert ("metrics",) in asked(connection, "SHOW TABLES")[1]
    sql = (
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = 'tiffin' AND table_name = 'metrics'"
    )
    columns = {name: str(kind).lower() for name, kind in asked(connection, sql)[1]}
    assert columns["business_date"] == "date"
    assert columns["late_share"] == "double"
    assert asked(connection, "SELECT 1")[1] == [(1,)]
    assert asked(connection, "SELECT @@version_comment")[1]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT * FROM metrics", "Name the columns"),
        ("SELECT country FROM metrics", "at least one metric"),
        ("SELECT country, AVG(orders) FROM metrics", "aggregates by itself"),
        ("SELECT lates_share FROM metrics", "no column lates_share"),
        ("SELECT orders FROM orders", "one table here is metrics"),
        ("SELECT orders FROM metrics JOIN cities ON 1 = 1", "JOINS"),
        ("SELECT DISTINCT country, orders FROM metrics", "DISTINCT"),
        ("SELECT country, orders FROM metrics GROUP BY city_id", "GROUP BY names city_id"),
        ("SELECT country, orders FROM metrics HAVING orders > 3", "HAVING"),
        ("SELECT orders FROM metrics UNION SELECT orders FROM metrics", "Only SELECT"),
        ("WITH a AS (SELECT 1) SELECT orders FROM metrics", "WITH"),
        ("SELECT orders FROM metrics WHERE status = 'x'", "status"),
        ("SELECT orders FROM metrics WHERE orders > (SELECT 1)", "orders"),
        ("SELECT orders FROM metrics ORDER BY 7", "Position 7"),
        ("SELECT orders FROM metrics ORDER BY orders + 1", "named here"),
        ("SELECT orders FROM (SELECT 1) AS metrics", "one table here is metrics"),
        ("DELETE FROM metrics", "Only SELECT"),
    ],
)
def test_what_is_no_request_for_metrics_is_refused_in_words(small: Workspace, sql: str, said: str) -> None:
    model = library_of(small).model
    with pytest.raises((WrongUse, NotFound), match=said):
        read_select(sqlglot.parse_one(sql, read="mysql"), model.dimensions, model.metrics)


def test_a_refusal_reaches_the_client_as_an_error_of_the_protocol(door: int, owner: tuple[str, str]) -> None:
    connection = connect(door, *owner)
    with pytest.raises(pymysql.err.MySQLError, match="aggregates by itself"):
        asked(connection, "SELECT AVG(orders) FROM metrics")
    assert asked(connection, "SELECT orders FROM metrics")[1]  # the connection lives on


def test_a_statement_becomes_exactly_one_request(small: Workspace) -> None:
    model = library_of(small).model
    sql = (
        "SELECT `m`.`orders` AS `SUM`, `m`.`week` FROM `tiffin`.`metrics` AS `m` "
        "WHERE `m`.`country` IN ('SA', 'KW') ORDER BY `SUM`"
    )
    selection = read_select(sqlglot.parse_one(sql, read="mysql"), model.dimensions, model.metrics)
    assert selection.columns == (("SUM", "orders"), ("week", "week"))
    assert selection.request == MetricRequest(
        ("orders",), ("week",), (Condition("country", Operator.IN, ("SA", "KW")),), order_by=(Order("orders"),)
    )


def test_sqlalchemy_reads_the_door_as_it_reads_any_database(door: int, owner: tuple[str, str]) -> None:
    engine = create_engine(f"mysql+pymysql://{owner[0]}:{owner[1]}@127.0.0.1:{door}/tiffin")
    try:
        assert "metrics" in inspect(engine).get_table_names()
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT country, orders FROM metrics WHERE country = :c"), {"c": "KW"}).all()
        assert [row.country for row in rows] == ["KW"]
    finally:
        engine.dispose()


def test_an_open_connection_tells_nothing_more_once_the_grant_is_taken_back(small: Workspace, door: int) -> None:
    with open_context(small.root) as context:
        access.add_account(context, "bianca")
        given = access.grant(context, "bianca", Role.ANALYST, countries=["KW"], terms=access.Terms("tests"))
    with open_context(small.root, user="bianca") as context:
        token = tokens.make_token(context, "bi", days=1)[0]
    connection = connect(door, "bianca", token)
    assert asked(connection, "SELECT orders FROM metrics")[1]

    with open_context(small.root) as context:
        access.revoke(context, given.grant_id)

    with pytest.raises(pymysql.err.MySQLError, match="grant"):
        asked(connection, "SELECT orders FROM metrics")
