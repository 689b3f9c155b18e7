"""Spreadsheets of policies: written for people to change, and read again as hostile as any file from outside."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from tiffin.capabilities.policies.domain.exchange import sheets
from tiffin.capabilities.policies.domain.exchange.areas import Area
from tiffin.capabilities.policies.domain.exchange.files import PolicyFiles
from tiffin.capabilities.policies.domain.exchange.sheet_reading import HEAD_ROWS, Grid, policy_in
from tiffin.capabilities.policies.domain.exchange.sheets import Cell, Sheet, Tongue, sheets_of
from tiffin.capabilities.policies.domain.reading import without_lines
from tiffin.kernel.errors import InvalidData
from tiffin.kernel.messages import Message
from tiffin.runtime.definitions import parse_yaml, yaml_text
from tiffin.runtime.i18n import LOCALES, direction, language_of, mark, translate

MAX_UNPACKED = 100_000_000
"""Bytes of a workbook when unpacked, at most: several hundred times the largest policy."""

CELL_BYTES = 32
"""Bytes that a cell takes when a workbook is read, an empty one between others too."""

OTHER_FORMS = ("content.xml", "xl/workbook.bin")
"""Parts by which other kinds of workbook are known, whose cells are told in other ways."""

MAX_PARTS = 500
MAX_ROWS = 20_000
CHUNK = 1 << 20
WIDTHS: Mapping[str, int] = {sheets.RULES: 22, sheets.REASONS: 44, sheets.SETTINGS: 40}
PLAIN_WIDTH = 16
EXACT_WHOLE = 10**15
"""Whole numbers from here on a spreadsheet does not keep."""

STEPS = (
    mark("What this is: the policy {policy} as it is in force on {on}. Change it here and bring it back."),
    mark("One row is one rule. Under an input stands what is asked of it; an empty cell, or -, asks nothing."),
    mark(
        'Conditions: 15 or "late" (equal), > 15, [15..30) (from 15 until before 30), "late", "cold" (one of them), '
        'not("cold").'
    ),
    mark("The first row of each sheet explains it, the second row names its columns: leave the second as it is."),
    mark("Each rule has a name of its own, by which its reason stands on the sheet {reasons}, in every language."),
    mark("In a reason, {open}an input's name{close} stands for its value."),
    mark(
        "A market or city has a sheet of rules of its own; each of its rules names the rules that it overrides, "
        "and its cells come on top of theirs."
    ),
    mark("On the sheet {cases} stands what has to come out of cases that somebody worked out by hand."),
    mark(
        "Bring it back with `tiffin policies import FILE`: a draft is made, proven and shown to a second person "
        "before it holds."
    ),
)


def xlsx_of(files: PolicyFiles, on: date, locale: str) -> bytes:
    """Write a policy as a workbook for a reader."""
    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(held, options)
    book.set_properties({"title": files.policy, "created": datetime(on.year, on.month, on.day)})  # noqa: DTZ001 - a day
    writer = _Writer(book, locale)
    writer.instructions(files, on)
    tongue = Tongue(language_of(locale), lambda text: translate(locale, text), lambda value: yaml_text(value).strip())
    for sheet in sheets_of(files, tongue):
        writer.sheet(sheet)
    book.close()
    return held.getvalue()


def policy_in_xlsx(name: str, content: bytes, since: date) -> PolicyFiles:
    """Read a policy from a workbook.

    Raises
    ------
    InvalidData
        It is no workbook, unpacks to more than any policy, or a sheet cannot be read; the message tells where.
    """
    return policy_in(_grids(name, content), _load, since)


class _Writer:
    """Writes sheets into a workbook."""

    def __init__(self, book: Any, locale: str) -> None:
        self.book, self.locale = book, locale
        self.mirrored = direction(locale) == "rtl"
        top = {"valign": "top", "text_wrap": True}
        self.label = book.add_format({**top, "bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        self.key = book.add_format({"font_color": "#667788", "font_size": 8, "bottom": 1, "reading_order": 1})
        self.text = book.add_format({**top, "num_format": "@"})
        self.feel = book.add_format({**top, "num_format": "@", "reading_order": 1})
        self.plain = book.add_format(top)
        self.day = book.add_format({**top, "num_format": "yyyy-mm-dd"})
        self.title = book.add_format({"bold": True, "font_size": 14})

    def instructions(self, files: PolicyFiles, on: date) -> None:
        """Write what a person needs to know who never saw such a sheet."""
        page = self._page(translate(self.locale, sheets.INSTRUCTIONS))
        page.set_column(0, 0, 110)
        page.write_string(0, 0, translate(self.locale, sheets.INSTRUCTIONS), self.title)
        values = {
            "policy": files.policy,
            "on": on.isoformat(),
            "reasons": translate(self.locale, sheets.REASONS),
            "cases": translate(self.locale, sheets.CASES),
            "open": "{",
            "close": "}",
        }
        for number, step in enumerate(STEPS, 2):
            page.write_string(number, 0, translate(self.locale, step, **values), self.plain)

    def sheet(self, sheet: Sheet) -> None:
        """Write a sheet with its two head rows, which stay when it is scrolled."""
        page = self._page(_title(sheet.kind, sheet.place, self.locale))
        for column, (label, key) in enumerate(zip(sheet.labels, sheet.keys, strict=True)):
            page.write_string(0, column, label, self.label)
            page.write_string(1, column, key, self.key)
        for number, row in enumerate(sheet.rows, HEAD_ROWS):
            for column, cell in enumerate(row):
                self._cell(page, number, column, cell, is_feel=sheet.kind not in (sheets.REASONS, sheets.SETTINGS))
        page.set_column(0, max(0, len(sheet.keys) - 1), WIDTHS.get(sheet.kind, PLAIN_WIDTH))
        page.freeze_panes(HEAD_ROWS, 1)
        page.autofilter(1, 0, max(HEAD_ROWS, len(sheet.rows) + 1), len(sheet.keys) - 1)
        for column, choices in sheet.choices.items():
            self._choose(page, column, choices)

    def _choose(self, page: Any, column: int, choices: tuple[str, ...]) -> None:
        """Offer choices; other conditions may still be written."""
        if sum(len(one) + 1 for one in choices) <= sheets.MAX_CHOICES:
            rule = {"validate": "list", "source": list(choices), "show_error": False, "ignore_blank": True}
            page.data_validation(HEAD_ROWS, column, MAX_ROWS, column, rule)

    def _cell(self, page: Any, row: int, column: int, cell: Cell, *, is_feel: bool) -> None:
        if cell is None:
            return
        if isinstance(cell, bool):
            page.write_boolean(row, column, cell, self.plain)
        elif isinstance(cell, int | float) and abs(cell) < EXACT_WHOLE:
            page.write_number(row, column, cell, self.plain)
        elif isinstance(cell, date):
            page.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), self.day)  # noqa: DTZ001 - a day
        else:
            page.write_string(row, column, str(cell), self.feel if is_feel else self.text)

    def _page(self, title: str) -> Any:
        page = self.book.add_worksheet(title)
        if self.mirrored:
            page.right_to_left()
        return page


def _title(kind: str, place: str, locale: str) -> str:
    """Name a sheet as spreadsheets let one."""
    name = translate(locale, kind)
    return f"{name} {place}"[:31] if place else name


def _grids(name: str, content: bytes) -> Iterator[Grid]:
    _check_size(name, content)
    kinds = {translate(locale, kind): kind for kind in sheets.SHEETS for locale in LOCALES}
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for title in book.sheet_names:
            kind, place = _kind(title, kinds)
            if kind and kind != sheets.INSTRUCTIONS:
                rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False, nrows=MAX_ROWS)
                yield Grid(kind, place, title, [[_plain(cell) for cell in row] for row in rows])
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise InvalidData(
            Message(
                "{file} is no workbook that can be read ({reason}). Save it anew as .xlsx.",
                file=name,
                reason=str(error),
            )
        ) from None


def _kind(title: str, kinds: Mapping[str, str]) -> tuple[str, str]:
    if title in kinds:
        return kinds[title], ""
    for known, kind in kinds.items():
        if kind == sheets.RULES and title.startswith(f"{known} "):
            return kind, title.removeprefix(f"{known} ").strip()
    return "", ""


def _check_size(name: str, content: bytes) -> None:
    """Refuse what is no zip, or unpacks to more than it may; what it says of itself is not believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if len(parts.infolist()) > MAX_PARTS:
                raise InvalidData(Message("{file} has more than {most} parts.", file=name, most=MAX_PARTS))
            _check_form(parts)
            unpacked = 0
            for part in parts.infolist():
                area = Area()
                for piece in _pieces(parts, part):
                    unpacked += len(piece)
                    area.widen(piece)
                    if max(unpacked, area.cells * CELL_BYTES) > MAX_UNPACKED:
                        raise InvalidData(
                            Message(
                                "{file} unpacks to more than {most} bytes and was refused.",
                                file=name,
                                most=MAX_UNPACKED,
                            )
                        )
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise InvalidData(
            Message(
                "{file} is no workbook that can be read ({reason}). Save it anew as .xlsx.",
                file=name,
                reason=str(error),
            )
        ) from None


def _check_form(parts: zipfile.ZipFile) -> None:
    other = next((part.filename for part in parts.infolist() if part.filename.lower() in OTHER_FORMS), None)
    if other is not None:
        raise zipfile.BadZipFile(other)


def _pieces(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterable[bytes]:
    with parts.open(part) as opened:
        while chunk := opened.read(CHUNK):
            yield chunk


def _plain(cell: Any) -> Cell:
    """Give a cell as our files say such a value."""
    if isinstance(cell, bool | str):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT_WHOLE:
        return int(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date()
    if isinstance(cell, datetime | time):
        return f'@"{cell.isoformat()}"'
    return cell if isinstance(cell, int | float | date) else str(cell)


def _load(text: str) -> Any:
    """Read a value that has parts.

    Raises
    ------
    InvalidDefinition
        It is no YAML.
    """
    return without_lines(parse_yaml(text, "value"))
