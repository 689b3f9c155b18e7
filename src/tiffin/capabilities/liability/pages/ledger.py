"""The ledger of points and money in a browser: entries of a city by filters, and statements of single parties."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from tiffin.capabilities.liability.domain.ledger import Statement
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.pages.tabs import TABS
from tiffin.capabilities.liability.service import ledger_words as words
from tiffin.capabilities.liability.service.ledger import statement
from tiffin.capabilities.liability.service.ledger_listing import (
    EntryFilter,
    EntryRow,
    count_entries,
    incidents_in_ledger,
    list_entries,
    totals,
)
from tiffin.capabilities.liability.service.ledger_places import LedgerCity, city_of, find_ledger_city, ledger_cities
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days, read_day
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page
from tiffin.web.paging import Page

router = APIRouter(include_in_schema=False)

SHOWN = 50
EXPORTED = 100_000
STATED_DAYS = 90
ENTRY_COLUMNS = ("number", "line", "at", "business_date", "kind", "party", "party_id", "unit", "amount", "order_id",
                 "incident", "verdict_id", "policy", "policy_version", "row_name", "zone_id", "reason")  # fmt: skip
LINE_COLUMNS = ("at", "local_day", "kind", "unit", "amount", "running", "order_id", "incident", "verdict_id", "reason",
                "expires_at")  # fmt: skip
EVENTS = ("posted", "stayed", "stay_lifted", "reversed", "restored")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries somebody wants to see, as the address says it; empty leaves a part open."""

    party: str = ""
    party_id: str = ""
    kind: str = ""
    incident: str = ""
    order: str = ""
    first: str = ""
    last: str = ""

    @property
    def filter(self) -> EntryFilter:
        """Give it as the service takes it."""
        days = (read_day(self.first) if self.first else None, read_day(self.last) if self.last else None)
        parts = (self.party, self.party_id.strip(), self.kind, self.incident, self.order.strip())
        return EntryFilter(*parts, *days)

    @property
    def query(self) -> str:
        """Write it as an address does."""
        return urlencode({name: value for name, value in asdict(self).items() if value})


@router.get("/liability/ledger")
def show_cities(request: Request, context: ContextDep) -> Response:
    """Show the cities whose ledger the reader may look through."""
    return page(request, context, "liability/ledger_cities.html", tabs=TABS, cities=ledger_cities(context))


@router.get("/liability/ledger/{city_id}")
def show_ledger(
    request: Request,
    context: ContextDep,
    city_id: str,
    asked: Annotated[Asked, Depends()],
    page_number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> Response:
    """Show the entries of a city, newest first, with what those that are chosen add up to."""
    city, wanted = find_ledger_city(context, city_id), asked.filter
    total = count_entries(context, city, wanted)
    number = min(page_number, max(1, -(-total // SHOWN)))
    rows = list_entries(context, city, wanted, limit=SHOWN, offset=(number - 1) * SHOWN)
    _note_read(context, city, asked.party_id)
    return page(
        request,
        context,
        "liability/ledger.html",
        tabs=TABS,
        city=city,
        found=Page(rows, number, SHOWN, total),
        filters=asked,
        totals=totals(context, city, wanted),
        choices=_choices(context, city),
        statement_of=statement_address,
        **_telling(context.locale),
    )


@router.get("/liability/ledger/{city_id}/entries.csv")
def export_ledger(context: ContextDep, city_id: str, asked: Annotated[Asked, Depends()]) -> Response:
    """Give the entries that somebody wants to see as a file, newest first."""
    city = find_ledger_city(context, city_id)
    rows = list_entries(context, city, asked.filter, limit=EXPORTED)
    _note_read(context, city, asked.party_id)
    return _file(f"ledger-{city.city_id}.csv", ENTRY_COLUMNS, rows)


@router.get("/liability/ledger/{city_id}/{party}/{party_id:path}/statement.csv")
def export_statement(
    context: ContextDep, city_id: str, party: str, party_id: str, first: str = "", last: str = ""
) -> Response:
    """Give a statement as a file."""
    found, _ = _statement(context, city_id, party, party_id, (first, last))
    return _file(f"statement-{found.party.value}.csv", LINE_COLUMNS, found.lines)


@router.get("/liability/ledger/{city_id}/{party}/{party_id:path}")
def show_statement(
    request: Request, context: ContextDep, city_id: str, party: str, party_id: str, first: str = "", last: str = ""
) -> Response:
    """Show what happened on the account of a rider, merchant or customer, and how he stands."""
    found, city = _statement(context, city_id, party, party_id, (first, last))
    return page(
        request,
        context,
        "liability/ledger_statement.html",
        tabs=TABS,
        city=city,
        found=found,
        address=statement_address(city_id, party, party_id),
        **_telling(context.locale),
    )


def statement_address(city_id: str, party: str, party_id: str) -> str:
    """Give the address of a statement."""
    return f"/liability/ledger/{quote(city_id, safe='')}/{party}/{quote(party_id, safe='')}"


def _statement(
    context: Context, city_id: str, party: str, party_id: str, days: tuple[str, str]
) -> tuple[Statement, LedgerCity]:
    known = [one.value for one in Party]
    if party not in known:
        raise WrongUse(Message("A party is one of {known}; found '{found}'.", known=", ".join(known), found=party))
    city = city_of(context, city_id)
    found = statement(context, Party(party), party_id, city_id, _days(*days, city.local_day(context.now)))
    _note_read(context, city, party_id)
    return found, city


def _days(first: str, last: str, today: date) -> Days:
    end = read_day(last) if last else today
    return Days(read_day(first) if first else end - timedelta(days=STATED_DAYS), end)


def _note_read(context: Context, city: LedgerCity, party_id: str) -> None:
    details = {"parties": 1} if party_id else {}
    audit.record_read(context, action="ledger_read", subject=city.city_id, details=details)


def _choices(context: Context, city: LedgerCity) -> Mapping[str, Sequence[tuple[str, str]]]:
    locale = context.locale
    everybody = translate(locale, mark("all but the platform"))
    every = translate(locale, mark("all"))
    return {
        "party": [("", everybody), *((name, words.word(words.PARTIES, name, locale)) for name in words.PARTIES)],
        "kind": [("", every), *((name, words.word(words.KINDS, name, locale)) for name in EVENTS)],
        "incident": [
            ("", every),
            *((name, words.word(words.INCIDENTS, name, locale)) for name in incidents_in_ledger(context, city)),
        ],
    }


def _telling(locale: str) -> Mapping[str, Any]:
    """Give templates the words for what stands in the ledger."""
    return {
        "kind_of": lambda name: words.word(words.KINDS, name, locale),
        "party_of": lambda name: words.word(words.PARTIES, name, locale),
        "incident_of": lambda name: words.word(words.INCIDENTS, name, locale),
        "account_of": lambda name: words.word(words.ACCOUNTS, name, locale),
        "amount_of": lambda amount, unit: words.amount_told(amount, unit, locale),
        "unit_of": lambda unit: words.unit_told(unit, locale),
    }


def _file(name: str, columns: Sequence[str], rows: Iterable[EntryRow | Any]) -> Response:
    written = io.StringIO()
    told = ([_cell(getattr(one, column)) for column in columns] for one in rows)
    csv.writer(written, lineterminator="\r\n").writerows([columns, *told])
    headers = {"Content-Disposition": f'attachment; filename="{quote(name)}"'}
    return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: object) -> object:
    """Write a value; text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value
