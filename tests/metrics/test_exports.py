"""Answers taken away: CSV, Arrow and Parquet hold the same numbers and the same receipt as JSON does."""

import csv
import io
import json
import tracemalloc
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.service.answering import MetricStream
from tiffin.capabilities.metrics.service.exports import RECEIPT_KEY, Format, export, export_of
from tiffin.cli.entry import main
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

REQUEST = MetricRequest(("orders", "late_share"), ("city_id", "slot_at", "category"))


@pytest.fixture(scope="module")
def client(small: Workspace) -> TestClient:
    """The console's API over the small workspace, signed in as its owner."""
    client = TestClient(create_app(small), follow_redirects=False, raise_server_exceptions=False)
    with open_context(small.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    client.get(f"/sign-in/{token}")
    return client


def table_in(parts: bytes, kind: Format) -> pa.Table:
    if kind is Format.ARROW:
        return pa.ipc.open_stream(parts).read_all()
    return pq.read_table(io.BytesIO(parts))


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
@pytest.mark.parametrize("kind", [Format.ARROW, Format.PARQUET])
def test_a_file_holds_the_rows_of_the_answer_in_their_types(
    small: Workspace, entering: Any, kind: Format, engine: str
) -> None:
    with entering(small, engine=engine) as context:
        answer = service.query(context, REQUEST)
        table = table_in(b"".join(export(context, REQUEST, kind).parts), kind)
    assert [tuple(row.values()) for row in table.to_pylist()] == list(answer.rows)
    assert table.schema.types == [pa.string(), pa.timestamp("us", tz="UTC"), pa.string(), pa.int64(), pa.float64()]
    assert table.schema.field("late_share").metadata == {b"tiffin.role": b"metric", b"tiffin.unit": b"share"}
    assert table.schema.field("city_id").metadata == {b"tiffin.role": b"dimension"}


@pytest.mark.parametrize("kind", [Format.ARROW, Format.PARQUET])
def test_the_receipt_travels_within_the_file(small: Workspace, entering: Any, kind: Format) -> None:
    with entering(small) as context:
        answer = service.query(context, REQUEST)
        table = table_in(b"".join(export(context, REQUEST, kind).parts), kind)
    found = json.loads(table.schema.metadata[RECEIPT_KEY])
    assert found["sql_sha256"] == answer.receipt.sql_sha256
    assert found["tables"] == dict(answer.receipt.tables)
    assert found["metrics"]["late_share"]["version"] == 1


def test_csv_reads_back_as_the_answer(small: Workspace, entering: Any) -> None:
    with entering(small) as context:
        answer = service.query(context, REQUEST)
        text = b"".join(export(context, REQUEST, Format.CSV).parts).decode()
    heading, *rows = csv.reader(io.StringIO(text))
    assert heading == ["city_id", "slot_at", "category", "orders", "late_share"]
    assert len(rows) == len(answer.rows)
    assert datetime.fromisoformat(rows[0][1]) == answer.rows[0][1].astimezone(UTC)
    assert [row[4] for row in rows] == ["" if row[4] is None else str(row[4]) for row in answer.rows]


def test_an_answer_without_rows_is_a_file_with_columns(small: Workspace, entering: Any) -> None:
    nothing = MetricRequest(("orders",), ("city_id",), limit=0)
    with entering(small) as context:
        for kind in (Format.ARROW, Format.PARQUET):
            table = table_in(b"".join(export(context, nothing, kind).parts), kind)
            assert (table.column_names, table.num_rows) == (["city_id", "orders"], 0)
        assert b"".join(export(context, nothing, Format.CSV).parts) == b"city_id,orders\r\n"


def test_exports_show_only_what_the_reader_may_see(small: Workspace, entering: Any) -> None:
    request = MetricRequest(("orders",), ("city_id",))
    with entering(small, grants=(Grant(Role.ANALYST, ("KW",), ()),)) as context:
        for kind in Format:
            parts = b"".join(export(context, request, kind).parts)
            assert b"kuwait" in parts
            assert b"riyadh" not in parts
    with entering(small, grants=()) as context, pytest.raises(Forbidden):
        export(context, request, Format.CSV)


def test_what_cannot_be_answered_fails_before_the_first_byte(small: Workspace, entering: Any) -> None:
    with entering(small) as context, pytest.raises(NotFound, match="nothing_at_all"):
        export(context, MetricRequest(("nothing_at_all",)), Format.ARROW)


@pytest.mark.parametrize("kind", list(Format))
def test_a_large_answer_needs_no_more_memory(small: Workspace, entering: Any, kind: Format) -> None:
    """A million rows leave in parts, of which what Python and Arrow hold at once is a small share of the whole."""
    with entering(small) as context:
        answer = service.query(context, MetricRequest(("orders",), ("city_id",)))
        batches = context.warehouse.stream_text("SELECT 'city ' || i AS city_id, i AS orders FROM range(1000000) t(i)")
        held, size, taken = 0, 0, 0
        before = pa.total_allocated_bytes()
        tracemalloc.start()
        for part in export_of(MetricStream(answer.columns, batches, answer.receipt), kind).parts:
            size, taken = size + len(part), taken + 1
            held = max(held, pa.total_allocated_bytes() - before + tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
    assert taken > 10
    assert held < 40_000_000, held
    assert size > 3_000_000


def test_a_stream_reads_on_only_as_it_is_taken(small: Workspace, entering: Any) -> None:
    with entering(small) as context:
        batches = context.warehouse.stream_text("SELECT * FROM range(100000000000)")
        assert sum(batch.num_rows for batch in islice(batches, 2)) > 2


@pytest.mark.parametrize("kind", list(Format))
def test_http_answers_in_the_form_that_is_preferred(client: Any, kind: Format) -> None:
    asked = {"metrics": ["orders"], "by": ["city_id"]}
    media_type = kind.media_type.partition(";")[0]
    posted = client.post("/api/metrics/query", json=asked, headers={"accept": f"{media_type}, */*"})
    linked = client.get("/api/metrics/query", params={"metrics": "orders", "by": "city_id", "format": str(kind)})
    assert json.loads(linked.headers["tiffin-receipt"])["tables"] == {"orders": 0, "cities": 0}
    assert posted.headers["content-type"].startswith(media_type)
    assert linked.headers["content-disposition"] == f'attachment; filename="metrics.{kind}"'
    expected = client.post("/api/metrics/query", json=asked).json()["rows"]
    for answer in (posted, linked):
        if kind is Format.CSV:
            assert len(answer.text.splitlines()) == len(expected) + 1
        else:
            assert [list(row.values()) for row in table_in(answer.content, kind).to_pylist()] == expected


def test_an_address_asks_what_a_body_asks(client: Any) -> None:
    body = {"metrics": ["orders"], "by": ["city_id"], "from": "2026-01-27", "to": "2026-02-01", "order": ["-orders"]}
    posted = client.post("/api/metrics/query", json=body).json()
    linked = client.get("/api/metrics/query", params=body).json()
    assert linked["rows"] == posted["rows"]
    assert linked["receipt"]["sql_sha256"] == posted["receipt"]["sql_sha256"]
    explained = client.get("/api/metrics/explain", params=body).json()
    assert set(explained["sql"]) == {"duckdb", "spark"}
    receipt = client.get("/api/metrics/receipt", params=body).json()["receipt"]
    assert receipt["sql_sha256"] == posted["receipt"]["sql_sha256"]


def test_dimensions_over_http_are_those_that_metrics_share(client: Any) -> None:
    every = {item["name"] for item in client.get("/api/metrics/dimensions").json()["dimensions"]}
    both = client.get("/api/metrics/dimensions", params={"metrics": "orders,refund_share"}).json()["dimensions"]
    shared = {item["name"] for item in both}
    assert {"city_id", "week"} <= shared < every
    assert next(item for item in both if item["name"] == "week")["of"] == "business_date"
    assert client.get("/api/metrics/dimensions", params={"metrics": "nothing"}).status_code == 404


def test_the_interface_is_described_with_examples(client: Any) -> None:
    described = client.get("/api/openapi.json").json()
    query = described["paths"]["/api/metrics/query"]
    assert query["post"]["requestBody"]["content"]["application/json"]["examples"]["evenings"]["value"]["metrics"]
    assert "application/vnd.apache.arrow.stream" in query["get"]["responses"]["200"]["content"]
    assert {parameter["name"] for parameter in query["get"]["parameters"]} >= {"metrics", "by", "from", "format"}
    assert "receipt" in described["components"]["schemas"]["AnswerShape"]["properties"]


def test_a_file_of_the_command_line_says_where_its_numbers_come_from(
    small: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["metrics", "export", "orders,late_share", "--by", "city_id", "--workspace", str(small.root)]
    for kind in Format:
        out = tmp_path / f"answer.{kind}"
        assert main([*asked, "--format", str(kind), "--out", str(out)]) == 0
        assert "4 rows written" in capsys.readouterr().err
        if kind is Format.CSV:
            found = json.loads(out.with_name("answer.csv.receipt.json").read_text(encoding="utf-8"))
            assert len(out.read_text(encoding="utf-8").splitlines()) == 5
        else:
            table = table_in(out.read_bytes(), kind)
            assert table.num_rows == 4
            found = json.loads(table.schema.metadata[RECEIPT_KEY])
        assert found["metrics"]["orders"]["unit"] == "orders"


def test_a_file_may_go_to_standard_output(small: Workspace, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    asked = ["metrics", "export", "orders", "--by", "city_id", "--workspace", str(small.root), "--format", "arrow"]
    assert main(asked) == 0
    assert table_in(capfdbinary.readouterr().out, Format.ARROW).column_names == ["city_id", "orders"]


def test_an_export_that_fails_leaves_the_file_that_was_there(small: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "answer.csv"
    out.write_text("before", encoding="utf-8")
    asked = ["metrics", "export", "nothing", "--workspace", str(small.root), "--out", str(out)]
    assert main(asked) == 4
    assert out.read_text(encoding="utf-8") == "before"
