"""What other systems write about themselves, read without trust."""

import json
import zipfile
from pathlib import Path

import psycopg
import pytest

from tiffin.kernel.errors import InvalidData, NotFound, TiffinError, Unavailable, WrongUse
from tiffin.runtime import outside


def test_documents_of_a_folder_and_of_an_archive_are_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "charts").mkdir(parents=True)
    (folder / "charts" / "one.yaml").write_text("slice_name: متأخر\n", encoding="utf-8")
    (folder / "manifest.json").write_text('{"nodes": {}}', encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for path in sorted(folder.rglob("*.*")):
            archive.write(path, path.relative_to(folder))

    assert outside.documents(folder) == {"charts/one.yaml": {"slice_name": "متأخر"}, "manifest.json": {"nodes": {}}}
    assert outside.documents(tmp_path / "export.zip") == outside.documents(folder)


def test_records_come_from_csv_and_from_json_lines(tmp_path: Path) -> None:
    rows = [{"sql": "select 1,\n2", "user": "nora"}, {"sql": "select 2", "user": "omar"}]
    (tmp_path / "log.csv").write_text('sql,user\n"select 1,\n2",nora\nselect 2,omar\n', encoding="utf-8-sig")
    (tmp_path / "log.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")

    assert list(outside.records(tmp_path / "log.csv")) == rows
    assert list(outside.records(tmp_path / "log.jsonl")) == rows


@pytest.mark.parametrize(("name", "content"), [("a.json", "{"), ("a.yaml", "a: &x 1\nb: *x\n"), ("a.txt", "a")])
def test_what_is_no_document_is_refused(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(TiffinError, match=r"read|expected"):
        outside.documents(tmp_path / name)


def test_a_broken_line_is_told_with_its_number(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text('{"sql": "select 1"}\n[1]\n', encoding="utf-8")
    with pytest.raises(InvalidData, match="line 2"):
        list(outside.records(tmp_path / "log.jsonl"))
    with pytest.raises(NotFound):
        list(outside.records(tmp_path / "nowhere.csv"))


@pytest.mark.postgres
def test_a_live_database_tells_its_tables_comments_and_permissions(postgres: object) -> None:
    url = postgres.new_database()  # type: ignore[attr-defined]
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE orders (order_id text PRIMARY KEY, total_minor bigint)")
        connection.execute("COMMENT ON TABLE orders IS 'one row an order'")
        connection.execute("COMMENT ON COLUMN orders.total_minor IS 'in minor units'")
        connection.execute("CREATE VIEW late AS SELECT order_id FROM orders")
        connection.execute("GRANT SELECT ON orders TO PUBLIC")

    columns, privileges = outside.database_schema(url)

    told = {(row["table_name"], row["column_name"]): row for row in columns}
    assert set(told) == {("orders", "order_id"), ("orders", "total_minor"), ("late", "order_id")}
    assert told["orders", "total_minor"]["table_comment"] == "one row an order"
    assert told["orders", "total_minor"]["column_comment"] == "in minor units"
    assert told["late", "order_id"]["table_type"] == "VIEW"
    wanted = {"table_schema": "public", "table_name": "orders", "grantee": "PUBLIC", "privilege_type": "SELECT"}
    assert wanted in privileges


def test_an_address_that_does_not_answer_is_told_without_its_password() -> None:
    with pytest.raises(Unavailable) as told:
        outside.database_schema("postgresql://reader:secret@127.0.0.1:1/nothing")
    assert "secret" not in str(told.value)
    with pytest.raises(WrongUse):
        outside.database_schema("sqlite:///x.db")
    with pytest.raises(WrongUse):
        outside.database_schema("nonsense")
