"""What a check of the machine or the workspace finds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tiffin.kernel.errors import TiffinError


class Health(StrEnum):
    """How a checked part is; ``warn`` works, but not all of it or not for long."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One checked part: how it is, what was found, and what to do where something is wrong."""

    part: str
    health: Health
    found: str
    mend: str = ""


Check = Callable[[], Finding]


def findings_of(checks: Iterable[tuple[str, Check]]) -> Iterator[Finding]:
    """Run checks one after another; one that fails in any way is a finding and stops none of the others."""
    for part, check in checks:
        try:
            yield check()
        except TiffinError as error:
            yield Finding(part, Health.FAIL, str(error))
        except Exception as error:  # noqa: BLE001 - a broken part may fail in any way, and that is what is asked
            yield Finding(part, Health.FAIL, f"{type(error).__name__}: {error}", "Report it with this line.")
