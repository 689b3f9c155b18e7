"""Whoever is shown numbers is on the audit trail: once a page, with assets, days and places, found by each asset."""

import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from tiffin.capabilities.access.domain.auditing import AuditSearch, AuditView
from tiffin.capabilities.access.service import auditing
from tiffin.cli import main
from tiffin.kernel.errors import Unavailable
from tiffin.runtime import audit_gathering
from tiffin.runtime.edge import open_context
from tiffin.runtime.models import AuditEntry

DAY = "2026-03-02"


def seen(root: Path, subject: str = "") -> list[AuditView]:
    with open_context(root) as context:
        return list(auditing.search_audit(context, AuditSearch(action="numbers_seen", subject=subject)))


def test_a_dashboard_leaves_one_entry_however_many_numbers_it_draws(root: Path, browser: TestClient) -> None:
    before = len(seen(root))
    assert browser.get(f"/dashboards/city_operations?city_id=example&first={DAY}&last={DAY}").status_code == 200

    entry, *others = seen(root)
    assert len(others) == before
    named = entry.subject.split(", ")
    assert named[0] == "dashboard:city_operations"
    assert {"metric:orders", "metric:on_time_share"} <= {*named}
    assert len(named) == len({*named})
    assert (entry.outcome, entry.details["page"]) == ("read", "/dashboards/{name}")
    assert entry.details["places"] == ["example"]
    assert entry.details["days"][-1] == DAY


@pytest.mark.parametrize(
    ("path", "asset"),
    [
        (f"/daybooks/example/{DAY}", "report:daybook"),
        (f"/api/daybook/example/{DAY}", "report:daybook"),
        ("/morning/example", "report:city_morning"),
        ("/metrics/orders", "metric:orders"),
        ("/explore?metrics=orders&by=city_id", "metric:orders"),
        (f"/api/metrics/tree/on_time_orders?city=example&from={DAY}&to={DAY}", "metric:on_time_orders"),
    ],
)
def test_every_page_with_numbers_leaves_an_entry_that_its_asset_finds(
    root: Path, browser: TestClient, path: str, asset: str
) -> None:
    before = len(seen(root, asset))

    assert browser.get(path).status_code == 200

    assert len(seen(root, asset)) == before + 1


def test_an_asset_finds_what_names_it_and_not_what_is_named_alike(root: Path, browser: TestClient) -> None:
    browser.get("/explore?metrics=delivered_orders&by=city_id")
    browser.get("/metrics/orders/export.csv")
    with open_context(root) as context:
        found = auditing.search_audit(context, AuditSearch(subject="metric:orders"))
        taken = [one for one in found if one.action == "numbers_taken"]

    assert not [one for one in found if one.subject == "metric:delivered_orders"]
    assert [one.subject for one in taken] == ["orders"]
    assert seen(root, "delivered")


def test_what_shows_no_numbers_is_refused_or_tells_of_itself_leaves_no_entry(root: Path, browser: TestClient) -> None:
    before = len(seen(root))

    for path in ("/help", "/metrics", "/catalog", "/metrics/no_such_metric", "/daybooks/nowhere/2026-03-02"):
        browser.get(path)
    browser.post("/api/metrics/query", json={"metrics": ["orders"]})  # taken, which has an entry of its own
    browser.get("/metrics/orders/export.csv")

    assert len(seen(root)) == before


def test_entries_are_written_though_nobody_looks(
    root: Path, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(seen(root))
    monkeypatch.setattr(audit_gathering, "HELD_S", 0.05)
    browser.get("/metrics/orders")

    counted = select(func.count()).where(AuditEntry.action == "numbers_seen")
    until = time.monotonic() + 5
    while time.monotonic() < until:
        with open_context(root) as context:
            if context.session.scalar(counted) == before + 1:
                break
        time.sleep(0.02)
    else:
        pytest.fail("The entry was not written within its time.")


def test_nothing_is_shown_once_too_much_is_not_accounted_for(
    root: Path, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(root)
    monkeypatch.setattr(audit_gathering, "MOST_HELD", 0)

    answer = browser.get("/metrics/orders")

    assert answer.status_code == Unavailable.http_status
    assert "accounted for" in answer.text
    assert browser.get("/help").status_code == 200


def test_held_entries_are_chained_like_all_others(root: Path, browser: TestClient) -> None:
    for _ in range(3):
        browser.get("/metrics/orders")
    with open_context(root) as context:
        check = auditing.verify_audit(context)

    assert check.fault_count == 0
    assert len(seen(root, "metric:orders")) >= 3


def test_a_command_that_shows_numbers_leaves_an_entry_with_its_own_words_and_no_argument(root: Path) -> None:
    before = len(seen(root, "metric:orders"))

    shown = ["metrics", "query", "orders", "--where", "city_id = 'example'", "--json", "--workspace", str(root)]
    assert main(shown) == 0
    assert main(["metrics", "show", "orders", "--workspace", str(root)]) == 0

    entry, *others = seen(root, "metric:orders")
    assert len(others) == before
    assert (entry.details["page"], entry.details["places"]) == ("tiffin metrics query", ["example"])


def test_a_published_number_is_accounted_for_wherever_its_value_is_shown(root: Path, browser: TestClient) -> None:
    publish = ["metrics", "publish", "orders", "--by", "city_id", "--as", "Board", "--json", "--workspace", str(root)]
    assert main(publish) == 0
    for path in ("/metrics/published", "/api/metrics/published", "/metrics/published/{}", "/api/metrics/published/{}"):
        reference = next(iter(browser.get("/api/metrics/published").json()["published"]))["reference"]
        before = len(seen(root, f"published:{reference}"))

        assert browser.get(path.format(reference)).status_code == 200

        assert len(seen(root, f"published:{reference}")) == before + 1, path
