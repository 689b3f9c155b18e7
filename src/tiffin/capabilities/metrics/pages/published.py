"""Pages of published numbers: the ledger, and each entry with its receipt, its proof and its bridge to the present."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup
from pydantic import BaseModel

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.domain.asking import Asked
from tiffin.capabilities.metrics.domain.bridge import Bridge, apportioned, decimal_text, exact
from tiffin.capabilities.metrics.domain.published import Published
from tiffin.capabilities.metrics.domain.telling import changed
from tiffin.capabilities.metrics.service import ledger, ledger_checking, reproducing
from tiffin.capabilities.metrics.service.readable import cells_of, currency_of, key_text
from tiffin.capabilities.metrics.service.reproducing import CAUSES, Bridged
from tiffin.kernel.errors import TiffinError
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.waterfall import Step, waterfall
from tiffin.web.edge import ContextDep
from tiffin.web.measures import show_measure, shower
from tiffin.web.page import page

router = APIRouter(prefix="/published")

SHOWN_UNITS: Mapping[str, Fraction] = {
    "money": Fraction(1),
    "share": Fraction(1, 1000),
    "ratio": Fraction(1, 100),
    "stars": Fraction(1, 100),
}
"""Smallest step that is shown of each unit; parts are rounded to it so that they still add up."""

MOST_ROWS = 200
MOST_CHARTS = 24


class Wanted(BaseModel):
    """What the form for publishing begins with."""

    metrics: str = ""
    by: str = ""
    where: str = ""
    first: str = ""
    last: str = ""
    under: str = ""
    currency: str = ""
    title: str = ""
    note: str = ""

    def asked(self) -> Asked:
        """Give the request in the service's terms."""
        return Asked(
            metrics=(self.metrics,),
            by=(self.by,),
            where=(self.where,),
            first=self.first,
            last=self.last,
            under=self.under,
            currency=self.currency,
        )


@dataclass(frozen=True, slots=True)
class ToldBridge:
    """A bridge in the reader's language; ``parts`` pairs each cause with its amount, shown and exact."""

    name: str
    published: str
    now: str
    parts: tuple[tuple[str, str, str], ...]
    chart: Markup


@router.get("")
def show_ledger(request: Request, context: ContextDep, wanted: Annotated[Wanted, Query()]) -> HTMLResponse:
    """Show the published numbers and the form to publish another."""
    return page(
        request,
        context,
        "metrics/published_list.html",
        entries=ledger.show_published(context),
        check=ledger_checking.verify_ledger(context),
        wanted=wanted,
        may_publish=context.actor.has_role(*ledger.PUBLISHERS),
        labels=_labels(context),
        shown=lambda entry: _first_value(entry, context.locale),
    )


@router.post("")
def publish(context: ContextDep, wanted: Annotated[Wanted, Form()]) -> Response:
    """Publish a number and show it."""
    request = service.request_of(context, wanted.asked())
    entry = ledger.publish(context, request, title=wanted.title, note=wanted.note)
    return RedirectResponse(f"/metrics/published/{entry.reference}", status_code=HTTPStatus.SEE_OTHER)


@router.get("/{reference}")
def show_number(request: Request, context: ContextDep, reference: str) -> HTMLResponse:
    """Show a published number, whether it can be had again, and why it is another one now."""
    entry = ledger.find_published(context, reference)
    reproduction = reproducing.reproduce(context, entry)
    bridged, refusal = _bridged(context, entry)
    moved = changed(bridged.bridges) if bridged else ()
    meant = {metric.name: metric for metric in entry.definitions.metrics if metric.name in entry.units}
    return page(
        request,
        context,
        "metrics/published.html",
        entry=entry,
        labels=_labels(context) | {name: told.label.text(context.locale) for name, told in meant.items()},
        since={name: told.version.since for name, told in meant.items()},
        meanings={name: told.meaning.text(context.locale) for name, told in meant.items()},
        cells=[cells_of(entry, index, context.locale) for index in range(min(len(entry.rows), MOST_ROWS))],
        reproduction=reproduction,
        bridges=[
            _told(entry, bridge, meant[bridge.metric].label.text(context.locale), context.locale)
            for bridge in moved[:MOST_CHARTS]
        ],
        unshown=max(0, len(moved) - MOST_CHARTS),
        refusal=refusal,
        bridged=bridged,
    )


def _bridged(context: Context, entry: Published) -> tuple[Bridged | None, str]:
    try:
        return reproducing.bridge(context, entry), ""
    except TiffinError as error:
        return None, error.said


def _labels(context: Context) -> dict[str, str]:
    dimensions = {item.name: item.label.text(context.locale) for item in service.dimensions_of(context)}
    return dimensions | {metric.name: metric.label.text(context.locale) for metric in service.list_metrics(context)}


def _first_value(entry: Published, locale: str) -> str:
    """Show the value where the entry is one number, else how many rows it has."""
    if len(entry.rows) == 1 and len(entry.units) == 1:
        return cells_of(entry, 0, locale)[-1]
    return translate(locale, "Rows: {count}", count=len(entry.rows))


def _told(entry: Published, bridge: Bridge, label: str, locale: str) -> ToldBridge:
    unit = entry.units[bridge.metric]
    groups = [row[: len(bridge.group)] for row in entry.rows]
    currency = currency_of(entry, groups.index(bridge.group) if bridge.group in groups else 0)
    shown = [float(part) for part in _shown_parts(bridge, unit)]
    names = [translate(locale, CAUSES[step.cause]) for step in bridge.steps]
    keys = zip(entry.columns, bridge.group, strict=False)
    title = " · ".join([label, *(key_text(name, part, locale) for name, part in keys)])
    write = shower(unit, locale, currency=currency)
    start, end = float(exact(bridge.published)), float(exact(bridge.now))
    chart = waterfall(
        Step(translate(locale, "As published"), start),
        [Step(name, value) for name, value in zip(names, shown, strict=True)],
        Step(translate(locale, "As it is now"), end),
        caption=Caption(title, translate(locale, "Each cause with what it moved the number by.")),
        locale=locale,
        show=write,
    )
    parts = tuple(
        (name, write(value), decimal_text(step.amount))
        for name, value, step in zip(names, shown, bridge.steps, strict=True)
    )
    values = (show_measure(value, unit, locale, currency=currency) for value in (bridge.published, bridge.now))
    return ToldBridge(title, next(values), next(values), parts, chart)


def _shown_parts(bridge: Bridge, unit: str) -> Sequence[Fraction]:
    """Round the parts to what is shown, so that they add up to the difference of what is shown."""
    amounts = [step.amount for step in bridge.steps]
    step = SHOWN_UNITS.get(unit, Fraction(1, 10))
    total = round(exact(bridge.now) / step) * step - round(exact(bridge.published) / step) * step
    return apportioned(amounts, total, step)
