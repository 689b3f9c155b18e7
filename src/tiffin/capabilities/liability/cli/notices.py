"""The commands ``tiffin liability notices …``: what riders, merchants and customers are told, in nine languages."""

from typing import Annotated

import typer

from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.service.notice_library import faults_in
from tiffin.capabilities.liability.service.notice_preview import list_kinds, preview
from tiffin.kernel.errors import FailedCheck
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of

WHOLE = mark("Nothing is missing in the texts of notices.")


def register(liability: typer.Typer) -> None:
    """Add the commands to ``tiffin liability``."""
    group = typer.Typer(no_args_is_help=True, help="What riders, merchants and customers are told, in nine languages.")
    group.command("list")(list_notices)
    group.command("show")(show)
    group.command("check")(check)
    liability.add_typer(group, name="notices")


def list_notices(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the kinds of notices. JSON: {"kinds": [{"name", "since", "versions", "audiences", "languages"}]}."""
    with open_context(workspace, user=user) as context:
        payload = {"kinds": list_kinds(context)}
        heads = [translate(context.locale, text) for text in (mark("Notice"), mark("In force from"), mark("Languages"))]
    emit(
        payload,
        as_json=as_json,
        human=lambda found: table_of(heads, ((one.name, one.since, " ".join(one.languages)) for one in found["kinds"])),
    )


def show(
    kind: Annotated[str, typer.Argument(help="Kind of notice, as `tiffin liability notices list` names it.")],
    *,
    locale: Annotated[
        str, typer.Option("--language", help="en, ar, zh_Hans, zh_Hant, pt_BR, ur, hi, bn or ne.")
    ] = "en",
    party: Annotated[Party, typer.Option(help="To whom: rider, merchant or customer.")] = Party.RIDER,
    country: Annotated[str, typer.Option(help="ISO 3166 code of the country.")] = "SA",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show a notice about an invented order. JSON: {"notice": {"title", "body", "digest", "locale", ...}}."""
    with open_context(workspace, user=user) as context:
        payload = {"notice": preview(context, kind, country=country, party=party, locale=locale)}
    emit(payload, as_json=as_json, human=lambda found: f"{found['notice'].title}\n\n{found['notice'].body}")


def check(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Check the texts of all notices: languages, values, plural forms, locks. JSON: {"missing": [text]}."""
    with open_context(workspace, user=user) as context:
        found = [translate(context.locale, one) for one in faults_in()]
        locale = context.locale
    emit({"missing": found}, as_json=as_json, human=lambda told: "\n".join(told["missing"]) or translate(locale, WHOLE))
    if found:
        raise FailedCheck(found[0])
