"""Files can be seen through a feed without being loaded."""

import hashlib
from pathlib import Path

import pytest

from tiffin.capabilities.facts.service.previewing import preview
from tiffin.kernel.errors import NotFound

REQUESTS = """Request id,Pickup point,Driver id,Status,Request timestamp,Drop timestamp
1,Airport,7,Trip Completed,11.7.16 11:51,11.7.16 13:00
2,City,NA,No Cars Available,13-07-2016 08:33:16,NA
3,City,8,Cancelled,13-07-2016 09:00:00,NA
"""


def test_a_preview_gives_the_rows_of_the_tables_that_were_asked_for_and_the_files_digest(tmp_path: Path) -> None:
    file = tmp_path / "Uber Request Data.csv"
    file.write_text(REQUESTS)

    seen = preview("uber-requests", [tmp_path], ["orders"])

    assert set(seen.tables) == {"orders"}
    rows = sorted(seen.tables["orders"].to_pylist(), key=lambda row: row["order_id"])
    assert [(row["zone_id"], row["status"], row["cancelled_by"]) for row in rows] == [
        ("airport", "delivered", None),
        ("city", "cancelled", "platform"),
        ("city", "cancelled", "rider"),
    ]
    assert [(one.rows, one.sha256) for one in seen.files] == [(3, hashlib.sha256(file.read_bytes()).hexdigest())]
    assert list(tmp_path.iterdir()) == [file]


def test_a_preview_of_a_folder_without_the_feeds_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="reads"):
        preview("uber-requests", [tmp_path], ["orders"])
