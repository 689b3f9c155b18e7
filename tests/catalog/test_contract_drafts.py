"""From somebody else's contract to one that facts can be loaded under."""

from pathlib import Path

import pytest

from tiffin.capabilities.catalog.service.contracts_drafts import drafts_of
from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.contracts.form import import_contract, import_file
from tiffin.runtime.contracts.reading import read_contract

FOREIGN = """
apiVersion: v3.1.0
kind: DataContract
id: x
version: 1.0.0
status: active
slaProperties: [{property: retention, value: 3, unit: y}]
team: {name: payments}
schema:
  - name: TripLog
    dataGranularityDescription: one trip
    properties:
      - {name: tripId, logicalType: string, primaryKey: true, logicalTypeOptions: {maxLength: 9, minLength: 9}}
      - {name: startTime, logicalType: time, classification: restricted}
      - {name: fare, logicalType: number, logicalTypeOptions: {minimum: 0, multipleOf: 5}, classification: C4}
      - name: status
        logicalType: string
        required: true
        quality:
          - {metric: invalidValues, mustBe: 0, arguments: {validValues: [a, b]}}
          - {metric: nullValues, mustBeLessThan: 3}
      - {name: stops, logicalType: array, items: {logicalType: string}}
      - {name: from, logicalType: object, properties: [{name: lat, logicalType: number}]}
      - {name: rider, logicalType: string, relationships: [{to: riders.id}]}
    quality: [{type: text, description: Good.}]
"""


def loaded(text: str, folder: Path) -> TableContract:
    (folder / "draft.yaml").write_text(text, encoding="utf-8")
    return read_contract(folder / "draft.yaml")


def test_a_foreign_contract_becomes_one_that_the_loader_reads(tmp_path: Path) -> None:
    (draft,) = drafts_of(import_contract(FOREIGN, "foreign"))
    table = loaded(draft.text, tmp_path)

    assert table.name == "trip_log"
    assert table.key == ("trip_id",)
    assert table.retention_months == 36
    assert [(one.name, one.type.value) for one in table.columns] == [
        ("trip_id", "string"),
        ("start_time", "string"),
        ("fare", "number"),
        ("status", "string"),
        ("stops", "string"),
        ("from_lat", "number"),
        ("rider", "string"),
    ]
    assert table.column("status").values == ("a", "b")
    assert (table.column("trip_id").max_length, table.column("fare").minimum) == (9, 0)
    assert table.column("start_time").classification.value == "confidential"


def test_whatever_is_not_taken_over_is_told() -> None:
    (draft,) = drafts_of(import_contract(FOREIGN, "foreign"))
    told = {path: str(why) for path, why in draft.told}

    assert "type array is read as text" in told["TripLog.stops"]
    assert "not taken over" in told["TripLog.fare"] or "class C4" in told["TripLog.fare"]
    assert "refers to" in told["TripLog.rider"]
    assert "nullValues" in told["TripLog.status"]
    assert "columns of their own" in told["TripLog.from"]


def test_every_table_of_every_published_example_can_be_drafted(shared: Path, tmp_path: Path) -> None:
    drafted = 0
    for path in sorted((shared / "peers" / "odcs" / "examples").rglob("*.yaml")):
        contract = import_file(path)
        if any(table.properties for table in contract.schema or ()):
            for draft in drafts_of(contract)[:2]:
                assert loaded(draft.text, tmp_path).columns
                drafted += 1
    assert drafted >= 14


def test_a_contract_without_tables_is_refused(shared: Path) -> None:
    path = shared / "peers" / "odcs" / "examples" / "sla" / "database-table-sla.odcs.yaml"
    with pytest.raises(InvalidDefinition, match="no table with columns"):
        drafts_of(import_file(path))
