"""The command ``tiffin access …``: ask, decide, answer for grants, emergencies, the personnel file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.access.cli.parties import parties_group
from tiffin.capabilities.access.domain.accounts import Limits, opened_classes
from tiffin.capabilities.access.domain.requesting import Ask
from tiffin.capabilities.access.service import emergencies, movers, requests, reviews
from tiffin.capabilities.access.service.granting import read_grant
from tiffin.kernel.errors import WrongUse
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of

NumberArgument = Annotated[int, typer.Argument(help="Number of the request, as `tiffin access requests` shows it.")]
CountryOption = Annotated[list[str] | None, typer.Option(help="ISO 3166 code, or * for all; may be repeated.")]
CityOption = Annotated[list[str] | None, typer.Option(help="City, or * for all; may be repeated.")]
OpensOption = Annotated[
    list[str] | None,
    typer.Option("--opens", help="Guarded columns: confidential, personal or special; may be repeated."),
]

MaskedOption = Annotated[
    list[str] | None,
    typer.Option("--masked", help="Guarded columns told masked: confidential, personal or special; may be repeated."),
]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    group = typer.Typer(
        no_args_is_help=True, help="Who may see what: ask, decide, review, emergencies, personnel file."
    )
    group.command("mine")(mine)
    group.command("ask")(ask)
    group.command("requests")(list_requests)
    group.command("approve")(approve)
    group.command("refuse")(refuse)
    group.command("withdraw")(withdraw)
    group.command("break-glass")(break_glass)
    group.command("look-at")(look_at)
    group.command("hr")(hr)
    group.command("renew")(renew)
    review = typer.Typer(no_args_is_help=True, help="Reviews of grants: who still needs what.")
    review.command("list")(list_reviews)
    review.command("start")(start_review)
    review.command("answer")(answer)
    group.add_typer(review, name="review")
    group.add_typer(parties_group(), name="parties")
    app.add_typer(group, name="access")


def mine(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Show what you may see, until when and why. JSON: {"grants": [...], "requests": [...]}."""
    with open_context(workspace, user=user) as context:
        payload = {"grants": requests.my_grants(context), "requests": requests.my_requests(context)}
        locale = context.locale
    heads = _heads(locale, mark("Number"), mark("Role"), mark("Where?"), mark("What for"), mark("Until"), mark("State"))
    emit(
        payload,
        as_json=as_json,
        human=lambda found: table_of(
            heads,
            [
                (one.grant_id, one.role, _places(one), one.purpose, one.expires_at.date(), translate(locale, one.state))
                for one in found["grants"]
            ],
        ),
    )


def ask(  # noqa: PLR0913 - one parameter an option of the command
    *,
    purpose: Annotated[str, typer.Option(help="What you need it for.")],
    asset: Annotated[str, typer.Option(help="What it is about, such as metric:late_share.")] = "",
    country: CountryOption = None,
    city: CityOption = None,
    rows: Annotated[list[str] | None, typer.Option("--rows", help="Only rows such as merchant_id=m1.")] = None,
    opens: OpensOption = None,
    masked: MaskedOption = None,
    is_only: Annotated[bool, typer.Option("--only", help="Only the asset, and nothing else of the place.")] = False,
    role: Annotated[Role, typer.Option(help="What you would be there.")] = Role.VIEWER,
    days: Annotated[int, typer.Option(help="For how long.")] = 90,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Ask for access. JSON: {"request": {"request_id", "state", ...}}."""
    alone = (asset,) if is_only else ()
    limits = Limits(tuple(rows or ()), tuple(opens or ()), masked=tuple(masked or ()), assets=alone)
    wanted = Ask(read_grant(role, countries=country or (), cities=city or (), limits=limits), purpose, days, asset)
    with open_context(workspace, user=user) as context:
        made = requests.ask_for(context, wanted)
    _tell(made, as_json=as_json)


def list_requests(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the requests and emergencies that wait for you. JSON: {"requests": [...], "emergencies": [...]}."""
    with open_context(workspace, user=user) as context:
        waiting = requests.waiting_requests(context)
        payload = {"requests": waiting, "emergencies": emergencies.list_emergencies(context)}
        locale = context.locale
    heads = _heads(locale, mark("Number"), mark("Who"), mark("What"), mark("What for"), mark("State"))
    emit(
        payload,
        as_json=as_json,
        human=lambda found: table_of(
            heads,
            [(one.request_id, one.requester, _asked(one.ask), one.ask.purpose, one.state) for one in found["requests"]]
            + [
                (one.emergency_id, one.who, _places(one.grant), one.reason, "emergency") for one in found["emergencies"]
            ],
        ),
    )


def approve(  # noqa: PLR0913 - one parameter an option of the command
    request_id: NumberArgument,
    *,
    least: Annotated[bool, typer.Option("--least", help="Grant the least that does it.")] = False,
    country: CountryOption = None,
    city: CityOption = None,
    opens: OpensOption = None,
    days: Annotated[int | None, typer.Option(help="For fewer days than asked.")] = None,
    note: Annotated[str, typer.Option(help="A note for the requester.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Agree to a request, or to less of it. JSON: {"request": {...}}."""
    with open_context(workspace, user=user) as context:
        base = requests.assess(context, request_id).least if least else requests.show_request(context, request_id).ask
        less = _less(base.grant, country, city, opens)
        given = replace(base, grant=less, days=days or base.days)
        is_whole = not least and less == base.grant and days is None
        done = requests.approve(context, request_id, None if is_whole else given, note=note)
    _tell(done, as_json=as_json)


def refuse(
    request_id: NumberArgument,
    reason: Annotated[str, typer.Argument(help="Why.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Refuse a request and say why; it can be asked again. JSON: {"request": {...}}."""
    with open_context(workspace, user=user) as context:
        done = requests.refuse(context, request_id, reason)
    _tell(done, as_json=as_json)


def withdraw(
    request_id: NumberArgument,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Take your own request back. JSON: {"request": {...}}."""
    with open_context(workspace, user=user) as context:
        done = requests.withdraw(context, request_id)
    _tell(done, as_json=as_json)


def break_glass(
    reason: Annotated[str, typer.Argument(help="Why at once.")],
    *,
    country: CountryOption = None,
    city: CityOption = None,
    hours: Annotated[float | None, typer.Option(help="For how long; at most as the rules say.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Open places to yourself at once; who answers is told, and looks at it. JSON: {"emergency": {...}}."""
    with open_context(workspace, user=user) as context:
        made = emergencies.open_emergency(
            context, reason=reason, countries=country or (), cities=city or (), hours=hours
        )
    emit({"emergency": made}, as_json=as_json, human=_emergency)


def look_at(
    emergency_id: Annotated[int, typer.Argument(help="Number of the emergency.")],
    reason: Annotated[str, typer.Argument(help="What you found.")],
    *,
    justified: Annotated[bool, typer.Option("--justified/--not-justified", help="Whether it was.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Say whether somebody else's emergency was justified. JSON: {"emergency": {...}}."""
    with open_context(workspace, user=user) as context:
        done = emergencies.review_emergency(context, emergency_id, is_justified=justified, reason=reason)
    emit({"emergency": done}, as_json=as_json, human=_emergency)


def hr(
    file: Annotated[
        Path, typer.Argument(help="Personnel file: employee_id,account,name,job,country,city,team,manager,from,to.")
    ],
    *,
    is_applied: Annotated[bool, typer.Option("--apply", help="Do it; else it is only shown.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Bring accounts to what a personnel file says. JSON: {"changes": [...], "faults": [...], "is_applied"}."""
    with open_context(workspace, user=user) as context:
        found = movers.bring_people(context, file, is_applied=is_applied)
    payload = {"changes": found.changes, "faults": found.faults, "is_applied": found.is_applied}
    emit(payload, as_json=as_json, human=_brought)


def renew(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Renew the owner's own grant for a year, at the machine that holds the files. JSON: {"grant": {...}}."""
    with open_context(workspace) as context:
        payload = {"grant": reviews.renew_owner(context)}
    emit(payload, as_json=as_json, human=lambda found: f"{found['grant'].expires_at:%Y-%m-%d}")


def list_reviews(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the reviews of grants with what waits in each. JSON: {"campaigns": [{..., "reviews": [...]}]}."""
    with open_context(workspace, user=user) as context:
        shown = [reviews.show_campaign(context, one.campaign_id) for one in reviews.list_campaigns(context)]
        locale = context.locale
    payload = {"campaigns": [{"campaign": campaign, "reviews": rows} for campaign, rows in shown]}
    heads = _heads(locale, mark("Number"), mark("Name"), mark("Account"), mark("Role"), mark("Where?"), mark("Answer"))
    emit(
        payload,
        as_json=as_json,
        human=lambda _: table_of(
            heads,
            [
                (one.review_id, campaign.name, one.account, one.grant.role, _places(one.grant), one.decision)
                for campaign, rows in shown
                for one in rows
            ],
        ),
    )


def start_review(  # noqa: PLR0913 - one parameter an option of the command
    name: Annotated[str, typer.Argument(help="What it is called.")],
    *,
    reviewer: Annotated[str, typer.Option(help="Account that answers.")],
    until: Annotated[str, typer.Option(help="Last day to answer, such as 2026-12-31 (UTC).")],
    country: CountryOption = None,
    city: CityOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Let somebody answer for every grant of a scope; what he does not answer for ends. JSON: {"campaign": {...}}."""
    try:
        due_at = datetime.combine(date.fromisoformat(until), time.max, tzinfo=UTC)
    except ValueError:
        raise WrongUse(f"--until takes a date such as 2026-12-31; found {until!r}.") from None
    with open_context(workspace, user=user) as context:
        made = reviews.start_campaign(
            context, name, countries=country or (), cities=city or (), reviewer=reviewer, due_at=due_at
        )
    emit({"campaign": made}, as_json=as_json, human=lambda found: f"{found['campaign'].campaign_id}: {made.total}")


def answer(
    review_id: Annotated[int, typer.Argument(help="Number, as `tiffin access review list` shows it.")],
    decision: Annotated[reviews.Decision, typer.Argument(help="What becomes of the grant.")],
    *,
    opens: OpensOption = None,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Answer for one grant: keep, reduce (to a viewer's with --opens) or revoke. JSON: {"review": {...}}."""
    with open_context(workspace, user=user) as context:
        done = reviews.decide(context, review_id, decision, reason=reason, opens=opened_classes(opens or ()))
    emit(
        {"review": done}, as_json=as_json, human=lambda found: f"{found['review'].account}: {found['review'].decision}"
    )


def _tell(one: requests.RequestView, *, as_json: bool) -> None:
    emit(
        {"request": one},
        as_json=as_json,
        human=lambda found: f"{found['request'].request_id}: {found['request'].state}",
    )


def _emergency(found: Any) -> str:
    one = found["emergency"]
    return f"{one.emergency_id}: {_places(one.grant)}, {one.grant.expires_at:%Y-%m-%d %H:%M} UTC; {', '.join(one.told)}"


def _brought(found: Any) -> RenderableType:
    rows = [(one.person.line, one.person.account, one.move.value, _gives(one)) for one in found["changes"]]
    rows += [(fault.line, "", "fault", fault.reason) for fault in found["faults"]]
    return table_of(["Line", "Account", "Move", "What"], rows)


def _gives(change: Any) -> str:
    gives = [f"+ {grant.role} {_places(grant)}" for grant in change.gives]
    return "; ".join([*gives, *(f"- {number}" for number in change.takes)])


def _less(grant: Grant, country: list[str] | None, city: list[str] | None, opens: list[str] | None) -> Grant:
    is_elsewhere = country is not None or city is not None
    return replace(
        grant,
        countries=tuple(country or ()) if is_elsewhere else grant.countries,
        cities=tuple(city or ()) if is_elsewhere else grant.cities,
        opens=grant.opened if opens is None else opened_classes(opens),
    )


def _asked(ask: Ask) -> str:
    masked = "".join(f" ({name})" for name in ask.grant.masked)
    alone = f", {' '.join(ask.grant.assets)}" if ask.grant.assets else ""
    return f"{ask.grant.role}, {_places(ask.grant)}{alone}, {' '.join(ask.grant.opened) or '-'}{masked}, {ask.days} d"


def _places(held: Any) -> str:
    listed: Sequence[str] = (*held.countries, *held.cities)
    return " ".join(listed)


def _heads(locale: str, *texts: str) -> list[str]:
    return [translate(locale, text) for text in texts]
