"""The page of one asset: what it means, whether it may be used and trusted, and what people add to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.catalog import service
from tiffin.capabilities.catalog.domain.assets import Asset, LifeCycle
from tiffin.capabilities.catalog.domain.saying import TEXT_MAX, Field, Saying
from tiffin.capabilities.catalog.domain.standards import Severity
from tiffin.capabilities.catalog.pages.browsing import page_of
from tiffin.capabilities.catalog.pages.drawing import asset_picture, use_picture
from tiffin.capabilities.catalog.pages.wording import (
    CLASSES,
    CLASSES_TOLD,
    FIELDS,
    KINDS,
    LIFE_TONES,
    LIVES,
    PARTS,
    PARTS_TOLD,
    SEVERITIES,
    TIERS,
    TIERS_TOLD,
    TO_DO,
    TOPICS,
)
from tiffin.capabilities.catalog.service.days import asset_trend
from tiffin.capabilities.catalog.service.domains import read_domains
from tiffin.capabilities.catalog.service.health import examine
from tiffin.capabilities.catalog.service.saying import history, may_say, say, undo
from tiffin.capabilities.catalog.service.using import may_use
from tiffin.capabilities.catalog.service.waivers import end_waiver, waive
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import Conflict, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import ENDONYMS, language_of, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Words:
    """How the page calls things, in the reader's language."""

    locale: str

    def __getitem__(self, name: str) -> Mapping[Any, str]:
        """Give one vocabulary by name."""
        return {key: translate(self.locale, said) for key, said in _WORDS[name].items()}


_WORDS: Mapping[str, Mapping[Any, str]] = {
    "kinds": KINDS,
    "tiers": TIERS,
    "tiers_told": TIERS_TOLD,
    "classes": CLASSES,
    "classes_told": CLASSES_TOLD,
    "lives": LIVES,
    "parts": PARTS,
    "parts_told": PARTS_TOLD,
    "to_do": TO_DO,
    "topics": TOPICS,
    "severities": SEVERITIES,
    "fields": FIELDS,
}


@router.get("/{kind}/{name:path}")
def show_asset(request: Request, context: ContextDep, kind: str, name: str) -> Response:
    """Show one asset."""
    return _asset_page(request, context, _named(kind, name))


async def form_of(request: Request) -> Mapping[str, str]:
    """Give what a form says."""
    form = await request.form()
    return {name: text for name, text in form.items() if isinstance(text, str)}


@router.post("/{kind}/{name:path}")
def write(
    request: Request, context: ContextDep, kind: str, name: str, said: Annotated[Mapping[str, str], Depends(form_of)]
) -> Response:
    """Keep what somebody says of an asset, take a change back, waive a standard or end a waiver."""
    named = _named(kind, name)
    asset = service.find_asset(context, named)
    try:
        with context.session.begin_nested():
            _ACTS.get(said.get("action", ""), _describe)(context, asset, said)
    except (Conflict, WrongUse) as refusal:
        return _asset_page(request, context, named, refused=refusal.said, status=HTTPStatus(refusal.http_status))
    return RedirectResponse(page_of(named), status_code=HTTPStatus.SEE_OTHER)


def _named(kind: str, name: str) -> AssetId:
    try:
        return AssetId.parse(f"{kind}:{name}")
    except WrongUse as error:
        raise NotFound(Message("There is no asset {asset} that you may know of.", asset=f"{kind}:{name}")) from error


def _describe(context: Context, asset: Asset, said: Mapping[str, str]) -> None:
    """Keep what differs from what the page showed."""
    shown = _shown(asset)
    changed = [
        Saying(Field(name.partition(".")[0]), said[name], name.partition(".")[2])
        for name in shown
        if name in said and said[name].replace("\r\n", "\n").strip() != shown[name].strip()
    ]
    say(context, asset, changed)


def _undo(context: Context, asset: Asset, said: Mapping[str, str]) -> None:
    undo(context, asset, _number(said))


def _waive(context: Context, asset: Asset, said: Mapping[str, str]) -> None:
    try:
        ends_on = date.fromisoformat(said.get("ends_on", ""))
    except ValueError as error:
        raise WrongUse(Message("A waiver ends on a day between today and a year from now.")) from error
    wanted = {"reason": said.get("reason", ""), "owner": said.get("owner", "")}
    waive(context, asset, said.get("rule", ""), ends_on=ends_on, **wanted)


def _end(context: Context, _asset: Asset, said: Mapping[str, str]) -> None:
    end_waiver(context, _number(said))


_ACTS = {"undo": _undo, "waive": _waive, "end_waiver": _end}


def _number(said: Mapping[str, str]) -> int:
    text = said.get("number", "")
    if not text.isdecimal() or len(text) > 9:  # noqa: PLR2004 - more digits than any number of ours has
        raise WrongUse(Message("A number was expected; '{found}' was found.", found=text[:20]))
    return int(text)


def _shown(asset: Asset) -> dict[str, str]:
    """Give what the form shows, by the names of its entries."""
    return {
        Field.OWNER.value: asset.owner,
        Field.TECHNICAL_OWNER.value: asset.technical_owner,
        **{f"{Field.MEANING.value}.{language}": asset.meaning.get(language, "") for language in LOCALES},
        Field.NOTE.value: asset.note,
        Field.TAGS.value: ", ".join(asset.tags),
        Field.LIFE_CYCLE.value: asset.life_cycle.value,
        Field.SUCCESSOR.value: asset.successor.text if asset.successor else "",
    }


def _asset_page(
    request: Request, context: Context, named: AssetId, *, refused: str = "", status: HTTPStatus = HTTPStatus.OK
) -> Response:
    locale, language = context.locale, language_of(context.locale)
    asset = service.find_asset(context, named)
    every = service.visible(context)
    parts = [one for one in every.values() if one.part_of == named]
    examined = examine(context, (asset, *parts))
    standing = examined.standings[named]
    return page(
        request,
        context,
        "catalog/asset.html",
        status=status,
        asset=asset,
        label=asset.label_in(language),
        meaning=asset.meaning_in(language),
        is_untranslated=bool(asset.meaning) and not asset.meaning.get(language),
        standing=standing,
        health=examined.healths[named],
        band=examined.band,
        findings=examined.findings.get(named, ()),
        bad_parts=sum(any(one.is_open for one in examined.findings.get(part.id, ())) for part in parts),
        parts=sorted(parts, key=lambda one: _place(asset, one)),
        whole=every.get(asset.part_of) if asset.part_of else None,
        shown_metrics=[every[one] for one in _metrics(asset) if one in every],
        told_tables=[every[one] for one in _tables(asset) if one in every],
        may_use=may_use(context, asset),
        changes=history(context, named),
        may_say=may_say(context, asset),
        may_waive=context.actor.has_role_everywhere(Role.STEWARD),
        form=_shown(asset),
        refused=refused,
        area=read_domains(context.workspace).label(asset.domain, language),
        words=Words(locale),
        lives=tuple(LifeCycle),
        endonyms_of=ENDONYMS,
        tones=LIFE_TONES,
        must=Severity.MUST,
        text_max=TEXT_MAX,
        today=context.now.date(),
        use_drawing=use_picture(standing.usage, locale) if standing.usage and standing.usage.uses else "",
        course=asset_picture(asset_trend(context, named), locale),
        page_of=page_of,
        quoted=quote(named.text, safe=""),
    )


def _place(whole: Asset, part: Asset) -> tuple[int, str]:
    """Order columns as their contract does, all other parts by name."""
    columns = whole.traits.get("columns", ())
    name = part.name.rpartition(".")[2]
    is_listed = isinstance(columns, tuple) and name in columns
    return (columns.index(name) if isinstance(columns, tuple) and is_listed else 0, part.name)


def _metrics(asset: Asset) -> list[AssetId]:
    return [AssetId(AssetKind.METRIC, name) for name in asset.metrics if name != asset.name]


def _tables(asset: Asset) -> list[AssetId]:
    is_own = asset.kind in (AssetKind.TABLE, AssetKind.COLUMN)
    return [] if is_own else [AssetId(AssetKind.TABLE, name) for name in asset.tables]
