"""Commands that tell of assets: ``tiffin catalog list``, ``show``, ``standards``, ``health``."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.catalog import service
from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.browsing import Filters, matching
from tiffin.capabilities.catalog.domain.health import mean_score
from tiffin.capabilities.catalog.domain.standards import Compliance, Finding
from tiffin.capabilities.catalog.service.days import countries_stood, is_kept, keep, stood, stood_in
from tiffin.capabilities.catalog.service.exporting import row_of
from tiffin.capabilities.catalog.service.health import Examined, examine
from tiffin.capabilities.catalog.service.lineage import own_problems
from tiffin.capabilities.catalog.service.saying import history
from tiffin.capabilities.catalog.service.standards import compliance_of
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_number, format_percent, language_of, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, say, table_of

AssetArgument = Annotated[str, typer.Argument(help="The asset, such as table:orders or metric:late_share.")]
OwnerOption = Annotated[str, typer.Option(help="Only what this team or person answers for.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("list")(list_assets)
    app.command("show")(show)
    app.command("standards")(standards)
    app.command("health")(health)


def list_assets(
    text: Annotated[str, typer.Argument(help="Words that stand in name, label or meaning; none for all.")] = "",
    *,
    kind: Annotated[AssetKind | None, typer.Option(help="Only assets of this kind.")] = None,
    owner: OwnerOption = "",
    domain: Annotated[str, typer.Option(help="Only assets of this area of the business.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List assets with how they stand. JSON: {"assets": [{"asset", "label", "owner", ...}], "problems": []}."""
    with open_context(workspace, user=user) as context:
        service.require_grant(context)
        locale, known = context.locale, service.assets(context)
        examined = examine(context, known)
        wanted = Filters(text, kind.value if kind else "", owner, domain)
        found = matching(known, wanted, language_of(locale), examined.band)
        rows = [row_of(asset, examined, language_of(locale)) for asset in found]
        problems = [translate(locale, one) for one in own_problems(context)]
    for problem in problems:
        say(problem)
    heads = (mark("Asset"), mark("Label"), mark("Owner"), mark("Class"), mark("Health"))
    shown = ("asset", "label", "owner", "classification", "health")
    emit(
        {"assets": rows, "problems": problems},
        as_json=as_json,
        human=lambda _: table_of(
            [translate(locale, head) for head in heads], [[row[name] for name in shown] for row in rows]
        ),
    )


def show(
    asset: AssetArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Show one asset. JSON: {"asset": {}, "standing": {}, "score", "health": [], "findings": [], "changes": []}."""
    with open_context(workspace, user=user) as context:
        found = service.find_asset(context, AssetId.parse(asset))
        examined, changes = examine(context, (found,)), history(context, found.id)
        locale = context.locale
    payload = {
        "asset": _plain(found),
        "standing": examined.standings[found.id],
        "score": examined.score(found),
        "health": [
            {"part": one.part, "value": one.value, "weight": one.weight} for one in examined.healths[found.id].parts
        ],
        "findings": [finding_as_plain(one, locale) for one in examined.findings.get(found.id, ())],
        "changes": [asdict(one) | {"asset": one.asset.text} for one in changes],
    }
    emit(payload, as_json=as_json, human=lambda _: _told(found, examined, locale))


def standards(
    asset: Annotated[list[str] | None, typer.Argument(help="Assets to look at; none for all.")] = None,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on what should be kept as well.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Hold the standards over assets; exit 1 where one is broken and nobody has a waiver for it.

    JSON: {"checked", "open", "waived", "share", "findings": [{"asset", "standard", "severity", "says", "waiver"}]}.
    """
    with open_context(workspace, user=user) as context:
        service.require_grant(context)
        locale = context.locale
        looked_at = [service.find_asset(context, AssetId.parse(one)) for one in asset or ()] or service.assets(context)
        found = compliance_of(context, looked_at)
        if not asset:
            _keep_day(context, looked_at, found)
    failing = [one for one in found.findings if one.is_open or (strict and one.waiver is None)]
    payload = {
        "checked": found.checked,
        "open": len(found.open),
        "waived": sum(one.waiver is not None for one in found.findings),
        "share": found.share,
        "findings": [finding_as_plain(one, locale) for one in found.findings],
    }
    emit(payload, as_json=as_json, human=lambda _: _findings(found, locale))
    if failing:
        raise typer.Exit(1)


def _keep_day(context: Context, assets: Sequence[Asset], found: Compliance) -> None:
    """Keep how everything stands today, in every country too; the first who looks on a day does so for all."""
    if is_kept(context):
        return
    examined, day = examine(context, assets, known=found), context.now.date()
    countries = countries_stood(context, assets, found)
    keep(context, (*stood(day, examined), *(stood_in(day, code, one) for code, one in countries.items())), examined)


def health(
    *,
    owner: OwnerOption = "",
    country: Annotated[str | None, typer.Option(help="On the facts of this country only, such as SA.")] = None,
    limit: Annotated[int, typer.Option(help="How many assets, the worst first.", min=1, max=5000)] = 20,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Score the health of assets. JSON: {"score", "assets", "teams": [{}], "worst": [{"asset", "score", "to_do"}]}."""
    with open_context(workspace, user=user) as context:
        service.require_grant(context)
        locale, known = context.locale, service.assets(context)
        examined = examine(context, known, country=country)
        teams = [one for one in stood(context.now.date(), examined) if one.scope == "owner"]
    listed = [one for one in known if owner in ("", one.owner)]
    worst = sorted((one for one in listed if examined.healths[one.id].to_do), key=lambda one: examined.score(one) or 0)
    rows = [_unwell(one, examined) for one in worst[:limit]]
    payload = {
        "score": mean_score(examined.healths[one.id] for one in listed),
        "assets": len(listed),
        "teams": [{"owner": one.name, "assets": one.assets, "score": one.score, "share": one.share} for one in teams],
        "worst": rows,
    }
    heads = (mark("Asset"), mark("Health"), mark("What to do next"))
    emit(
        payload,
        as_json=as_json,
        human=lambda _: table_of(
            [translate(locale, head) for head in heads],
            [(row["asset"], format_number(row["score"], locale, decimals=1), ", ".join(row["to_do"])) for row in rows],
            written_numbers={1},
        ),
    )


def finding_as_plain(finding: Finding, locale: str) -> dict[str, Any]:
    """Give a finding as plain values."""
    waiver = finding.waiver
    return {
        "asset": finding.asset.text,
        "standard": finding.standard.name,
        "topic": finding.standard.topic,
        "severity": finding.standard.severity,
        "says": finding.standard.text(language_of(locale)),
        "detail": translate(locale, finding.detail) if finding.detail else "",
        "waiver": {"owner": waiver.owner, "reason": waiver.reason, "ends_on": waiver.ends_on} if waiver else None,
    }


def _unwell(asset: Asset, examined: Examined) -> dict[str, Any]:
    found = examined.healths[asset.id]
    return {"asset": asset.id.text, "score": found.score, "to_do": [one.part.value for one in found.to_do]}


def _plain(asset: Asset) -> dict[str, Any]:
    named = {"asset": asset.id.text, "part_of": asset.part_of and asset.part_of.text}
    found = asdict(asset) | named | {"successor": asset.successor and asset.successor.text}
    return {name: value for name, value in found.items() if name != "id"}


def _told(asset: Asset, examined: Examined, locale: str) -> RenderableType:
    language = language_of(locale)
    rows = row_of(asset, examined, language)
    listed = [(name, value) for name, value in rows.items() if value not in (None, "") and name != "meaning"]
    return Group(
        Text(asset.label_in(language), style="bold"),
        Text(asset.meaning_in(language)),
        table_of(("", ""), listed),
        _lines(examined.findings.get(asset.id, ()), locale),
    )


def _findings(found: Compliance, locale: str) -> RenderableType:
    said = translate(
        locale,
        mark("{share} of {checked} checks are kept; to mend: {open}."),
        share=format_percent(found.share, locale, decimals=2),
        checked=format_number(found.checked, locale),
        open=format_number(len(found.open), locale),
    )
    return Group(_lines(found.findings, locale), Text(said))


def _lines(findings: Sequence[Finding], locale: str) -> RenderableType:
    heads = (mark("Asset"), mark("Standard"), mark("What"))
    rows = []
    for one in findings:
        plain = finding_as_plain(one, locale)
        rows.append(
            (plain["asset"], f"{one.standard.name} ({one.standard.severity})", plain["detail"] or plain["says"])
        )
    return table_of([translate(locale, head) for head in heads], rows) if rows else Text("")
