"""The state of the marketplace as a page: a map by slot, the zones of a slot, and the board of the worst."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.domain.marketplace_state import FIGURES, Cell, MarketplaceState, Measure
from tiffin.capabilities.balance.service.drawing import shape_of
from tiffin.capabilities.balance.service.page import tile
from tiffin.capabilities.balance.service.parameters import read_parameters
from tiffin.capabilities.scorecards import service as scorecards
from tiffin.capabilities.scorecards.domain import choose_baseline
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import digits_of, format_number, format_percent, mark, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.heatmap import shade
from tiffin.web.charts.scales import bins
from tiffin.web.charts.zone_map import ZoneShape, zone_map

MOST_ROWS = 40
"""Rows of the board on the page; the file has them all."""

EVERY_S, EVERY_S_PAST = 15, 60
"""How often an open page asks whether the facts have changed: while the day runs, and after it."""

SHARES = ("coverage", "load")
WITH_DECIMAL = ("kitchen_min", "on_shift", "busy", "idle", "elsewhere")
"""Means; the others are counts and sums."""

GOVERNED = ("orders", "lost_orders", "on_time_share", "riders_on_shift_mean", "rider_utilisation")
"""Headline metrics of the day that tell the balance; the day-book has the others."""

HEADS: Mapping[str, str] = {
    "wanted": mark("Wanted"),
    "seen": mark("Looked"),
    "asked": mark("Asked to order"),
    "served": mark("Served"),
    "still_open": mark("Still open"),
    "lost": mark("Lost"),
    "coverage": mark("Coverage"),
    "late": mark("Late orders"),
    "late_min": mark("Minutes late"),
    "kitchen_min": mark("Minutes in the kitchen"),
    "on_shift": mark("Riders on shift"),
    "busy": mark("Riders busy"),
    "idle": mark("Idle here (slack)"),
    "elsewhere": mark("Idle elsewhere"),
    "load": mark("Load"),
}

MEASURES: Mapping[Measure, tuple[str, str]] = {
    Measure.COVERAGE: (mark("Coverage"), mark("In darker zones less of what was wanted was served.")),
    Measure.LOST: (mark("Lost orders"), mark("Darker zones lost more orders because nobody was there to carry them.")),
    Measure.LATE_MIN: (
        mark("Minutes late"),
        mark("In darker zones orders came later, in minutes beyond the promise, all orders together."),
    ),
    Measure.LOAD: (mark("Load"), mark("In darker zones more of the riders on shift had an order in hand.")),
    Measure.IDLE: (mark("Idle riders"), mark("Darker zones had more riders on shift without an order.")),
}

BOARD = (
    *("wanted", "served", "lost", "late_min", "kitchen_min", "on_shift", "busy", "idle", "elsewhere", "load"),
    "coverage",
)
WORST = "-weighed"


def state_view(
    context: Context, state: MarketplaceState, *, slot: int | None, measure: Measure, sort: str
) -> dict[str, Any]:
    """Give all that the page of a city's day shows; ``slot`` is the worst one where none is asked."""
    locale = context.locale
    worst = state.worst()
    days = [one.day for one in service.days_of(context, state.city.city_id)]
    around = {
        "state": state,
        "simulated": state.city.is_simulated,
        "before": max((day for day in days if day < state.day), default=None),
        "after": min((day for day in days if day > state.day), default=None),
        "last": days[-1] if days else None,
    }
    if not state.starts:
        return around
    at = min(max(slot if slot is not None else (worst[0].slot if worst else 0), 0), len(state.starts) - 1)
    title, meaning = (translate(locale, text) for text in MEASURES[measure])
    return around | {
        "at": at,
        "every_s": EVERY_S if state.is_running else EVERY_S_PAST,
        "clock": clock(state, locale),
        "measure": measure.value,
        "measures": [(one.value, translate(locale, name)) for one, (name, _) in MEASURES.items()],
        "meaning": meaning,
        "map": _map(state, at, measure, Caption(title, meaning), locale),
        "heads": [translate(locale, head) for head in HEADS.values()],
        "rows": _rows(state, at, locale),
        "frames": {"clock": clock(state, locale), "frames": _frames(state, measure, locale)},
        "words": {"play": translate(locale, "Play"), "pause": translate(locale, "Pause")},
        "sort": sort,
        "board_heads": [(name, translate(locale, HEADS[name])) for name in BOARD],
        "board": _board(state, sort, locale),
        "missed": len(worst),
        "lost_order_min": read_parameters(context.workspace, state.day).lost_order_min,
        "tiles": _tiles(context, state),
    }


def clock(state: MarketplaceState, locale: str) -> list[str]:
    """Write when slots begin as the city's clock shows it, in the locale's digits."""
    written = digits_of(locale)
    zone = ZoneInfo(state.city.timezone)
    return [
        "".join(written[int(sign)] if sign.isdigit() else sign for sign in f"{start.astimezone(zone):%H:%M}")
        for start in state.starts
    ]


@lru_cache(maxsize=1 << 16)  # a page writes ten thousand figures, mostly the same few, and CLDR's way is a slow one
def written(name: str, value: float | None, locale: str) -> str:
    """Write one figure of a zone and slot."""
    if name in SHARES:
        return format_percent(value, locale, decimals=0)
    return format_number(value, locale, decimals=1 if name in WITH_DECIMAL else 0)


def _tiles(context: Context, state: MarketplaceState) -> list[Mapping[str, Any]]:
    """Give the day's governed headline figures, against the days that the day-book compares it with."""
    days = service.days_of(context, state.city.city_id)
    today = next((one for one in days if one.day == state.day), None)
    if today is None:
        return []
    figures = scorecards.headline(
        context,
        city_id=state.city.city_id,
        day=state.day,
        baseline=choose_baseline(today, days),
        currency=state.city.currency,
    )
    return [tile(figure, context.locale) for figure in figures if figure.metric in GOVERNED]


def _shapes(state: MarketplaceState, locale: str) -> list[ZoneShape]:
    found = (shape_of(zone, locale) for zone in state.zones)
    return [shape for shape in found if shape is not None and shape.rings]


def drawn(measure: Measure, cell: Cell) -> float | None:
    """Give what the map's shade stands for: the more, the darker. Of coverage that is what was not served.

    Coverage is near one nearly everywhere: drawn by itself it darkens the whole city, and the few zones that were left
    unserved are the light ones.
    """
    value = cell.figure(measure)
    return -value if value is not None and measure is Measure.COVERAGE else value


def _all(state: MarketplaceState, measure: Measure) -> list[float | None]:
    return [drawn(measure, cell) for row in state.cells for cell in row]


def _map(state: MarketplaceState, at: int, measure: Measure, caption: Caption, locale: str) -> Markup | None:
    shapes = _shapes(state, locale)
    if not shapes:
        return None
    return zone_map(
        shapes,
        {cell.zone_id: drawn(measure, cell) for cell in state.cells[at]},
        caption=caption,
        locale=locale,
        show=lambda value: written(measure, value if value is None else abs(value), locale),
        among=_all(state, measure),
    )


def _rows(state: MarketplaceState, at: int, locale: str) -> list[tuple[str, list[str]]]:
    """Give the figures of one slot: the whole city, then each zone."""
    named = [translate(locale, "Whole city"), *(translate(locale, zone.name) for zone in state.zones)]
    cells = (state.whole[at], *state.cells[at])
    return list(zip(named, (_texts(cell, tuple(HEADS), locale) for cell in cells), strict=True))


def _texts(cell: Cell, names: Sequence[str], locale: str) -> list[str]:
    return [written(name, cell.figure(name), locale) for name in names]


def _frames(state: MarketplaceState, measure: Measure, locale: str) -> list[dict[str, Any]]:
    """Give what a browser needs to show any slot: texts of its rows, and shades and texts of the map's zones."""
    edges = bins(_all(state, measure))
    shaped = [shape.zone_id for shape in _shapes(state, locale)]
    frames = []
    for at, row in enumerate(state.cells):
        cells = {cell.zone_id: cell for cell in row}
        frames.append(
            {
                "rows": [texts for _, texts in _rows(state, at, locale)],
                "shades": [shade(drawn(measure, cells[zone]), edges) for zone in shaped],
                "texts": [written(measure, cells[zone].figure(measure), locale) for zone in shaped],
            }
        )
    return frames


def _board(state: MarketplaceState, sort: str, locale: str) -> list[dict[str, Any]]:
    names = {zone.zone_id: translate(locale, zone.name) for zone in state.zones}
    times = clock(state, locale)
    return [
        {
            "slot": cell.slot,
            "zone": names[cell.zone_id],
            "time": times[cell.slot],
            "texts": _texts(cell, BOARD, locale),
        }
        for cell in sorted_by(state.worst(), sort, names)[:MOST_ROWS]
    ]


def sorted_by(cells: Sequence[Cell], sort: str, names: Mapping[str, str]) -> list[Cell]:
    """Sort a board by a column's name, falling with ``-`` before it; what is unknown stands last in either order."""
    column = sort.removeprefix("-")
    if column == "zone":
        return sorted(cells, key=lambda cell: names[cell.zone_id], reverse=sort.startswith("-"))
    if column == "time":
        return sorted(cells, key=lambda cell: cell.slot, reverse=sort.startswith("-"))
    if column not in BOARD:
        return list(cells)
    sign = -1.0 if sort.startswith("-") else 1.0
    return sorted(cells, key=lambda cell: (cell.figure(column) is None, sign * (cell.figure(column) or 0.0)))


COLUMNS = ("city_id", "business_date", "zone_id", "zone", "slot_at", "local_time", "slot_min", *FIGURES)


def state_rows(state: MarketplaceState) -> list[list[object]]:
    """Give every zone and slot as a row of `COLUMNS`, for a file."""
    names = {zone.zone_id: zone.name for zone in state.zones}
    times = clock(state, "en")
    return [
        [
            state.city.city_id,
            state.day,
            cell.zone_id,
            names[cell.zone_id],
            state.starts[cell.slot],
            times[cell.slot],
            state.slot_min,
            *(cell.figure(name) for name in FIGURES),
        ]
        for row in state.cells
        for cell in row
    ]


def state_payload(state: MarketplaceState) -> dict[str, object]:
    """Give the state as plain values for JSON."""
    return {
        "city_id": state.city.city_id,
        "day": state.day,
        "slot_min": state.slot_min,
        "is_running": state.is_running,
        "made_at": state.made_at,
        "slots": [_slot(state, at, start) for at, start in enumerate(state.starts)],
    }


def _slot(state: MarketplaceState, at: int, start: datetime) -> dict[str, object]:
    return {
        "slot": at,
        "starts_at": start,
        "city": {name: state.whole[at].figure(name) for name in FIGURES},
        "zones": [
            {"zone_id": cell.zone_id} | {name: cell.figure(name) for name in FIGURES} for cell in state.cells[at]
        ],
    }
