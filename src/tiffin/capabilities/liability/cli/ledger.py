"""Commands of the ledger of points and money: ``tiffin liability ledger …``."""

from datetime import date, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.liability.domain.ledger import Balance, Statement
from tiffin.capabilities.liability.domain.ledger_check import LedgerCheck
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.service import ledger_words as words
from tiffin.capabilities.liability.service.ledger import balance, statement
from tiffin.capabilities.liability.service.ledger_checking import check_ledger, count_events, require_checker
from tiffin.capabilities.liability.service.ledger_listing import EntryFilter, EntryRow, list_entries
from tiffin.capabilities.liability.service.ledger_places import LedgerCity, find_ledger_city, ledger_cities
from tiffin.capabilities.liability.service.ledger_restoring import restore_points
from tiffin.kernel.errors import FailedCheck
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days, read_day
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_date, format_instant, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, table_of

CityArgument = Annotated[str, typer.Argument(help="City, as `tiffin liability ledger cities` names it.")]
PartyArgument = Annotated[Party, typer.Argument(help="Whose account: rider, merchant or customer.")]
PartyIdArgument = Annotated[str, typer.Argument(help="Which one, as the facts name it.")]
STATED_DAYS = 90


def register(liability: typer.Typer) -> None:
    """Add the commands to ``tiffin liability``."""
    ledger = typer.Typer(no_args_is_help=True, help="Points and money: what is booked, for whom, and whether it holds.")
    ledger.command("cities")(cities)
    ledger.command("entries")(entries)
    ledger.command("balance")(show_balance)
    ledger.command("statement")(show_statement)
    ledger.command("restore")(restore)
    ledger.command("check")(check)
    liability.add_typer(ledger, name="ledger")


def cities(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the cities whose ledger you may read. JSON: {"cities": [{"city_id", "name", "country", "currency"}]}."""
    with open_context(workspace, user=user) as context:
        found, locale = ledger_cities(context), context.locale
    emit({"cities": found}, as_json=as_json, human=lambda _payload: _cities(found, locale))


def entries(  # noqa: PLR0913 - one parameter an option of the command
    city: CityArgument,
    *,
    party: Annotated[Party | None, typer.Option(help="Only accounts of this kind; platform for its own.")] = None,
    party_id: Annotated[str, typer.Option(help="Only this rider, merchant or customer.")] = "",
    kind: Annotated[str, typer.Option(help="Only posted, stayed, stay_lifted, reversed or restored.")] = "",
    incident: Annotated[str, typer.Option(help="Only this sort of incident, such as late.")] = "",
    order: Annotated[str, typer.Option(help="Only this order.")] = "",
    first: Annotated[str, typer.Option(help="First business day.")] = "",
    last: Annotated[str, typer.Option(help="Last business day.")] = "",
    limit: Annotated[int, typer.Option(help="How many, newest first.", min=1, max=100_000)] = 200,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List entries of a city. JSON: {"entries": [{"number", "at", "kind", "party", "party_id", "unit", "amount"}]}."""
    days = (read_day(first) if first else None, read_day(last) if last else None)
    wanted = EntryFilter(party.value if party else "", party_id, kind, incident, order, *days)
    with open_context(workspace, user=user) as context:
        found = list_entries(context, find_ledger_city(context, city), wanted, limit=limit)
        locale = context.locale
    emit({"entries": found}, as_json=as_json, human=lambda _payload: _entries(found, locale))


def show_balance(
    city: CityArgument,
    party: PartyArgument,
    party_id: PartyIdArgument,
    *,
    as_of: Annotated[datetime | None, typer.Option(help="As it would have been read then, UTC.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Tell how somebody stands. JSON: {"balance": {"units": [{"unit", "booked", "counted", "expired", ...}]}}."""
    with open_context(workspace, user=user) as context:
        at = as_of.replace(tzinfo=context.now.tzinfo) if as_of else None
        found, locale = balance(context, party, party_id, city, as_of=at), context.locale
    emit({"balance": found}, as_json=as_json, human=lambda _payload: _balance(found, locale))


def show_statement(  # noqa: PLR0913 - one parameter an option of the command
    city: CityArgument,
    party: PartyArgument,
    party_id: PartyIdArgument,
    *,
    first: Annotated[str, typer.Option(help="First local day; ninety days back where nothing is said.")] = "",
    last: Annotated[str, typer.Option(help="Last local day; today where nothing is said.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Tell what happened on somebody's account. JSON: {"statement": {"opening", "lines", "balance", ...}}."""
    with open_context(workspace, user=user) as context:
        found, locale = (
            statement(context, party, party_id, city, _days(first, last, context.now.date())),
            context.locale,
        )
    emit({"statement": found}, as_json=as_json, human=lambda _payload: _statement(found, locale))


def restore(
    city: CityArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Give riders of a city back the points that good deliveries have earned. JSON: {"points": 0}."""
    with open_context(workspace, user=user) as context:
        points, locale = restore_points(context, city), context.locale
    told = translate(locale, mark("Points given back: {count}."), count=points)
    emit({"points": points}, as_json=as_json, human=lambda _payload: told)


def check(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Verify the whole ledger: nothing changed, removed or added, and all of it adds up; 1 is the exit code if not.

    JSON: {"check": {"cities": [{"city_id", "events", "digest"}], "faults": [{"kind", "city_id", "number"}], ...}}.
    """
    with open_context(workspace, user=user) as context:
        require_checker(context)
        locale = context.locale
        with progress(count_events(context), translate(locale, mark("Verifying events"))) as advance:
            found = check_ledger(context.unit.engine, on_progress=advance)
    emit({"check": found}, as_json=as_json, human=lambda _payload: _check(found, locale))
    if not found.is_whole:
        raise FailedCheck(Message("The ledger is not as it was written: {count} faults.", count=found.fault_count))


def _days(first: str, last: str, today: date) -> Days:
    end = read_day(last) if last else today
    return Days(read_day(first) if first else end - timedelta(days=STATED_DAYS), end)


def _cities(found: tuple[LedgerCity, ...], locale: str) -> RenderableType:
    if not found:
        return Text(translate(locale, mark("There is no city whose ledger you may read.")))
    heads = (mark("City"), mark("Country"), mark("Currency"))
    rows = ((one.city_id, one.country, one.currency) for one in found)
    return table_of([translate(locale, one) for one in heads], rows)


def _entries(found: tuple[EntryRow, ...], locale: str) -> RenderableType:
    if not found:
        return Text(translate(locale, mark("Nothing is booked that you asked for.")))
    heads = (mark("Time"), mark("What"), mark("Whose"), mark("Amount"), mark("Order"), mark("Incident"))
    rows = (
        (
            format_instant(one.at, locale),
            words.word(words.KINDS, one.kind, locale),
            f"{words.word(words.PARTIES, one.party, locale)} {one.party_id}",
            words.amount_told(one.amount, one.unit, locale),
            one.order_id,
            words.word(words.INCIDENTS, one.incident, locale),
        )
        for one in found
    )
    return table_of([translate(locale, one) for one in heads], rows)


def _balance(found: Balance, locale: str) -> RenderableType:
    if not found.units:
        return Text(translate(locale, mark("Nothing was ever booked on this account.")))
    heads = (
        mark("Unit"),
        mark("Counts"),
        mark("Booked"),
        mark("Lapsed"),
        mark("Above the most that counts"),
        mark("Kept back"),
    )
    rows = (
        [
            words.unit_told(one.unit, locale),
            *(
                words.amount_told(amount, one.unit, locale)
                for amount in (one.counted, one.booked, one.expired, one.capped, one.stayed)
            ),
        ]
        for one in found.units
    )
    return table_of([translate(locale, one) for one in heads], rows)


def _statement(found: Statement, locale: str) -> RenderableType:
    heads = (mark("Day"), mark("What"), mark("Order"), mark("Amount"), mark("Counts after"), mark("Why"))
    rows = (
        (
            format_date(one.local_day, locale),
            words.word(words.KINDS, one.kind, locale),
            one.order_id,
            words.amount_told(one.amount, one.unit, locale),
            words.amount_told(one.running, one.unit, locale),
            one.reason,
        )
        for one in found.lines
    )
    nothing = Text(translate(locale, mark("Nothing happened on this account in these days.")))
    lines = table_of([translate(locale, one) for one in heads], rows) if found.lines else nothing
    return Group(lines, _balance(found.balance, locale))


def _check(found: LedgerCheck, locale: str) -> RenderableType:
    told = [
        translate(
            locale, mark("{city}: {count} events, {digest}"), city=one.city_id, count=one.events, digest=one.digest
        )
        for one in found.cities
    ]
    told += [
        f"{words.word(words.FAULTS, one.kind, locale)}: {one.city_id} {one.number or ''} {one.told}".rstrip()
        for one in found.faults
    ]
    whole = mark("All of it is as it was written, and adds up.")
    broken = mark("Faults: {count}.")
    ending = translate(locale, whole) if found.is_whole else translate(locale, broken, count=found.fault_count)
    return Text("\n".join([*told, ending]))
