import pytest

from tiffin.kernel import errors
from tiffin.kernel.errors import Place, TiffinError


@pytest.mark.parametrize(
    ("name", "exit_code", "status"),
    [
        ("FailedCheck", 1, 422),
        ("WrongUse", 2, 400),
        ("InvalidDefinition", 3, 422),
        ("InvalidData", 3, 422),
        ("NotFound", 4, 404),
        ("Conflict", 1, 409),
        ("Forbidden", 5, 403),
        ("Infeasible", 6, 422),
        ("Unavailable", 7, 503),
    ],
)
def test_each_kind_of_failure_has_its_exit_code_and_status(name: str, exit_code: int, status: int) -> None:
    kind: type[TiffinError] = getattr(errors, name)

    assert (kind.exit_code, kind.http_status) == (exit_code, status)
    assert issubclass(kind, TiffinError)


def test_a_place_reads_as_file_and_line() -> None:
    assert str(Place("feeds/a.yaml", 7)) == "feeds/a.yaml, line 7"
    assert str(Place("feeds/a.yaml")) == "feeds/a.yaml"
