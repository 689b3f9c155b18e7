"""What readers of files are asked for and what they give back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import pyarrow as pa

from tiffin.kernel.errors import InvalidData
from tiffin.runtime.intake.limits import DEFAULT_LIMITS, Limits

LINE = "_line"
"""Name of the column that carries the source line (or row) number."""

SHOWN = 5
"""So many wrong columns of each kind are named."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns that a file is expected to have, and how it is written.

    Parameters
    ----------
    headers : sequence of (header, alias, required)
        In any order; every header of the file must be among them.
    """

    headers: Sequence[tuple[str, str, bool]]
    encoding: str = "utf-8"
    separator: str = ","
    sheet: str | None = None
    stated_in: str = "the feed"
    limits: Limits = DEFAULT_LIMITS
    on_bytes: Callable[[int], None] = lambda _count: None

    @property
    def schema(self) -> pa.Schema:
        """Schema of the batches: every column as text, and the line."""
        return pa.schema([*(pa.field(alias, pa.string()) for _, alias, _ in self.headers), pa.field(LINE, pa.int64())])


@dataclass(frozen=True, slots=True)
class Malformed:
    """A row that could not even be split into its columns."""

    line: int
    rule: str
    reason: str
    text: str


@dataclass(slots=True)
class Rows:
    """What a reader found: batches of text, and meanwhile the rows that have no columns."""

    batches: Iterator[pa.RecordBatch]
    malformed: list[Malformed] = field(default_factory=list)
    has_nul: bool = False

    def take_malformed(self) -> list[Malformed]:
        """Give the malformed rows found since the last call."""
        taken = list(self.malformed)
        self.malformed.clear()
        return taken


def check_headers(found: Sequence[str], shape: Shape, *, name: str, line: int = 1) -> tuple[str | None, ...]:
    """Map a file's headers to aliases.

    Raises
    ------
    InvalidData
        A header stands twice, is unknown, or a required one is missing.
    """
    if len(found) > shape.limits.columns:
        raise InvalidData(
            f"{name}, line {line}: {len(found):,} columns were found, more than the {shape.limits.columns:,} that a "
            "file may have. "
            f"Check the separator ({shape.separator!r}) and that it is the right file."
        )
    _check_once(found, name=name, line=line)
    _check_known(found, shape, name=name, line=line)
    aliases = {header: alias for header, alias, _ in shape.headers}
    return tuple(aliases[header] for header in found)


def _check_once(found: Sequence[str], *, name: str, line: int) -> None:
    twice = sorted({header for header in found if found.count(header) > 1})
    if twice:
        raise InvalidData(
            f"{name}, line {line}: the header {twice[0]!r} stands {found.count(twice[0])} times, so that nobody can "
            "tell which column "
            "is meant. Rename or remove one of them in the file."
        )


def _check_known(found: Sequence[str], shape: Shape, *, name: str, line: int) -> None:
    expected = [header for header, _, _ in shape.headers]
    missing = [header for header, _, required in shape.headers if required and header not in found]
    unknown = [header for header in found if header not in expected]
    if not missing and not unknown:
        return
    parts = [f"{name}, line {line}: the columns are not those that {shape.stated_in} expects."]
    parts += [f"Missing: {header!r}{_near(header, unknown)}." for header in missing[:SHOWN]]
    parts += [f"Unknown: {header[:80]!r}{_near(header, missing)}." for header in unknown[:SHOWN]]
    left = max(len(missing) - SHOWN, 0) + max(len(unknown) - SHOWN, 0)
    parts += [f"And {left} more."] if left else []
    if len(found) == 1 and len(expected) > 1:
        parts.append(
            f"Only one column was found: is {shape.separator!r} the file's separator, and {shape.encoding} its "
            "encoding?"
        )
    parts.append(
        "Mend the file, or the feed's `columns` (an unknown column needs an entry there, `optional: true` a missing "
        "one)."
    )
    raise InvalidData(" ".join(parts))


def _near(header: str, others: Sequence[str]) -> str:
    near = get_close_matches(header, others, n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""
