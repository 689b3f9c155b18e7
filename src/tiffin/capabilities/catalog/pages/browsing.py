"""The catalog's front page: every asset to browse by what it is, whose it is and how healthy it is."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict

from tiffin.capabilities.catalog import service
from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.browsing import Filters as Wanted
from tiffin.capabilities.catalog.domain.browsing import matching
from tiffin.capabilities.catalog.pages.drawing import health_picture
from tiffin.capabilities.catalog.pages.wording import CLASSES, KINDS, LIVES, TIERS
from tiffin.capabilities.catalog.service.domains import Domains, read_domains
from tiffin.capabilities.catalog.service.exporting import as_csv
from tiffin.capabilities.catalog.service.health import Examined, examine
from tiffin.capabilities.catalog.service.lineage import own_problems
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.runtime.i18n import language_of, mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page
from tiffin.web.paging import ordered, paged

router = APIRouter()

SHOWN = 60
PARTS = (AssetKind.COLUMN, AssetKind.FEED_COLUMN, AssetKind.TILE)
"""Kinds that are parts of others: listed when they are asked for, and in any search."""
_FIRST = (AssetKind.METRIC, AssetKind.DASHBOARD, AssetKind.REPORT, AssetKind.TABLE, AssetKind.FEED, AssetKind.TREE)
_ORDER = {kind: number for number, kind in enumerate(_FIRST)}
"""In which order kinds are listed where nothing else was asked for: what most people look for comes first."""
HEALTHS = (("good", mark("Good")), ("fair", mark("Fair")), ("poor", mark("Poor")))


class Filters(BaseModel):
    """What a reader looks for; every part may be empty."""

    model_config = ConfigDict(extra="ignore")

    q: str = ""
    kind: str = ""
    owner: str = ""
    domain: str = ""
    tier: str = ""
    class_: Annotated[str, Query(alias="class")] = ""
    health: str = ""
    view: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class AssetEntry:
    """One asset of the list, in the reader's language."""

    asset: Asset
    label: str
    meaning: str
    kind: str
    owner: str
    domain: str
    tier: str
    class_name: str
    life: str
    score: float | None
    health: str
    address: str


SORTS: dict[str, Callable[[AssetEntry], Any]] = {
    "label": lambda entry: entry.label.casefold(),
    "kind": lambda entry: entry.kind,
    "owner": lambda entry: entry.owner or None,
    "domain": lambda entry: entry.domain or None,
    "tier": lambda entry: list(TIERS).index(entry.asset.tier),
    "health": lambda entry: entry.score,
}


def page_of(asset: AssetId) -> str:
    """Give the address of an asset's page in the catalog."""
    return f"/catalog/{asset.kind.value}/{quote(asset.name, safe='/')}"


@router.get("")
def browse(
    request: Request,
    context: ContextDep,
    filters: Annotated[Filters, Query()],
    page_number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> HTMLResponse:
    """Show the assets that match, as a table or as cards."""
    service.require_grant(context)
    known = service.assets(context)
    examined, domains = examine(context, known), read_domains(context.workspace)
    language = language_of(context.locale)
    found = matching(known, _wanted(filters), language, examined.band, parts=PARTS)
    entries = [entry_of(asset, examined, domains, context.locale) for asset in found]
    entries.sort(key=lambda entry: (_ORDER.get(entry.asset.kind, len(_ORDER)), entry.label.casefold()))
    rows = paged(ordered(entries, sort=filters.sort, keys=SORTS), number=page_number, size=SHOWN)
    return page(
        request,
        context,
        "catalog/browse.html",
        found=rows,
        filters=filters,
        total=len(known),
        counts=_counts(known, context.locale),
        choices=_choices(known, domains, context.locale),
        drawing=health_picture(found, examined, context.locale),
        page_of=page_of,
        problems=own_problems(context),
    )


@router.get("/export.csv")
def export(context: ContextDep, filters: Annotated[Filters, Query()]) -> Response:
    """Give the assets that match as a file."""
    service.require_grant(context)
    known = service.assets(context)
    examined = examine(context, known)
    found = matching(known, _wanted(filters), language_of(context.locale), examined.band, parts=PARTS)
    headers = {"Content-Disposition": 'attachment; filename="catalog.csv"'}
    text = as_csv(found, examined, language_of(context.locale))
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def entry_of(asset: Asset, examined: Examined, domains: Domains, locale: str) -> AssetEntry:
    """Tell an asset in a language."""
    language = language_of(locale)
    return AssetEntry(
        asset,
        asset.label_in(language),
        asset.meaning_in(language),
        translate(locale, KINDS[asset.kind]),
        asset.owner,
        domains.label(asset.domain, language),
        translate(locale, TIERS[asset.tier]),
        translate(locale, CLASSES[asset.classification]) if asset.classification else "",
        translate(locale, LIVES[asset.life_cycle]),
        examined.score(asset),
        examined.band(asset),
        page_of(asset.id),
    )


def _wanted(filters: Filters) -> Wanted:
    return Wanted(filters.q, filters.kind, filters.owner, filters.domain, filters.tier, filters.class_, filters.health)


def _counts(assets: Iterable[Asset], locale: str) -> list[tuple[str, str, int]]:
    counted = Counter(asset.kind for asset in assets)
    return [(kind.value, translate(locale, KINDS[kind]), counted[kind]) for kind in AssetKind if counted[kind]]


def _choices(assets: Sequence[Asset], domains: Domains, locale: str) -> Mapping[str, list[tuple[str, str]]]:
    language = language_of(locale)
    everything = ("", translate(locale, mark("All")))
    kinds = {asset.kind for asset in assets}
    areas = {asset.domain for asset in assets if asset.domain}
    return {
        "kind": [everything, *((kind.value, translate(locale, KINDS[kind])) for kind in AssetKind if kind in kinds)],
        "owner": [everything, *((name, name) for name in sorted({asset.owner for asset in assets if asset.owner}))],
        "domain": [
            everything,
            *sorted(((name, domains.label(name, language)) for name in areas), key=lambda one: one[1]),
        ],
        "tier": [everything, *((tier.value, translate(locale, said)) for tier, said in TIERS.items())],
        "class": [everything, *((one.value, translate(locale, said)) for one, said in CLASSES.items())],
        "health": [everything, *((name, translate(locale, said)) for name, said in HEALTHS)],
    }
