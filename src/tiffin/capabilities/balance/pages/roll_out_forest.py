"""Forest plot of a remedy: what it did in each city where it was tried, on average, and what is foretold."""

from collections.abc import Mapping

from markupsafe import Markup

from tiffin.capabilities.balance.domain.roll_out import Outlook
from tiffin.capabilities.balance.domain.roll_out_evidence import Pooled
from tiffin.capabilities.balance.pages.roll_out_figures import Figures
from tiffin.capabilities.experiments.service.caution_words import caution_text
from tiffin.engines.experiments.estimate import Estimate
from tiffin.runtime.i18n import mark, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.interval import Interval, interval_chart

NORMAL_90 = 1.645
COLUMNS = (mark("City"), mark("For the better by"), mark("From"), mark("To"))
TITLE = mark("What the remedy did where it was tried, and what is foretold")
AVERAGE = mark("On average")
FORETOLD = mark("{city}, foretold")


def forest(pooled: Pooled, foretold: Mapping[str, Estimate], names: Mapping[str, str], told: Figures) -> Markup | None:
    """Draw the cities' own effects, drawn towards each other where that can be, the average, and what is foretold."""
    if not pooled.tried:
        return None
    locale = told.locale
    rows = [
        Interval(names.get(one.city_id, one.city_id), *_ends(one.better, one.se, one.drawn)) for one in pooled.tried
    ]
    if pooled.average is not None:
        average = pooled.average
        rows.append(Interval(translate(locale, AVERAGE), average.effect, average.low, average.high, is_strong=True))
    rows += [
        Interval(translate(locale, FORETOLD, city=names.get(city, city)), one.effect, one.low, one.high)
        for city, one in foretold.items()
    ]
    city, better, low, high = (translate(locale, text) for text in COLUMNS)
    caption = Caption(translate(locale, TITLE), told.label)
    return interval_chart(
        rows, caption=caption, columns=(city, better, low, high), marks=(0.0,), locale=locale, show=told.change
    )


def outlooks_as_estimates(outlooks: tuple[Outlook, ...]) -> Mapping[str, Estimate]:
    """Give what was foretold when a plan was made."""
    return {
        one.city_id: Estimate(one.expected, float("nan"), one.low, one.high, float("nan"), 0, "") for one in outlooks
    }


def cautions_of(pooled: Pooled, locale: str) -> tuple[str, ...]:
    """Say what is to be careful about."""
    found = [*((pooled.refused,) if pooled.refused else ()), *(pooled.average.cautions if pooled.average else ())]
    return tuple(caution_text(one, locale) for one in found)


def _ends(better: float, se: float, drawn: Estimate | None) -> tuple[float, float, float]:
    if drawn is not None:
        return drawn.effect, drawn.low, drawn.high
    return better, better - NORMAL_90 * se, better + NORMAL_90 * se
