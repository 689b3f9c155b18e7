# ruff: noqa: ANN001 - the fixtures' types live in conftest.py, which tests cannot import
"""Feed files: what is wrong with one is told with file, line and fix before anything is read."""

import pytest

from tiffin.capabilities.facts import service
from tiffin.kernel.errors import InvalidDefinition, NotFound


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ([("title:", "titel:")], r"line \d+: a feed needs the key `title`|has no key `titel`"),
        ([("description:", "descripton: x\ndescription:")], "has no key `descripton`. Did you mean `description`"),
        ([("type: decimal", "type: decimel")], "Did you mean 'decimal'"),
        ([("format: csv", "format: cvs")], "Did you mean 'csv'"),
        ([("format: csv", 'format: csv\n    separator: ";;"')], "should be one character"),
        ([("format: csv", "format: csv\n    encoding: klingon")], "should be one that Python knows"),
        ([("timezone: Asia/Riyadh", "timezone: Asia/Riad")], "should be an IANA time zone"),
        ([("time_zone: UTC", "time_zone: [UTC]")], "should be a text; a list was found"),
        ([("table: orders", "table: order")], "there is no fact table 'order'"),
        ([("item_count: items", "item_cuont: items")], "Did you mean `item_count`"),
        ([("      status: lookup(state, states)\n", "")], "orders needs status"),
        ([("from: orders", "from: order")], "reads \\['order'\\]"),
        ([("main: true", "main: false")], "exactly one table"),
        ([("main: true", "main: perhaps")], "true or false"),
        ([("item_count: items", "item_count: item")], "did you mean 'items'"),
        ([("item_count: items", "item_count: number")], "takes a integer, and 'number' is a varchar"),
        ([("item_count: items", "item_count: items + number")], "does not work"),
        ([("placed_at: placed", "placed_at: items")], "takes a timestamp"),
        ([("status: lookup(state, states)", "status: lookup(state, state)")], "no list 'state'"),
        ([("      number: {}", "      Number: {}")], "lower-case letters"),
        ([("      number: {}", "      line: {}")], "not file, folder or line"),
        ([("    map:\n      city_id", "    grain: [number]\n    map:\n      city_id")], "the grain|does not work"),
        ([("    map:\n      city_id", "    where: number = 1 and\n    map:\n      city_id")], "not an expression"),
        ([("    map:\n      city_id", "    partners: {stores: {}}\n    map:\n      city_id")], "reads .*stores"),
        ([("    map:\n      city_id", "    partners: {orders: {x: x}}\n    map:\n      city_id")], "no column 'x'"),
        ([("files:\n", "files: []\nfiles2:\n")], "should be a mapping"),
        ([("tables:\n  - table", "tables:\n  table")], "list|YAML"),
        ([("lookups:", "cities2: []\nlookups:")], "has no key `cities2`. Did you mean `cities`"),
        ([("city_id: riyadh", "city_id: [riyadh]")], "should be a text"),
        ([("cutoff_min: 240", "cutoff_min: four")], "should be a number"),
    ],
)  # fmt: skip
def test_a_broken_feed_fails_before_loading_naming_file_line_and_fix(shop, changes, complaint: str) -> None:
    path = shop.changed(*changes)

    with pytest.raises(InvalidDefinition, match=complaint) as failure:
        shop.load(shop.file("number,placed,state,total,items\na1,2026-02-20 21:30,done,1,1\n"))

    assert str(path) in str(failure.value)
    assert "line" in str(failure.value) or "YAML" in str(failure.value)
    assert shop.versions() == {}


def test_every_feed_of_the_gallery_compiles(shop) -> None:
    with shop.context() as context:
        checked = [feed.name for feed in service.check_feeds(context)]

    assert set(checked) == {
        "bolt-hourly",
        "doordash-eta",
        "doordash-ops",
        "grubhub-mdrp",
        "instacart-issues",
        "shop",
        "uber-requests",
        "wolt-2020",
    }


def test_every_feed_of_the_gallery_says_where_its_files_come_from(shop) -> None:
    with shop.context() as context:
        feeds = [feed for feed in service.list_feeds(context) if feed.name != "shop"]

    assert all(
        feed.origin.publisher and feed.origin.obtain and feed.origin.licence and feed.origin.notes for feed in feeds
    )
    assert all(len(digest) == 64 for feed in feeds for kind in feed.files for digest in kind.known)


def test_a_workspace_s_feed_replaces_the_gallery_s(shop) -> None:
    shop.feed(
        (shop.root / "feeds" / "shop.yaml").read_text().replace("feed: shop", "feed: wolt-2020"), name="wolt-2020"
    )

    with shop.context() as context:
        assert service.find_feed(context, "wolt-2020").title == "Orders of a small shop"


def test_a_feed_that_does_not_exist_names_its_like(shop) -> None:
    with shop.context() as context, pytest.raises(NotFound, match="Did you mean 'wolt-2020'"):
        service.find_feed(context, "wolt-2021")


def test_the_file_of_a_feed_bears_its_name(shop) -> None:
    shop.feed((shop.root / "feeds" / "shop.yaml").read_text(), name="other")

    with shop.context() as context, pytest.raises(InvalidDefinition, match="named as the feed"):
        service.find_feed(context, "other")
