"""What the tests of facts share: a workspace with a small feed, and loading through it."""

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

from tiffin.capabilities.facts import service
from tiffin.capabilities.facts.domain.report import LoadReport
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)

SHOP = """\
feed: shop
title: Orders of a small shop
description: Orders for tests.
origin: {publisher: the tests, obtain: made by the tests, licence: none needed}
time_zone: UTC
cities:
  - {city_id: riyadh, name: Riyadh, country: SA, timezone: Asia/Riyadh, cutoff_min: 240, weekend: [5, 6], currency: SAR}
lookups:
  states: {done: delivered, gone: cancelled}
files:
  orders:
    pattern: "orders*"
    format: csv
    columns:
      number: {}
      placed: {type: time, formats: ["%Y-%m-%d %H:%M", iso]}
      state: {}
      total: {type: decimal}
      items: {type: integer}
tables:
  - table: orders
    main: true
    from: orders
    map:
      city_id: "'riyadh'"
      order_id: number
      status: lookup(state, states)
      placed_at: placed
      delivered_at: "if(state = 'done', placed + minutes(30), null)"
      item_count: items
      currency: "'SAR'"
      basket_minor: minor(total, 'SAR')
"""

HEADER = "number,placed,state,total,items\n"


class Shop:
    """A workspace with the feed ``shop``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "tiffin.toml").touch()
        (root / "feeds").mkdir(exist_ok=True)
        self.feed(SHOP)

    def feed(self, text: str, *, name: str = "shop") -> Path:
        """Write a feed's definition."""
        path = self.root / "feeds" / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def changed(self, *changes: tuple[str, str]) -> Path:
        """Write the feed with some words changed."""
        text = SHOP
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return self.feed(text)

    def file(self, content: str | bytes, name: str = "orders.csv") -> Path:
        """Write a file to load."""
        path = self.root / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(self, *paths: Path, feed: str = "shop", now: datetime = NOW) -> LoadReport:
        """Load files through a feed."""
        with self.context(now=now) as context:
            return service.load(context, feed, paths)

    @contextmanager
    def context(self, *, now: datetime = NOW) -> Iterator[Context]:
        """Open a unit of work."""
        with open_context(self.root, now=now) as context:
            yield context

    def rows(self, sql: str) -> list[dict[str, object]]:
        """Query the tables."""
        with self.context() as context:
            found: list[dict[str, object]] = context.warehouse.query_text(sql).to_pylist()
            return found

    def one(self, sql: str) -> tuple[object, ...]:
        """Give the only row of a query."""
        (row,) = self.rows(sql)
        return tuple(row.values())

    def versions(self) -> dict[str, int]:
        """Tell the version of every table."""
        with self.context() as context:
            return dict(context.warehouse.versions())

    def lacks(self, table: str) -> set[frozenset[str] | None]:
        """Tell which columns the files of a table lack."""
        with self.context() as context:
            snapshot = open_store(context.workspace).snapshot(table)
        return {file.lacks for file in snapshot.files} if snapshot else set()


@pytest.fixture
def shop(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Shop:
    """A workspace with the feed ``shop`` and no facts."""
    return Shop(new_workspace(tmp_path / "workspace").root)


@pytest.fixture(scope="module")
def gallery_shop(tmp_path_factory: pytest.TempPathFactory, new_workspace: Callable[[Path], Workspace]) -> Shop:
    """A workspace in which the tests of one module load the gallery's feeds."""
    return Shop(new_workspace(tmp_path_factory.mktemp("gallery") / "workspace").root)


def added_up(report: LoadReport) -> bool:
    """Tell whether every table's counts add up, as they must."""
    return all(t.read == t.loaded + t.collapsed + sum(rule.count for rule in t.quarantined) for t in report.tables)


@pytest.fixture(scope="session", name="added_up")
def _added_up() -> Callable[[LoadReport], bool]:
    return added_up


@pytest.fixture(scope="session")
def header() -> str:
    """The header of the small shop's files."""
    return HEADER


@pytest.fixture
def excel(shop: Shop) -> Callable[..., Path]:
    """Writes a workbook: the few parts that an Excel file needs, so that no library has to be installed for it."""

    def write(rows: list[list[object]], *, name: str = "orders.xlsx", more: dict[str, str] | None = None) -> Path:
        return shop.file(workbook(rows, more or {}), name)

    return write


def workbook(rows: list[list[object]], more: dict[str, str]) -> bytes:
    """Write an Excel workbook of one sheet."""
    cells = "".join(
        f'<row r="{r}">{"".join(_cell(f"{chr(65 + c)}{r}", value) for c, value in enumerate(row))}</row>'
        for r, row in enumerate(rows, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{office}/styles" '
        'Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="22"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
        **more,
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return held.getvalue()


def _cell(place: str, value: object) -> str:
    if isinstance(value, datetime):
        days = (value - datetime(1899, 12, 30)).total_seconds() / 86400  # noqa: DTZ001 - Excel knows no zones
        return f'<c r="{place}" s="1"><v>{days}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    text = escape(str(value))
    if isinstance(value, str) and value.startswith("FORMULA "):
        return f'<c r="{place}" t="str"><f>{text[8:]}</f><v>shown</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
