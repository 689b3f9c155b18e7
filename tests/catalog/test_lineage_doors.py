"""Lineage, impact and duplicates in the console and at the command line, in the reader's language and grants."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from tiffin.capabilities.catalog.cli import register
from tiffin.capabilities.catalog.service.lineage_duplicates import duplicates
from tiffin.kernel.errors import Forbidden, WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.workspace import Workspace

Reader = Callable[..., TestClient]
TILE = "/catalog/lineage/tile/city_operations/late_share"


def boxes_of(page: str) -> dict[str, float]:
    """Give where the drawing's boxes lead, with how far from the left each stands."""
    found = re.findall(r'<a href="([^"]*)" class="node-link">.*?<rect x="([^"]*)"', page)
    return {href.replace("&amp;", "&"): float(left) for href, left in found}


def listed_on(page: str) -> set[str]:
    return set(re.findall(r'<li><a href="([^"]*)"', page))


def told(workspace: Path, *arguments: str) -> Any:
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, ["catalog", *arguments, "--workspace", str(workspace), "--json"])
    if result.exception:
        raise result.exception
    return json.loads(result.stdout)


def test_each_box_of_the_drawing_leads_on_and_the_list_says_the_same(reader_of: Reader) -> None:
    page = reader_of().get(TILE).text
    boxes, listed = boxes_of(page), listed_on(page)
    for href in ("/catalog/lineage/metric/late_share", "/catalog/lineage/dashboard/city_operations"):
        assert href in boxes
        assert href in listed
    assert 'role="group"' in page
    assert any("feed_column/wolt-2020/TIMESTAMP" in href for href in listed)


def test_in_arabic_the_drawing_is_mirrored(reader_of: Reader) -> None:
    client = reader_of()
    reading = boxes_of(client.get(TILE).text)
    client.cookies.set("tiffin_locale", "ar")
    page = client.get(TILE).text
    mirrored = boxes_of(page)
    metric, dashboard = "/catalog/lineage/metric/late_share", "/catalog/lineage/dashboard/city_operations"
    assert reading[metric] < reading[dashboard]
    assert mirrored[metric] > mirrored[dashboard]
    assert "تسلسل" in page


def test_a_folded_kind_opens_box_by_box(reader_of: Reader) -> None:
    client = reader_of()
    opening = next(href for href in boxes_of(client.get(TILE).text) if href.endswith("open=column"))
    assert "/catalog/lineage/column/orders.promised_at" in boxes_of(client.get(opening).text)


def test_the_part_for_another_page_is_no_page_of_its_own(reader_of: Reader) -> None:
    part = reader_of().get("/catalog/lineage-of/metric/late_share").text
    assert 'id="lineage"' in part
    assert "<html" not in part


def test_lineage_goes_as_a_file_with_its_impact(reader_of: Reader) -> None:
    client = reader_of()
    whole = client.get("/catalog/lineage/column/orders.promised_at?as=json").json()
    assert "metric:late_share" in whole["impact"]["certified"]
    rows = list(csv.DictReader(io.StringIO(client.get("/catalog/lineage/metric/late_share?way=up&as=csv").text)))
    assert {row["direction"] for row in rows} == {"up"}
    assert "orders.promised_at" in {row["name"] for row in rows if row["kind"] == "column"}


@pytest.mark.parametrize("path", ["kpi/late_share", "metric/late_shares"])
def test_an_asset_that_is_not_there_is_not_found(reader_of: Reader, path: str) -> None:
    assert reader_of().get(f"/catalog/lineage/{path}").status_code == 404


def test_the_command_line_tells_both_directions_or_one(loaded: Path) -> None:
    both = told(loaded, "lineage", "metric:late_share")
    assert both["up"]
    assert both["down"]
    assert told(loaded, "lineage", "metric:late_share", "--up")["down"] == []
    with pytest.raises(WrongUse, match="exclude"):
        told(loaded, "lineage", "metric:late_share", "--up", "--down")


def test_the_command_line_tells_an_impact_and_every_trace(loaded: Path) -> None:
    found = told(loaded, "impact", "table:orders")
    assert found["count"] == sum(len(kind) for kind in found["touched"].values())
    assert next(iter(found["touched"])) == "metric"
    traces = told(loaded, "traces")
    assert traces["traced"] == traces["assets"] > traces["wholly"] > 0


def test_a_metric_under_another_name_is_told_on_the_page(empty: Workspace) -> None:
    words = "{en: Twin, ar: توأم, zh_Hans: 孪生, zh_Hant: 孿生, pt_BR: Gêmea}"
    text = f"""\
metrics:
  twin:
    label: {words}
    meaning: {words}
    unit: orders
    direction: up
    level: team
    owner: me
    tier: draft
    kind: simple
    source: orders
    aggregate: count
    where: not (status <> 'delivered')
    version: 1
    since: 2026-01-01
    example: {{rows: {{orders: [{{status: delivered}}]}}, gives: 1}}
"""
    (empty.overlay("metrics") / "twin.yaml").write_text(text, encoding="utf-8")
    assert {"metric": "delivered_orders", "other": "twin"} in told(empty.root, "duplicates")["metrics"]


def test_tables_are_compared_for_stewards_of_everywhere_only(seeing: Callable[..., Any], reader_of: Reader) -> None:
    with seeing("vic", Role.VIEWER, countries=("SA",)) as context:
        assert not duplicates(context).compares_tables
    with seeing("nobody", None) as context, pytest.raises(Forbidden):
        duplicates(context)
    with seeing() as context:
        assert duplicates(context).compares_tables
    assert reader_of().get("/catalog/duplicates").status_code == 200


def test_lists_tell_titles_in_the_reader_s_language_with_the_name_beside(reader_of: Reader) -> None:
    client = reader_of()
    page = client.get("/catalog/lineage/metric/late_share").text
    client.cookies.set("tiffin_locale", "pt_BR")
    other = client.get("/catalog/lineage/metric/late_share").text

    assert "<bdi>Late share by zone · A city&#39;s operations</bdi></a>" in page
    assert '<code class="muted" dir="ltr">city_operations/late_share</code>' in page
    assert "Late share by zone" not in other
    assert '<code class="muted" dir="ltr">city_operations/late_share</code>' in other
