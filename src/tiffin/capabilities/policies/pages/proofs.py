"""What is proven of a policy: pieces of pages that come after the page, since a proof may take a moment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tiffin.capabilities.policies.domain.differing import ToldDifference
from tiffin.capabilities.policies.domain.findings import ToldFinding
from tiffin.capabilities.policies.domain.policy import CITY, MARKET, Effective
from tiffin.capabilities.policies.pages.case_form import PREFIX
from tiffin.capabilities.policies.pages.coverage import coverage_of
from tiffin.capabilities.policies.pages.shown import found_on
from tiffin.capabilities.policies.pages.versions import TODAY, version_of
from tiffin.capabilities.policies.pages.where import where_of
from tiffin.capabilities.policies.service.library import check_cases
from tiffin.capabilities.policies.service.proving import Differences, Findings, differences_between, prove
from tiffin.capabilities.policies.service.suites import differing, suite_of
from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.feel.writing import text_of
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(prefix="/policies/{name}")

SUITE_ROWS = 300
"""Tables of more rows are not asked for their suite while somebody waits for a page."""

MOST_SHOWN = 30
"""Findings or regions that are shown; whoever mends these sees the next."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A finding with the address at which its case is explained; empty where it has no case."""

    finding: ToldFinding
    address: str


@dataclass(frozen=True, slots=True)
class Region:
    """Cases that two versions decide differently, with the address at which one of them is explained."""

    difference: ToldDifference
    address: str


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """How many cases of the regression suite of what holds come out otherwise by a draft."""

    cases: int
    changed: int


@router.get("/findings")
def show_findings(
    request: Request, context: ContextDep, name: str, on: str = "", draft: int | None = None
) -> HTMLResponse:
    """Show what a proof finds wrong, each with a case on which it shows, and the worked cases that fail."""
    where = where_of(context, on=on)
    found, refusal = found_on(context, name, where, draft=draft)
    proven = prove(context, found) if found is not None else Findings()
    return page(
        request,
        context,
        "policies/findings.html",
        refused=refusal.said if refusal is not None else proven.refused,
        shown=list(_tried(name, proven, where.on)),
        more=proven.is_cut or len(proven.told) > MOST_SHOWN,
        wrong=check_cases(found) if found is not None else (),
        worked_cases=len(found.stated.worked_cases) if found is not None else 0,
        can_try=draft is None,
        coverage=coverage_of(context, found) if found is not None else None,
        suite=_suite(found_on(context, name, where)[0], found) if draft is not None else None,
    )


@router.get("/health")
def show_health(request: Request, context: ContextDep, name: str) -> HTMLResponse:
    """Show in a word or two whether a policy as it holds today is proven."""
    found, _ = found_on(context, name, where_of(context))
    proven = prove(context, found) if found is not None else Findings()
    coverage = coverage_of(context, found) if found is not None else None
    return page(request, context, "policies/health.html", name=name, proven=proven, found=found, coverage=coverage)


@router.get("/regions")
def show_regions(request: Request, context: ContextDep, name: str, was: str = TODAY, now: str = TODAY) -> HTMLResponse:
    """Show in words which cases two versions decide differently."""
    where = where_of(context)
    before, _, _ = version_of(context, name, was, where)
    after, _, _ = version_of(context, name, now, where)
    found = differences_between(context, before, after) if before is not None and after is not None else Differences()
    return page(
        request,
        context,
        "policies/regions.html",
        found=found,
        regions=[Region(one, _address(name, one.case, where.on)) for one in found.told[:MOST_SHOWN]],
        more=found.is_cut or len(found.told) > MOST_SHOWN,
    )


def _suite(before: Effective | None, after: Effective | None) -> SuiteResult | None:
    """Decide the suite of what holds by a draft; None where there is none, or it would take long."""
    if before is None or after is None or len(before.table.table.rows) > SUITE_ROWS:
        return None
    try:
        return SuiteResult(len(suite_of(before).cases), len(differing(before, after)))
    except NotPlain:
        return None


def _tried(name: str, proven: Findings, on: date) -> Iterator[Tried]:
    for one in proven.told[:MOST_SHOWN]:
        yield Tried(one, _address(name, one.case, on) if one.case else "")


def _address(name: str, case: Mapping[str, Value], on: date) -> str:
    """Give the address at which a case is explained."""
    places = {place: str(case[place]) for place in (MARKET, CITY) if case.get(place) is not None}
    given = {
        f"{PREFIX}{key}": text_of(value)
        for key, value in case.items()
        if key not in (MARKET, CITY) and value is not None
    }
    return f"/policies/{name}/explain?" + urlencode({"decide": "1", "on": on.isoformat(), **places, **given})
