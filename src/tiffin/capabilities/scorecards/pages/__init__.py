"""The home page: every city's last day at a glance, and what needs attention."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from tiffin.capabilities.scorecards import service
from tiffin.capabilities.scorecards.domain import CityOverview, OverviewFigure, Standing
from tiffin.capabilities.scorecards.pages import alerts, dashboards, explore, morning
from tiffin.runtime.i18n import language_of, mark, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.sparkline import sparkline
from tiffin.web.edge import ContextDep
from tiffin.web.measures import show_measure
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)
router.include_router(dashboards.router)
router.include_router(morning.router)
router.include_router(alerts.router)
router.include_router(explore.router)

STANDINGS = {
    Standing.BETTER: (mark("better"), "better"),
    Standing.WORSE: (mark("worse"), "worse"),
    Standing.HIGHER: (mark("higher"), ""),
    Standing.LOWER: (mark("lower"), ""),
    Standing.USUAL: ("", ""),
    Standing.UNKNOWN: ("", ""),
}


@dataclass(frozen=True, slots=True)
class FigureTile:
    """One figure of a city's card, in the reader's language."""

    metric: str
    label: str
    value: str
    usual: str
    standing: str
    tone: str
    spark: Markup


@dataclass(frozen=True, slots=True)
class CityCard:
    """One city of the home page."""

    city_id: str
    name: str
    country: str
    is_simulated: bool
    day: date
    tiles: tuple[FigureTile, ...]

    @property
    def worse(self) -> tuple[FigureTile, ...]:
        """The figures that stand worse than usual."""
        return tuple(tile for tile in self.tiles if tile.tone == "worse")


@router.get("/")
def show_home(request: Request, context: ContextDep) -> HTMLResponse:
    """Show the home page."""
    cards = [_card(city, context.locale) for city in service.overview(context)]
    cards.sort(key=lambda card: (-card.day.toordinal(), -len(card.worse), card.name))
    return page(request, context, "scorecards/home.html", cards=cards)


def _card(city: CityOverview, locale: str) -> CityCard:
    tiles = tuple(_tile(figure, locale) for figure in city.figures)
    return CityCard(city.city_id, city.name, city.country, city.is_simulated, city.day, tiles)


def _tile(shown: OverviewFigure, locale: str) -> FigureTile:
    figure = shown.figure
    label = figure.label.get(language_of(locale)) or figure.label["en"]
    words, tone = STANDINGS[figure.standing]
    usual = None if figure.usual is None else figure.usual.median
    return FigureTile(
        metric=figure.metric,
        label=label,
        value=show_measure(figure.value, figure.unit, locale, currency=figure.currency),
        usual=show_measure(usual, figure.unit, locale, currency=figure.currency) if usual is not None else "",
        standing=translate(locale, words) if words else "",
        tone=tone,
        spark=sparkline(
            shown.history, caption=Caption(translate(locale, "{metric}, last days", metric=label)), locale=locale
        ),
    )
