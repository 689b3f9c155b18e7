"""The board of targets: metrics by countries with what is left of their budgets, and the days behind each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.quality import service
from tiffin.capabilities.quality.domain import DayOutcome, FindingView, PromiseStatus, Target
from tiffin.capabilities.quality.pages.trend import trend
from tiffin.engines.anomalies.checks import Check
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Role
from tiffin.runtime.i18n import format_country, language_of, mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)

FALLEN, SPENDING = "fallen", "spending"

TARGETS = {
    Target.TIMELINESS: mark("Timeliness"),
    Target.ACCURACY: mark("Accuracy"),
    Target.STABILITY: mark("Stability"),
}
OUTCOMES = {"kept": mark("kept"), "missed": mark("missed"), "unmeasured": mark("not measured")}
CHECKS = {
    Check.FORECAST: mark("Forecast"),
    Check.SHIFT: mark("Clock of the day"),
    Check.GAP: mark("Missing hours"),
    Check.CONTENTS: mark("Repeated contents"),
    Check.SETTLED: mark("Settled values"),
    Check.RECONCILIATION: mark("Reconciliation"),
    Check.LATE: mark("Arrival"),
}


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One metric of the board with its standing in each country."""

    name: str
    label: str
    cells: Mapping[str, PromiseStatus]

    @property
    def worst(self) -> float:
        """Largest share of a budget that is spent anywhere."""
        return max((one.budget_used or 0.0 for one in self.cells.values()), default=0.0)

    @property
    def is_measured(self) -> bool:
        """Tell whether any of its targets could be measured anywhere."""
        return any(one.measured for one in self.cells.values())

    @property
    def is_fallen(self) -> bool:
        """Tell whether the certificate has fallen anywhere."""
        return any(one.is_fallen for one in self.cells.values())


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of a metric in a country, with what became of each target."""

    day: date
    outcomes: Mapping[Target, DayOutcome]


@router.get("/quality")
def show_board(request: Request, context: ContextDep, show: str = "", country: str = "") -> Response:
    """Show how every metric stands in every country."""
    locale = context.locale
    countries = service.seen_countries(context)
    chosen = [one for one in countries if country in ("", one)]
    rows = _rows(context, country or None)
    kept = [row for row in rows if _is_wanted(row, show)]
    findings = service.list_findings(context, country=country or None, limit=12)
    kept.sort(key=lambda row: (-row.worst, row.label))
    return page(
        request,
        context,
        "quality/board.html",
        rows=kept,
        sees_none=not countries,
        is_steward=context.actor.has_role_everywhere(Role.STEWARD),
        counts={"all": len(rows), FALLEN: sum(row.is_fallen for row in rows)},
        countries=chosen,
        filters={"show": show, "country": country},
        choices=_choices(locale, countries),
        findings=findings,
        check_of=lambda one: translate(locale, CHECKS[one.check]),
        label_of=_labels(context, findings),
        parameters=service.parameters(context),
        trend=trend(context, country),
    )


@router.get("/quality/of/{metric}")
def show_panel(request: Request, context: ContextDep, metric: str) -> Response:
    """Show how a metric keeps its targets, as a panel for the metric's own page."""
    found = [one for one in service.board(context, names=(metric,)) if one.last_day]
    sees_none = not service.seen_countries(context)
    return page(request, context, "quality/panel.html", found=found, sees_none=sees_none)


@router.get("/quality/{metric}/{country}")
def show_days(request: Request, context: ContextDep, metric: str, country: str) -> Response:
    """Show the days of one metric in one country, newest first."""
    locale = context.locale
    found = service.promise_status(context, metric, country)
    definition = metrics.find_metric(context, metric)
    days = service.window(context, found.last_day) if found.last_day else None
    outcomes = service.day_outcomes(context, metric, country, days) if days else ()
    return page(
        request,
        context,
        "quality/days.html",
        status_of=found,
        label=definition.label.text(language_of(locale)),
        targets=definition.targets,
        days=_days(outcomes, days),
        named={target: translate(locale, text) for target, text in TARGETS.items()},
        outcome_of=lambda one: translate(locale, OUTCOMES[one.outcome]),
        findings=[one for one in service.list_findings(context, country=country) if one.metric == metric],
        check_of=lambda one: translate(locale, CHECKS[one.check]),
    )


def _rows(context: ContextDep, country: str | None) -> list[BoardRow]:
    by_metric: dict[str, dict[str, PromiseStatus]] = {}
    for one in service.board(context, country=country):
        by_metric.setdefault(one.metric, {})[one.country] = one
    language = language_of(context.locale)
    return [
        BoardRow(name, metrics.find_metric(context, name).label.text(language), cells)
        for name, cells in by_metric.items()
    ]


def _is_wanted(row: BoardRow, show: str) -> bool:
    if show == FALLEN:
        return row.is_fallen
    return row.worst > 0 if show == SPENDING else True


def _days(outcomes: tuple[DayOutcome, ...], days: Days | None) -> list[DayRow]:
    if days is None:
        return []
    found: dict[date, dict[Target, DayOutcome]] = {}
    for one in outcomes:
        found.setdefault(one.day, {})[one.target] = one
    listed = (days.last - timedelta(days=number) for number in range(len(days)))
    return [DayRow(day, found[day]) for day in listed if day in found]


def _labels(context: ContextDep, findings: tuple[FindingView, ...]) -> Mapping[str, str]:
    language = language_of(context.locale)
    known = {metric.name: metric.label.text(language) for metric in metrics.list_metrics(context)}
    return {one.metric: known.get(one.metric, one.metric) for one in findings}


def _choices(locale: str, countries: tuple[str, ...]) -> dict[str, list[tuple[str, str]]]:
    return {
        "show": [
            ("", translate(locale, mark("All"))),
            (FALLEN, translate(locale, mark("Certificate fallen"))),
            (SPENDING, translate(locale, mark("Any target missed"))),
        ],
        "country": [("", translate(locale, mark("All"))), *((one, format_country(one, locale)) for one in countries)],
    }
