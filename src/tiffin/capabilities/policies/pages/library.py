"""The library of policies: what each answers, who owns it, how it is."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from tiffin.capabilities.policies.pages.where import in_words, place_name, where_of
from tiffin.capabilities.policies.pages.wording import HEALTH, HEALTH_TONES
from tiffin.capabilities.policies.service import drafting, library
from tiffin.capabilities.policies.service.drafting_rights import may_read_drafts
from tiffin.capabilities.policies.service.library import Health, PolicyEntry
from tiffin.runtime.i18n import translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page
from tiffin.web.paging import ordered

router = APIRouter()


class Filters(BaseModel):
    """What a reader looks for; every part may be empty."""

    q: str = ""
    owner: str = ""
    market: str = ""
    sort: str = "title"


@dataclass(frozen=True, slots=True)
class Told:
    """A policy of the list in the reader's language."""

    name: str
    title: str
    question: str
    owner: str
    since: date | None
    places: tuple[str, ...]
    rows: int
    worked_cases: int
    health: Health
    fault: str
    drafts: int


SORTS: dict[str, Callable[[Told], Any]] = {
    "title": lambda one: one.title.casefold(),
    "owner": lambda one: one.owner,
    "since": lambda one: one.since,
}


@router.get("/policies")
def show_library(request: Request, context: ContextDep, filters: Annotated[Filters, Query()]) -> HTMLResponse:
    """Show the policies that match."""
    every = library.list_policies(context)
    names = where_of(context).names
    drafts = drafting.list_drafts(context) if may_read_drafts(context) else ()
    open_drafts = Counter(one.policy for one in drafts)
    known = {one.name for one in every}
    found = [_told(one, context.locale, names, open_drafts) for one in every if _matches(one, filters, context.locale)]
    return page(
        request,
        context,
        "policies/library.html",
        found=ordered(found, sort=filters.sort, keys=SORTS),
        filters=filters,
        choices=_choices(every, context.locale),
        coming=[one for one in drafts if one.policy not in known],
        health=HEALTH,
        tones=HEALTH_TONES,
    )


def _told(one: PolicyEntry, locale: str, names: Mapping[str, str], open_drafts: Mapping[str, int]) -> Told:
    return Told(
        one.name,
        in_words(one.title, locale),
        in_words(one.question, locale),
        one.owner.replace("_", " "),
        one.since,
        tuple(place_name(place, locale, names) for place in (*one.markets, *one.cities)),
        one.rows,
        one.worked_cases,
        one.health,
        one.fault,
        open_drafts.get(one.name, 0),
    )


def _matches(one: PolicyEntry, filters: Filters, locale: str) -> bool:
    if filters.owner not in ("", one.owner) or (filters.market and filters.market not in one.markets):
        return False
    texts = (
        one.name,
        one.owner,
        *(in_words(words, code) for words in (one.title, one.question) for code in (locale, "en")),
    )
    text = " ".join(texts).replace("-", " ").casefold() + f" {one.name}"
    return all(word in text for word in filters.q.casefold().split())


def _choices(every: Sequence[PolicyEntry], locale: str) -> Mapping[str, list[tuple[str, str]]]:
    """List what can be chosen in each filter: what occurs."""
    everything = ("", translate(locale, "All"))
    owners = sorted({one.owner for one in every if one.owner})
    markets = [(market, place_name(market, locale, {})) for market in {code for one in every for code in one.markets}]
    return {
        "owners": [everything, *((one, one.replace("_", " ")) for one in owners)],
        "markets": [everything, *sorted(markets, key=lambda one: one[1])],
    }
