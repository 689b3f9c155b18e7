"""How assets stand by team, area and country: scores, the worst first, and how they moved day by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from tiffin.capabilities.catalog import service
from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.health import Part, mean_score
from tiffin.capabilities.catalog.domain.standards import Topic
from tiffin.capabilities.catalog.pages.browsing import page_of
from tiffin.capabilities.catalog.pages.drawing import course_picture, trend_picture
from tiffin.capabilities.catalog.pages.wording import KINDS, PARTS, TO_DO, TOPICS
from tiffin.capabilities.catalog.service.days import (
    ALL,
    COUNTRY,
    DOMAIN,
    EVERYTHING,
    OWNER,
    TOPIC,
    KeptDay,
    countries_stood,
    keep,
    stood,
    stood_in,
    trend,
    trends,
)
from tiffin.capabilities.catalog.service.domains import Domains, read_domains
from tiffin.capabilities.catalog.service.health import Examined, examine
from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.kernel.assets import AssetKind
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_country, language_of, mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()

WORST = 20


@dataclass(frozen=True, slots=True)
class CountryRow:
    """How the assets stand on the facts of one country."""

    code: str
    score: float | None
    late: int
    fallen: int


@dataclass(frozen=True, slots=True)
class PartRow:
    """How a part of health stands over all assets: the mean, and how many assets lose by it."""

    name: str
    share: float
    lacking: int
    to_do: str


@router.get("/governance")
def show_governance(
    request: Request,
    context: ContextDep,
    owner: str = "",
    domain: str = "",
    country: Annotated[str, Query(max_length=2)] = "",
) -> HTMLResponse:
    """Show how assets stand: all, or those of a team or an area, on the facts of everywhere or of one country."""
    service.require_grant(context)
    known = [one for one in service.assets(context) if one.kind is not AssetKind.QUESTION]
    countries = sorted({one.country for one in visible_cities(context) if one.country})
    chosen = country if country in countries else ""
    whole, day = examine(context, known), context.now.date()
    by_country = countries_stood(context, known, whole.compliance)
    rows = (*stood(day, whole), *(stood_in(day, code, one) for code, one in by_country.items()))
    keep(context, rows, whole)
    examined = examine(context, known, country=chosen, known=whole.compliance) if chosen else whole
    listed = [one for one in known if owner in ("", one.owner) and domain in ("", one.domain)]
    domains, locale = read_domains(context.workspace), context.locale
    scope = _scope(owner, domain, chosen)
    found = [one for asset in listed for one in examined.findings.get(asset.id, ())]
    return page(
        request,
        context,
        "catalog/governance.html",
        filters={"owner": owner, "domain": domain, "country": chosen},
        choices=_choices(known, domains, countries, locale),
        score=mean_score(examined.healths[one.id] for one in listed),
        count=len(listed),
        today=next((one for one in rows if (one.scope, one.name) == scope), None),
        open_findings=[one for one in found if one.is_open],
        waived=[one for one in found if one.waiver is not None],
        teams=_sorted(rows, OWNER),
        areas=[(one, domains.label(one.name, language_of(locale))) for one in _sorted(rows, DOMAIN)],
        countries=[_country(code, one) for code, one in by_country.items()],
        standards=_standards(rows, locale),
        lines={kind: _lines(context, kind, locale) for kind in (OWNER, DOMAIN, COUNTRY, TOPIC)},
        parts=_parts(listed, examined, locale),
        worst=_worst(listed, examined),
        score_of=examined.score,
        health_of=lambda asset: examined.healths[asset.id],
        drawing=trend_picture(trend(context, *scope), locale),
        kinds={kind: translate(locale, said) for kind, said in KINDS.items()},
        topics={topic: translate(locale, said) for topic, said in TOPICS.items()},
        to_do={part: translate(locale, said) for part, said in TO_DO.items()},
        labels={one.id: one.label_in(language_of(locale)) for one in known},
        band=examined.band,
        page_of=page_of,
    )


def _scope(owner: str, domain: str, country: str) -> tuple[str, str]:
    """Tell whose course day by day is drawn: the narrowest that was chosen and that days are kept of."""
    if owner:
        return OWNER, owner
    if domain:
        return DOMAIN, domain
    return (COUNTRY, country) if country else (ALL, EVERYTHING)


def _lines(context: Context, scope: str, locale: str) -> Mapping[str, Markup]:
    """Draw the course of every team, area, country or topic."""
    return {name: course_picture(kept, locale) for name, kept in trends(context, scope).items()}


def _standards(rows: Sequence[KeptDay], locale: str) -> list[tuple[KeptDay, str]]:
    """Give the topics of standards, the worst kept first, with their names."""
    return [(one, translate(locale, TOPICS[Topic(one.name)])) for one in _sorted(rows, TOPIC)]


def _sorted(rows: Sequence[KeptDay], scope: str) -> list[KeptDay]:
    """Give the rows of a scope, the worst first."""
    return sorted((one for one in rows if one.scope == scope), key=lambda one: (one.score, one.name))


def _worst(assets: Sequence[Asset], examined: Examined) -> list[Asset]:
    """Give the assets with something to do, the worst first and of those the weightiest; wholes before any parts.

    Tiles and columns mostly suffer from what their dashboard or table suffers from, and are many more than these.
    """
    unwell = [one for one in assets if examined.score(one) is not None and examined.healths[one.id].to_do]
    order = {"critical": 0, "standard": 1, "local": 2}
    unwell.sort(key=lambda one: (bool(one.part_of), examined.score(one), order[one.tier.value], one.id))
    return unwell[:WORST]


def _country(code: str, seen: Examined) -> CountryRow:
    """Tell how tables and numbers stand in a country: the parts that do not depend on the place weigh as everywhere."""
    late = sum(
        bool(one.freshness and one.freshness.behind_days and one.freshness.behind_days > seen.rules.fresh_days)
        for asset, one in seen.standings.items()
        if asset.kind is AssetKind.TABLE
    )
    fallen = sum(bool(one.quality.fallen) for asset, one in seen.standings.items() if asset.kind is AssetKind.METRIC)
    return CountryRow(code, mean_score(seen.healths.values()), late, fallen)


def _parts(assets: Sequence[Asset], examined: Examined, locale: str) -> list[PartRow]:
    rows = []
    for part in Part:
        values = [
            one.value
            for asset in assets
            for one in examined.healths[asset.id].parts
            if one.part is part and one.value is not None
        ]
        if values:
            lacking = sum(value < 1 for value in values)
            share = sum(values) / len(values)
            rows.append(PartRow(translate(locale, PARTS[part]), share, lacking, translate(locale, TO_DO[part])))
    return sorted(rows, key=lambda row: row.share)


def _choices(
    assets: Sequence[Asset], domains: Domains, countries: Sequence[str], locale: str
) -> dict[str, list[tuple[str, str]]]:
    everything = ("", translate(locale, mark("All")))
    language = language_of(locale)
    areas = sorted({one.domain for one in assets if one.domain})
    return {
        "owner": [everything, *((name, name) for name in sorted({one.owner for one in assets if one.owner}))],
        "domain": [everything, *((name, domains.label(name, language)) for name in areas)],
        "country": [everything, *((code, format_country(code, locale)) for code in countries)],
    }
