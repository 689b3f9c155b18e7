"""``tiffin users`` and ``tiffin audit``."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

Tiffin = Callable[..., Any]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Hand a command its standard input from a pipe."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def account(ended: Any) -> dict[str, Any]:
    found: dict[str, Any] = ended.json()["account"]
    return found


@pytest.mark.usefixtures("workspace")
def test_an_account_is_added_granted_and_listed(tiffin: Tiffin) -> None:
    added = account(tiffin("users", "add", "Nora", "--locale", "ar", "--json"))
    until = ("--until", f"{datetime.now(UTC) + timedelta(days=90):%Y-%m-%d}")
    granted = account(
        tiffin(
            "users",
            "grant",
            "nora",
            "analyst",
            "--purpose",
            "tests",
            "--country",
            "SA",
            "--country",
            "AE",
            *until,
            "--json",
        )
    )
    listed = tiffin("users", "list", "--json").json()["accounts"]

    assert (added["name"], added["locale"], added["grants"], added["has_password"]) == ("nora", "ar", [], False)
    assert granted["grants"][0]["countries"] == ["AE", "SA"]
    assert granted["grants"][0]["expires_at"].startswith(f"{until[1]}T23:59:59")
    assert [found["name"] for found in listed if not found["is_owner"]] == ["nora"]


@pytest.mark.usefixtures("workspace")
def test_people_read_tables(tiffin: Tiffin) -> None:
    tiffin("users", "add", "nora")
    tiffin("users", "grant", "nora", "viewer", "--purpose", "tests", "--city", "riyadh")
    tiffin("users", "disable", "nora")

    listed, trail = tiffin("users", "list").out, tiffin("audit").out

    assert "viewer, riyadh (in force)" in listed
    assert "disabled" in listed
    assert "owner" in listed
    assert trail.index("account_disabled") < trail.index("account_added")


@pytest.mark.usefixtures("workspace")
def test_a_grant_is_revoked_by_its_number(tiffin: Tiffin) -> None:
    tiffin("users", "add", "nora")
    number = account(tiffin("users", "grant", "nora", "viewer", "--purpose", "tests", "--country", "SA", "--json"))[
        "grants"
    ][0]["grant_id"]

    told = tiffin("users", "revoke", number)

    assert told.out == f"{number}: revoked\n"
    assert tiffin("users", "revoke", 999).code == 4


@pytest.mark.usefixtures("workspace")
def test_a_password_comes_from_a_pipe_and_is_never_shown(tiffin: Tiffin, typed: Callable[[str], None]) -> None:
    typed("correct horse battery\n")
    added = tiffin("users", "add", "nora", "--password", "--json")
    typed("another long password\n")
    changed = tiffin("users", "password", "nora", "--json")
    typed("short\n")
    refused = tiffin("users", "password", "nora")

    assert account(added)["has_password"]
    assert "horse" not in added.out + added.err + changed.out + changed.err
    assert refused.code == 3
    assert "12 to 512 characters" in refused.err


@pytest.mark.usefixtures("workspace")
def test_a_password_is_asked_for_twice_on_a_terminal(tiffin: Tiffin, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def prompt(_text: str, **options: Any) -> str:
        asked.append(options)
        return "correct horse battery"

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", prompt)

    assert tiffin("users", "add", "nora", "--password").code == 0
    assert asked == [{"hide_input": True, "confirmation_prompt": True, "err": True}]


@pytest.mark.usefixtures("workspace")
def test_a_link_is_printed_for_the_console(tiffin: Tiffin) -> None:
    tiffin("users", "add", "nora")

    link = tiffin("users", "link", "nora", "--address", "https://tiffin.example")

    assert link.out.startswith("https://tiffin.example/sign-in/")
    assert tiffin("users", "link", "eve").code == 4


@pytest.mark.usefixtures("workspace")
def test_disabling_and_enabling(tiffin: Tiffin) -> None:
    tiffin("users", "add", "nora")

    assert account(tiffin("users", "disable", "nora", "--json"))["is_disabled"]
    assert tiffin("users", "list", "--user", "nora").code == 5
    assert not account(tiffin("users", "enable", "nora", "--json"))["is_disabled"]


@pytest.mark.usefixtures("workspace")
def test_the_trail_is_narrowed_by_who_and_what(tiffin: Tiffin) -> None:
    tiffin("users", "add", "nora")
    tiffin("users", "list", "--user", "nora")

    refused = tiffin("audit", "--actor", "nora", "--json").json()["entries"]
    added = tiffin("audit", "--action", "account_added", "--json").json()["entries"]
    none = tiffin("audit", "--action", "account_added", "--before", added[0]["entry_id"], "--json").json()

    assert [entry["outcome"] for entry in refused] == ["refused"]
    assert [entry["subject"] for entry in added] == ["nora"]
    assert none == {"entries": []}


@pytest.mark.usefixtures("workspace")
def test_a_last_day_that_is_no_date_is_wrong_use(tiffin: Tiffin) -> None:
    tiffin("users", "add", "nora")

    assert (
        tiffin("users", "grant", "nora", "viewer", "--purpose", "tests", "--country", "SA", "--until", "soon").code == 2
    )


def test_headings_are_in_the_language_of_the_environment(
    tiffin: Tiffin, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIFFIN_LOCALE", "pt_BR")

    assert "Concessões" in tiffin("users", "list", "--workspace", workspace).out
    assert json.loads(tiffin("users", "list", "--json").out)["accounts"]
