"""The commands ``tiffin liability judge | incidents | verdicts | show | report | decide``."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.routing import Decision
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service.incidents import report
from tiffin.capabilities.liability.service.judging import judge_day
from tiffin.capabilities.liability.service.judging_people import decide
from tiffin.capabilities.liability.service.judging_plain import incident_as_plain, verdict_as_plain, waiting_as_plain
from tiffin.capabilities.liability.service.routing import QueueFilter, file_of, list_incidents
from tiffin.capabilities.liability.service.verdicts import VerdictFilter, list_verdicts
from tiffin.capabilities.policies.service.value_names import value_name
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days, asked_days, read_day
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_instant, format_number, format_percent, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, table_of

CityArgument = Annotated[str, typer.Argument(help="City, such as riyadh.")]
CaseArgument = Annotated[int, typer.Argument(help="Number of the incident's case.")]
CityOption = Annotated[str, typer.Option("--city", help="Only this city.")]
TypeOption = Annotated[str, typer.Option("--type", help="Only this type, such as late.")]
LimitOption = Annotated[int, typer.Option(help="How many, the newest first.", min=1, max=10_000)]
_JUDGED = mark(
    "{found} incidents in the facts, {known} known before. Closed by themselves: {closed} ({share}); sent to people: "
    "{asked}. {seconds} s."
)


def register(liability: typer.Typer) -> None:
    """Add the commands to ``tiffin liability``."""
    liability.command("judge")(judge_city)
    liability.command("incidents")(incidents)
    liability.command("verdicts")(verdicts)
    liability.command("show")(show)
    liability.command("report")(report_one)
    liability.command("decide")(decide_one)


def judge_city(
    city: CityArgument,
    *,
    first: Annotated[str, typer.Option("--from", help="First business day, like 2026-02-16.")],
    last: Annotated[str | None, typer.Option("--to", help="Last business day; else the first alone.")] = None,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the incidents of a city's days in its facts, and judge those that nobody judged before.

    JSON: {"city_id", "first", "last", "found", "known", "closed", "asked", "automatic_share", "seconds"}.
    """
    days = asked_days(read_day(first), read_day(last or first))
    found: dict[str, Any] = {}
    with open_context(workspace, user=user) as context:
        locale = context.locale
        with progress(len(days), city) as show_step:
            for day in _each(days):
                judged = judge_day(context, city, day)
                show_step(1)
                for name in ("found", "known", "closed", "asked", "seconds"):
                    found[name] = found.get(name, 0) + getattr(judged, name)
    new = found["closed"] + found["asked"]
    told = {"city_id": city, "first": str(days.first), "last": str(days.last), **found}
    told["automatic_share"] = round(found["closed"] / new, 4) if new else 1.0
    emit(told, as_json=as_json, human=lambda said: _judged(said, locale))


def incidents(
    *,
    city: CityOption = "",
    incident: TypeOption = "",
    waiting: Annotated[bool, typer.Option("--waiting", help="Only those that wait for a person.")] = False,
    limit: LimitOption = 200,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List incidents. JSON: {"incidents": [{"case_id", "city_id", "order_id", "type", "question", ...}]}."""
    wanted = QueueFilter(city_id=city, incident=incident)
    with open_context(workspace, user=user) as context:
        listed = list_incidents(context, wanted, waiting=True if waiting else None, limit=limit)
        found, locale = [waiting_as_plain(one) for one in listed], context.locale
    emit({"incidents": found}, as_json=as_json, human=lambda _: _incidents(found, locale))


def verdicts(
    *,
    city: CityOption = "",
    incident: TypeOption = "",
    limit: LimitOption = 200,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the verdicts that hold. JSON: {"verdicts": [{"verdict_id", "shares", "points", "policy", "row", ...}]}."""
    wanted = VerdictFilter(city_id=city or None, incident=_type(incident) if incident else None)
    with open_context(workspace, user=user) as context:
        listed, locale = list_verdicts(context, wanted, limit=limit), context.locale
    found = [verdict_as_plain(one) for one in listed]
    emit({"verdicts": found}, as_json=as_json, human=lambda _: _verdicts(listed, locale))


def show(
    case_id: CaseArgument, *, user: UserOption = None, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Show an incident: question, options, verdict. JSON: {"incident", "question", "options", "verdict"}."""
    with open_context(workspace, user=user) as context:
        found, locale = incident_as_plain(file_of(context, case_id)), context.locale
    emit(found, as_json=as_json, human=lambda _: _shown(found, locale))


def report_one(
    city: CityArgument,
    order: Annotated[str, typer.Argument(help="The order.")],
    incident: Annotated[str, typer.Argument(help="What went wrong, such as missing_item.")],
    *,
    say: Annotated[list[str] | None, typer.Option("--say", help="name=value that is known; repeat it.")] = None,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Report an incident; told again, it is the same case. JSON: {"case_id", "incident", "question", "verdict"}."""
    with open_context(workspace, user=user) as context:
        now = context.now
        told = Incident(
            city_id=city,
            country="",
            order_id=order,
            incident=_type(incident),
            happened_at=now,
            business_date=now.date(),
            reported_at=now,
            reported_by="employee",
            facts=dict(_said(one) for one in say or ()),
        )
        found, locale = incident_as_plain(file_of(context, report(context, told))), context.locale
    emit(found, as_json=as_json, human=lambda _: _shown(found, locale))


def decide_one(  # noqa: PLR0913 - one parameter an option
    case_id: CaseArgument,
    option: Annotated[str, typer.Argument(help="What is decided; `tiffin liability show` names the options.")],
    *,
    reason: Annotated[str, typer.Option(help="Why otherwise than proposed, such as evidence_says_otherwise.")] = "",
    note: Annotated[str, typer.Option(help="In your own words, for the statement of reasons.")] = "",
    version: Annotated[int | None, typer.Option(help="Refuse if the case is no longer at this version.")] = None,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide an incident that waits for a person. JSON: as `tiffin liability show`."""
    with open_context(workspace, user=user) as context:
        decide(context, case_id, Decision(option, reason, note), version)
        found, locale = incident_as_plain(file_of(context, case_id)), context.locale
    emit(found, as_json=as_json, human=lambda _: _shown(found, locale))


def _each(days: Days) -> list[Days]:
    first = days.first.toordinal()
    listed = [datetime.fromordinal(first + step).replace(tzinfo=UTC).date() for step in range(len(days))]
    return [Days(day, day) for day in listed]


def _type(text: str) -> IncidentType:
    if text not in {one.value for one in IncidentType}:
        known = ", ".join(one.value for one in IncidentType)
        raise WrongUse(Message("An incident is one of {known}; found {found}.", known=known, found=text[:80]))
    return IncidentType(text)


def _said(text: str) -> tuple[str, Any]:
    name, found, value = text.partition("=")
    if not found:
        raise WrongUse(Message("--say takes name=value, such as seal=open; found {found}.", found=text[:80]))
    plain = {"true": True, "false": False}.get(value.strip().lower(), value.strip())
    return name.strip(), int(plain) if isinstance(plain, str) and plain.isdigit() else plain


def _judged(said: Mapping[str, Any], locale: str) -> str:
    numbers = {name: format_number(said[name], locale) for name in ("found", "known", "closed", "asked")}
    share, seconds = format_percent(said["automatic_share"], locale), format_number(said["seconds"], locale, decimals=1)
    return translate(locale, _JUDGED, share=share, seconds=seconds, **numbers)


def _incidents(found: list[dict[str, Any]], locale: str) -> RenderableType:
    heads = (mark("Case"), mark("City"), mark("Order"), mark("What"), mark("Question"))
    rows = [
        (
            str(one["case_id"]),
            one["city_id"],
            one["order_id"],
            value_name(one["type"], locale),
            value_name(one["question"], locale) if one["question"] else None,
        )
        for one in found
    ]
    return table_of([translate(locale, head) for head in heads], rows)


def _verdicts(found: tuple[Verdict, ...], locale: str) -> RenderableType:
    heads = (mark("When"), mark("Verdict"), mark("Reason"))
    language = locale
    rows = [
        (format_instant(one.decided_at, locale), one.verdict_id, one.reason.get(language) or one.reason.get("en"))
        for one in found
    ]
    return table_of([translate(locale, head) for head in heads], rows)


def _shown(found: Mapping[str, Any], locale: str) -> str:
    lines = [f"{found['incident']['case_id']}: {found['incident']['key']}"]
    if found["question"]:
        lines.append(value_name(found["question"], locale))
        lines += [f"  {one['option']}: {one['shares']} {one['points']}" for one in found["options"]]
    reason = (found["verdict"] or found)["reason"]
    lines.append(str(reason.get(locale) or reason.get("en") or ""))
    return "\n".join(lines)
