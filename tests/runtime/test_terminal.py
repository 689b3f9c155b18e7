"""How commands speak: data on standard output, all else on standard error."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from tiffin.kernel.errors import WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.json_text import json_text
from tiffin.runtime.terminal import emit, moment, progress, say, table_of


@dataclass(frozen=True, slots=True)
class Fruit:
    name: str
    at: datetime


def test_json_output_is_one_document_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    emit({"rows": [1]}, as_json=True, human=lambda _: pytest.fail("nobody reads"))

    out, err = capsys.readouterr()
    assert json.loads(out) == {"rows": [1]}
    assert err == ""


def test_every_value_of_a_payload_is_written_for_what_it_is() -> None:
    at = datetime(2026, 2, 20, 10, tzinfo=UTC)
    payload = {
        "fruit": Fruit("تمر", at),
        "day": date(2026, 2, 20),
        "local": datetime(2026, 2, 20, 10),  # noqa: DTZ001 - a local clock time has no zone
        "share": float("nan"),
        "limit": float("inf"),
        "price": Decimal("1.250"),
        "path": Path("/a"),
        "role": Role.ADMIN,
        "count": np.int64(3),
        "mean": np.float64("nan"),
        "many": (1, {2}),
        Role.VIEWER: None,
    }

    text = json_text(payload)

    assert "تمر" in text
    assert json.loads(text) == {
        "fruit": {"name": "تمر", "at": "2026-02-20T10:00:00Z"},
        "day": "2026-02-20",
        "local": "2026-02-20T10:00:00",
        "share": None,
        "limit": None,
        "price": "1.250",
        "path": "/a",
        "role": "admin",
        "count": 3,
        "mean": None,
        "many": [1, [2]],
        "viewer": None,
    }


def test_a_text_is_printed_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    emit({"n": 3}, as_json=False, human=lambda found: f"{found['n']} [bold]orders[/bold]")

    assert capsys.readouterr().out == "3 [bold]orders[/bold]\n"


def test_a_table_keeps_its_cells_whole_in_a_pipe_and_numbers_stand_right(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("[red]x[/red]" + "y" * 90, 5, None), ("z", 12345, 1.5)]

    emit({}, as_json=False, human=lambda _: table_of(["name", "orders", "share"], rows, title="Orders"))

    title, head, first, second = capsys.readouterr().out.splitlines()
    assert title.strip() == "Orders"
    assert first.startswith("[red]x[/red]" + "y" * 90)
    assert first.index("5") == second.index("12345") + 4
    assert head.split() == ["name", "orders", "share"]


def test_an_empty_table_shows_its_head(capsys: pytest.CaptureFixture[str]) -> None:
    emit({}, as_json=False, human=lambda _: table_of(["name"], []))

    assert capsys.readouterr().out.strip() == "name"


def test_what_is_no_data_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    say("working")
    with progress(3, "Loading") as advance:
        advance(3)

    assert capsys.readouterr() == ("", "working\n")


def test_short_work_shows_no_bar_and_long_work_one_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress(3, "Short") as advance:
        advance(1)
    short = capsys.readouterr()
    monkeypatch.setattr("tiffin.runtime.terminal.PROGRESS_AFTER_S", 0.01)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress(3, "Long") as advance:
        time.sleep(0.3)
        advance(2)
        time.sleep(0.3)
    out, err = capsys.readouterr()

    assert "Short" not in short.err
    assert out == ""
    assert "Long" in err


def test_the_moment_is_a_version_an_instant_or_the_present() -> None:
    assert moment(None) is None
    assert moment("12") == 12
    assert moment("2026-02-20T13:00:00+03:00") == datetime(2026, 2, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "2026-02-20T10:00:00", "-1", "2026-02-20"])
def test_a_moment_that_could_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(WrongUse, match="--as-of"):
        moment(text)
