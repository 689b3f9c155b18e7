"""The public log of fines is read whole and folded as cases; it lacks the stay that our own appeals have."""

from pathlib import Path

import pytest

from tiffin.capabilities.liability.domain.fines import AS_IT_IS, WITH_STAY, Logged, conformance
from tiffin.capabilities.liability.domain.fines_report import report_of
from tiffin.capabilities.liability.service.fines import fines_report, read_fines
from tiffin.engines.cases.checking import faults_of
from tiffin.kernel.errors import InvalidData, NotFound


@pytest.fixture(scope="session")
def log(real_data: Path) -> Path:
    return real_data / "traffic_fines" / "traffic_fines_full.csv.gz"


def test_both_declarations_are_sound() -> None:
    assert faults_of(AS_IT_IS) == ()
    assert faults_of(WITH_STAY) == ()


def test_what_the_log_says_of_appeals_is_found_in_the_whole_of_it(log: Path) -> None:
    report = report_of(read_fines(log).values())

    assert report.surcharged == report.surcharged_on_day == 79_860
    assert report.outcomes["prefecture", "dismissed"] == 1_971
    assert report.outcomes["prefecture", "not dismissed"] == 1_982
    assert (report.surcharged_while_open, report.open_at_surcharge) == (3_448, 3_461)
    assert round(report.share_surcharged_while_open, 3) == 0.996
    assert (report.own_surcharged_while_open, report.own_appeals) == (0, 4_188)


def test_some_thousand_fines_conform_to_the_process_and_miss_only_its_stay(log: Path) -> None:
    histories: list[tuple[Logged, ...]] = list(read_fines(log, most=15_000).values())

    as_it_is, with_stay = conformance(AS_IT_IS, histories), conformance(WITH_STAY, histories)

    assert as_it_is.conforming / as_it_is.cases > 0.995
    missing = {state for state, action in with_stay.deviations if action == "surcharge"}
    assert "appealed" in missing
    assert not any(action == "surcharge" for _, action in as_it_is.deviations)
    assert with_stay.conforming < as_it_is.conforming


@pytest.mark.full
def test_the_whole_log_is_folded_by_the_engine(log: Path) -> None:
    found = fines_report(log)["conformance"]["traffic_fine"]

    assert (found["cases"], found["events"], found["conforming"]) == (150_370, 561_470, 150_190)


@pytest.mark.parametrize("text", ["case,activity,time\n", "case,activity,time,dismissal\nA1,Fly,2020-01-01,\n"])
def test_another_file_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "log.csv"
    file.write_text(text)

    with pytest.raises(InvalidData, match=r"no column dismissal|line 2"):
        read_fines(file)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no file"):
        read_fines(tmp_path / "log.csv")
