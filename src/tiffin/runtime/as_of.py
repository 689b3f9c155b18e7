"""As of when the fact tables are read: the present, an instant, a version, or exactly what a receipt states."""

from collections.abc import Mapping
from datetime import UTC, datetime

from tiffin.kernel.errors import WrongUse

AsOf = int | datetime | Mapping[str, int | None] | None
"""None for the newest; a version; an instant; or the version of each table by name.

With a mapping, None says that a table was not there yet; a table that is not named stands at its newest.
"""


def read_as_of(text: str | None) -> AsOf:
    """Read what people write: ``3``, ``2026-02-20T10:00:00Z``, or ``orders=3,cities=1``.

    Raises
    ------
    WrongUse
        It is none of them.

    Examples
    --------
    >>> read_as_of("orders=3, refunds=-")
    {'orders': 3, 'refunds': None}
    """
    if text is None or text.isdecimal():
        return None if text is None else int(text)
    if "=" in text:
        return dict(_pair(part) for part in text.split(",") if part.strip())
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = datetime.min  # noqa: DTZ901 - refused just below, for having no zone
    if instant.tzinfo is None:
        raise WrongUse(
            "--as-of takes a version number, an instant with its time zone such as 2026-02-20T10:00:00Z, or versions "
            f"of tables such as orders=3,cities=1; found {text!r}."
        )
    return instant.astimezone(UTC)


def _pair(part: str) -> tuple[str, int | None]:
    table, _, version = (side.strip() for side in part.partition("="))
    if not table or not (version.isdecimal() or version == "-"):
        raise WrongUse(
            f"A table's version such as orders=3 was expected (or refunds=- where there was no table), "
            f"{part.strip()!r} was found."
        )
    return table, None if version == "-" else int(version)
