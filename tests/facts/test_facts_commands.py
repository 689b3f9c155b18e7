# ruff: noqa: ANN001, ANN201 - the fixtures' types live in conftest.py, which tests cannot import
"""The commands of facts."""

import json

import pytest

from tiffin.capabilities.facts.service import adding_up
from tiffin.cli.entry import run
from tiffin.kernel.errors import Unavailable
from tiffin.runtime.settings import settings

GOOD = "number,placed,state,total,items\na1,2026-02-20 21:30,done,1,1\na2,never,done,1,1\n"


@pytest.fixture
def command(shop, capsys: pytest.CaptureFixture[str]):
    """Runs a command in the workspace; gives exit code, standard output and standard error."""

    def call(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run([*map(str, words), "--workspace", str(shop.root)])
        return code, *capsys.readouterr()

    return call


def test_load_prints_stable_keys(command, shop) -> None:
    code, out, _ = command("load", "shop", shop.file(GOOD), "--json")

    report = json.loads(out)
    assert code == 0
    assert {key: report[key] for key in ("feed", "table", "read", "loaded", "collapsed", "unchanged", "version")} == {
        "feed": "shop", "table": "orders", "read": 2, "loaded": 1, "collapsed": 0, "unchanged": False, "version": 0,
    }  # fmt: skip
    assert report["quarantined"] == [
        {"rule": "unreadable:placed", "reason": report["quarantined"][0]["reason"], "count": 1}
    ]
    assert json.loads(command("load", "shop", shop.file(GOOD), "--json")[1])["unchanged"]


def test_the_first_load_of_many_rows_adds_them_up_and_later_ones_keep_that_up(
    command, shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def states() -> set[tuple[str, bool]]:
        found = json.loads(command("metrics", "rollups", "list", "--json")[1])["rollups"]
        return {(one["source"], one["stands_for"] == one["facts_version"]) for one in found}

    more = "".join(f"b{index},2026-02-20 21:30,done,1,1\n" for index in range(8))
    assert "Adding up" not in command("load", "shop", shop.file(GOOD))[2]
    assert states() == set()
    monkeypatch.setattr(adding_up, "MANY_ROWS", 5)
    code, _, err = command("load", "shop", shop.file(GOOD + more))
    assert (code, states()) == (0, {("orders", True)})
    assert "Adding up the facts for quick answers" in err
    assert "Adding up" not in command("load", "shop", shop.file(GOOD + more.replace("b", "c")))[2]
    assert states() == {("orders", True)}


def test_a_load_stands_where_there_is_no_room_for_rollups(command, shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise Unavailable("no room")

    monkeypatch.setattr(adding_up, "MANY_ROWS", 1)
    monkeypatch.setattr(adding_up, "add_up", full)
    code, out, err = command("load", "shop", shop.file(GOOD), "--json")
    assert code == 0
    assert json.loads(out)["loaded"] == 1
    assert "no room" in err


def test_load_tells_a_person_the_counts_and_the_reasons(command, shop) -> None:
    shop.changed(
        ("    columns:\n      number", "    sha256: {abc: another}\n    columns:\n      number"),
        ("      items: {type: integer}", "      items: {type: integer, unreadable: drop}"),
    )
    path = shop.file(GOOD + "a3,2026-02-20 21:30,done,1,many\n")

    code, out, err = command("load", "shop", path)

    assert code == 0
    assert "1 row quarantined by unreadable:placed" in out
    assert "1 value taken out by unreadable:items" in out
    assert "is not one of the files" in err
    assert "no table changed" in command("load", "shop", path)[1]


@pytest.mark.parametrize(
    ("words", "code"), [(("load", "shop", "/absent"), 4), (("load", "shap", "/absent"), 4), (("facts", "show", "x"), 4)]
)
def test_what_is_not_there_ends_with_four_and_a_sentence(command, words: tuple[str, ...], code: int) -> None:
    found, out, err = command(*words)

    assert (found, out) == (code, "")
    assert err.count("\n") == 1


def test_a_broken_feed_or_file_ends_with_three(command, shop) -> None:
    assert command("load", "shop", shop.file("x\n"))[0] == 3
    shop.changed(("type: decimal", "type: decimel"))
    assert command("feeds", "check", "shop")[0] == 3


def test_feeds_are_listed_shown_and_checked(command) -> None:
    assert len(json.loads(command("feeds", "list", "--json")[1])["feeds"]) == 8
    assert "wolt-2020" in command("feeds", "list")[1]
    assert "woltapp" in command("feeds", "show", "wolt-2020")[1]
    assert json.loads(command("feeds", "show", "shop", "--json")[1])["feed"]["name"] == "shop"
    assert json.loads(command("feeds", "check", "shop", "--json")[1]) == {"checked": ["shop"]}
    assert "shop" in command("feeds", "check", "shop")[1]


def test_facts_are_listed_shown_and_their_quarantine_too(command, shop) -> None:
    shop.load(shop.file(GOOD))

    tables = {table["name"]: table for table in json.loads(command("facts", "tables", "--json")[1])["tables"]}
    assert (tables["orders"]["rows"], tables["orders"]["quarantined"]) == (1, 1)
    assert "orders" in command("facts", "tables")[1]
    assert json.loads(command("facts", "show", "orders", "--json")[1])["table"]["history"][0]["counts"]["inserted"] == 1
    assert "placed_at" in command("facts", "show", "orders")[1]
    assert json.loads(command("facts", "loads", "--json")[1])["loads"][0]["read"] == 2
    assert "shop" in command("facts", "loads")[1]
    page = json.loads(command("facts", "quarantine", "orders", "--json")[1])
    assert (page["total"], page["rows"][0]["line"], page["rows"][0]["row"]["placed"]) == (1, 3, "never")
    assert "never" in command("facts", "quarantine", "orders")[1]
    assert json.loads(command("facts", "quarantine", "orders", "--rule", "x", "--json")[1])["total"] == 0
    assert json.loads(command("facts", "quarantine", "refunds", "--json")[1])["rules"] == []


def test_what_a_person_reads_is_in_his_language(command, shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIFFIN_LOCALE", "pt_BR")
    settings.cache_clear()
    try:
        assert "Lidas" in command("load", "shop", shop.file(GOOD))[1]
    finally:
        monkeypatch.undo()
        settings.cache_clear()
