"""How large a sheet becomes when it is read: two cells in far corners of a small file are enough for a huge one."""

import re
from functools import reduce

LONGEST_TAG = 1 << 20
MOST_LETTERS = 10
"""Letters of a column that are looked at; a column of so many is beyond any sheet."""

_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)(\d*)["']""")
"""Where a row or a cell says that it stands."""

_ROW = re.compile(rb"<(?:[\w.-]+:)?row[\s/>]")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c(?:\s[^<>]*|/?)>")


class Area:
    """How many cells a sheet spans at most, those of which nothing is said too.

    Cells that do not say where they stand are counted as standing beyond all others, and so are rows.
    """

    def __init__(self) -> None:
        self._rows = self._columns = self._tags_of_rows = self._untold_cells = 0
        self._rest = b""

    @property
    def cells(self) -> int:
        """Cells of the whole area."""
        return (self._rows + self._tags_of_rows) * (self._columns + self._untold_cells)

    def widen(self, piece: bytes) -> None:
        """Take in what the next piece of a part says.

        Raises
        ------
        ValueError
            A tag does not end, or a row's number is none.
        """
        text = self._rest + piece
        end = text.rfind(b"<")
        text, self._rest = (text[:end], text[end:]) if end >= 0 else (b"", text)
        if len(self._rest) > LONGEST_TAG:
            raise ValueError(f"a tag of more than {LONGEST_TAG} bytes")
        for letters, digits in _PLACE.findall(text):
            self._rows = max(self._rows, int(digits or b"0"))
            self._columns = max(self._columns, column_of(letters))
        self._tags_of_rows += len(_ROW.findall(text))
        self._untold_cells += sum(not any(letters for letters, _ in _PLACE.findall(tag)) for tag in _CELL.findall(text))


def column_of(letters: bytes) -> int:
    """Give a column's number by its letters.

    Examples
    --------
    >>> column_of(b"A"), column_of(b"AA"), column_of(b"XFD")
    (1, 27, 16384)
    """
    return reduce(lambda number, letter: number * 26 + letter - 64, letters[:MOST_LETTERS].upper(), 0)
