"""The command ``tiffin users …``: accounts, what they are granted, and how they sign in."""

import sys
from datetime import UTC, date, datetime, time
from typing import Annotated

import typer
from rich.console import RenderableType

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.accounts import AccountView, GrantView, Limits
from tiffin.capabilities.access.domain.terms import Terms
from tiffin.capabilities.access.service.wording import CLASSES
from tiffin.kernel.errors import WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.settings import LOCAL_CONSOLE
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of

NameArgument = Annotated[str, typer.Argument(help="Name of the account.")]
PasswordOption = Annotated[
    bool, typer.Option("--password", help="Ask for a password; from a pipe, read it from standard input.")
]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    users = typer.Typer(no_args_is_help=True, help="Accounts, what they are granted, and how they sign in.")
    users.command("list")(list_users)
    users.command("add")(add)
    users.command("password")(password)
    users.command("link")(link)
    users.command("grant")(grant)
    users.command("revoke")(revoke)
    users.command("disable")(disable)
    users.command("enable")(enable)
    app.add_typer(users, name="users")


def list_users(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the accounts with their grants. JSON: {"accounts": [{"name", "grants": [...], ...}]}."""
    with open_context(workspace, user=user) as context:
        payload = {"accounts": service.list_accounts(context)}
        locale = context.locale
    emit(payload, as_json=as_json, human=lambda found: _accounts_table(found["accounts"], locale))


def add(
    name: NameArgument,
    *,
    locale: Annotated[str, typer.Option(help="Language: en, ar, zh_Hans, zh_Hant or pt_BR.")] = "en",
    with_password: PasswordOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Add an account; it may do nothing until it is granted a role. JSON: {"account": {...}}."""
    secret = _read_password() if with_password else None
    with open_context(workspace, user=user) as context:
        account = service.add_account(context, name, locale=locale, password=secret)
    _tell(account, locale=context.locale, as_json=as_json)


def password(
    name: NameArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Set an account's password, read from the terminal or from standard input. JSON: {"account": {...}}."""
    secret = _read_password()
    with open_context(workspace, user=user) as context:
        service.set_password(context, name, secret)
        account = service.find_account(context, name)
    _tell(account, locale=context.locale, as_json=as_json)


def link(
    name: NameArgument,
    *,
    address: Annotated[str, typer.Option(help="Address of the console.")] = LOCAL_CONSOLE,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Print a link that signs the account in once, within half an hour. JSON: {"link"}."""
    with open_context(workspace, user=user) as context:
        token = service.make_sign_in_link(context, name)
    emit({"link": f"{address}/sign-in/{token}"}, as_json=as_json, human=lambda made: str(made["link"]))


def grant(  # noqa: PLR0913 - one parameter an option of the command
    name: NameArgument,
    role: Annotated[Role, typer.Argument(help="What the account may be.")],
    *,
    country: Annotated[list[str] | None, typer.Option(help="ISO 3166 code, or * for all; may be repeated.")] = None,
    city: Annotated[list[str] | None, typer.Option(help="City, or * for all; may be repeated.")] = None,
    rows: Annotated[
        list[str] | None, typer.Option("--rows", help="Only rows such as merchant_id=m1; may be repeated.")
    ] = None,
    opens: Annotated[
        list[str] | None,
        typer.Option("--opens", help="Guarded columns: confidential, personal, special or none; else the role's."),
    ] = None,
    masked: Annotated[
        list[str] | None,
        typer.Option("--masked", help="Guarded columns told masked: confidential, personal or special."),
    ] = None,
    asset: Annotated[
        list[str] | None, typer.Option("--asset", help="Only this asset, such as metric:late_share; may be repeated.")
    ] = None,
    minimum_size: Annotated[int, typer.Option("--minimum-size", help="Withhold groups of fewer rows.")] = 1,
    purpose: Annotated[str | None, typer.Option(help="What the grant is for; at a terminal it is asked for.")] = None,
    owner: Annotated[str | None, typer.Option(help="Account that answers for the grant; else yours.")] = None,
    until: Annotated[
        str | None, typer.Option(help="Last day of the grant, such as 2026-12-31 (UTC); else as the rules say.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Grant an account a role over rows and columns of countries or cities. JSON: {"account": {...}}."""
    opened = tuple(opens) if opens else None
    limits = Limits(tuple(rows or ()), opened, minimum_size, tuple(masked or ()), tuple(asset or ()))
    terms = Terms(purpose or _asked_purpose(), _end_of_day(until) if until else None, owner)
    with open_context(workspace, user=user) as context:
        service.grant(
            context,
            name,
            role,
            countries=country or (),
            cities=city or (),
            limits=limits,
            terms=terms,
        )
        account = service.find_account(context, name)
    _tell(account, locale=context.locale, as_json=as_json)


def revoke(
    grant_id: Annotated[int, typer.Argument(help="Number of the grant, as `tiffin users list` shows it.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Take a grant back at once. JSON: {"grant": {...}}."""
    with open_context(workspace, user=user) as context:
        payload = {"grant": service.revoke(context, grant_id)}
    emit(payload, as_json=as_json, human=lambda done: f"{done['grant'].grant_id}: {done['grant'].state}")


def disable(
    name: NameArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Bar an account from everything and sign it out everywhere. JSON: {"account": {...}}."""
    with open_context(workspace, user=user) as context:
        account = service.disable_account(context, name)
    _tell(account, locale=context.locale, as_json=as_json)


def enable(
    name: NameArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Let a disabled account act again. JSON: {"account": {...}}."""
    with open_context(workspace, user=user) as context:
        account = service.enable_account(context, name)
    _tell(account, locale=context.locale, as_json=as_json)


def _tell(account: AccountView, *, locale: str, as_json: bool) -> None:
    emit({"account": account}, as_json=as_json, human=lambda found: _accounts_table((found["account"],), locale))


def _accounts_table(accounts: tuple[AccountView, ...], locale: str) -> RenderableType:
    columns = [translate(locale, text) for text in (mark("Account"), mark("Grants"), mark("State"))]
    rows = ((account.name, _grants_text(account, locale), _state_text(account, locale)) for account in accounts)
    return table_of(columns, rows)


def _grants_text(account: AccountView, locale: str) -> str:
    return "\n".join(
        f"{held.grant_id}: {held.role}, {' '.join((*held.countries, *held.cities))}{_limits_text(held, locale)} "
        f"({translate(locale, held.state)})"
        for held in account.grants
    )


def _limits_text(held: GrantView, locale: str) -> str:
    parts = [f"{name} = {', '.join(values)}" for name, values in held.rows.items()]
    parts += [translate(locale, CLASSES[name]) for name in held.opens]
    parts += [translate(locale, "{kind} (masked)", kind=translate(locale, CLASSES[name])) for name in held.masks]
    parts += held.assets
    if held.minimum_size > 1:
        parts.append(translate(locale, "groups of {count} or more", count=held.minimum_size))
    return "".join(f"; {part}" for part in parts)


def _state_text(account: AccountView, locale: str) -> str:
    state = mark("disabled") if account.is_disabled else mark("owner") if account.is_owner else mark("active")
    return translate(locale, state)


def _read_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def _asked_purpose() -> str:
    if not sys.stdin.isatty():
        raise WrongUse("A grant says what it is for. Add --purpose and a few words.")
    return str(typer.prompt("What for", err=True))


def _end_of_day(text: str) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise WrongUse(f"--until takes a date such as 2026-12-31; found {text!r}.") from None
    return datetime.combine(day, time.max, tzinfo=UTC)
