"""The register in a browser: what was tried and rolled out where, with results good and bad."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tiffin.capabilities.balance.pages.roll_out_figures import BECAUSE, KINDS, RESULTS, SIGNS, TONES, figures
from tiffin.capabilities.balance.service.roll_outs.register import Entry, Kind, Result, register
from tiffin.capabilities.cases.service.words import word
from tiffin.capabilities.experiments.service.caution_words import caution_text
from tiffin.capabilities.metrics.domain.writing import as_csv
from tiffin.engines.experiments.estimate import Caution
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)

COLUMNS = ("remedy", "kind", "case", "name", "city_id", "metric", "effect", "low", "high", "result", "judgement",
           "reason", "last_day")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the register as it is read."""

    entry: Entry
    metric: str
    effect: str
    why: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What was found last of one remedy in one city, and how often it was tried or rolled out there."""

    row: Row
    times: int


@router.get("/roll-outs/register")
def show_register(
    request: Request, context: ContextDep, remedy: str = "", city: str = "", result: str = "", kind: str = ""
) -> Response:
    """Show every remedy by city, and each of its trials and roll-outs."""
    locale, every = context.locale, register(context)
    rows = [_row(context, one) for one in _wanted(every, remedy, city, result, kind)]
    names = {one.city_id: one.city for one in every}
    return page(
        request,
        context,
        "balance/roll_out_register.html",
        rows=rows,
        cells=_cells(rows),
        remedies=sorted({row.entry.remedy for row in rows}),
        cities=sorted({row.entry.city_id for row in rows}, key=lambda one: names[one]),
        names=names,
        is_filtered=any((remedy, city, result, kind)),
        query=request.url.query,
        chosen={"remedy": remedy, "city": city, "result": result, "kind": kind},
        choices=_choices(every, names, locale),
        signs=SIGNS,
        results=RESULTS,
        kinds=KINDS,
        tones=TONES,
        word=lambda name: word(name, locale),
    )


@router.get("/roll-outs/register.csv")
def export_register(
    context: ContextDep, remedy: str = "", city: str = "", result: str = "", kind: str = ""
) -> Response:
    """Give the register as a file."""
    rows = [
        (one.remedy, one.kind.value, one.case_id, one.name, one.city_id, one.metric, one.effect, one.low, one.high,
         one.result.value, one.judgement, one.reason, one.last_day)
        for one in _wanted(register(context), remedy, city, result, kind)
    ]  # fmt: skip
    headers = {"Content-Disposition": 'attachment; filename="what-was-tried.csv"'}
    return Response(as_csv(COLUMNS, rows), media_type="text/csv; charset=utf-8", headers=headers)


def _wanted(every: Sequence[Entry], remedy: str, city: str, result: str, kind: str) -> list[Entry]:
    asked = {"remedy": remedy, "city_id": city, "result": result, "kind": kind}
    return [one for one in every if all(value in ("", getattr(one, name)) for name, value in asked.items())]


def _row(context: Context, one: Entry) -> Row:
    told = figures(context, one.metric)
    effect = "" if one.effect is None else told.span(one)
    why = caution_text(Caution(**one.refused), context.locale) if one.refused else ""
    return Row(one, told.label, effect, why, _reason(context, one))


def _reason(context: Context, one: Entry) -> str:
    """Give a person's words, or what stopped a wave by its label."""
    if one.kind is Kind.TRIAL or not one.reason:
        return one.reason
    return ", ".join(
        translate(context.locale, BECAUSE[name]) if name in BECAUSE else figures(context, name).label
        for name in one.reason.split(", ")
    )


def _cells(rows: Sequence[Row]) -> Mapping[tuple[str, str], Cell]:
    """Give what was read last of each remedy in each city; what could be read goes before what could not."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row.entry.remedy, row.entry.city_id), []).append(row)
    return {
        key: Cell(next((row for row in own if row.entry.result is not Result.UNKNOWN), own[0]), len(own))
        for key, own in found.items()
    }


def _choices(every: Sequence[Entry], names: Mapping[str, str], locale: str) -> Mapping[str, list[tuple[str, str]]]:
    first = ("", translate(locale, "All"))
    return {
        "remedy": [first, *((one, one) for one in sorted({entry.remedy for entry in every}))],
        "city": [first, *sorted(((one, translate(locale, name)) for one, name in names.items()), key=lambda at: at[1])],
        "result": [first, *((one.value, translate(locale, RESULTS[one])) for one in Result)],
        "kind": [first, *((one.value, translate(locale, KINDS[one])) for one in Kind)],
    }
