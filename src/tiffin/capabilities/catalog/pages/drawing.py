"""Pictures of how assets stand."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.standing import Usage
from tiffin.capabilities.catalog.pages.wording import KINDS
from tiffin.capabilities.catalog.service.days import AssetDayKept, KeptDay
from tiffin.capabilities.catalog.service.health import Examined
from tiffin.kernel.assets import AssetKind
from tiffin.runtime.i18n import format_date, format_number, mark, translate
from tiffin.web.charts.bar import bar_chart
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.line import Series, line_chart
from tiffin.web.charts.sparkline import sparkline

_BANDS = ((("good",), mark("In good health")), (("fair", "poor"), mark("To look after")))


def health_picture(assets: Iterable[Asset], examined: Examined, locale: str) -> Markup | None:
    """Draw how many assets of each kind are in good health and how many are not; nothing for one kind."""
    listed = [asset for asset in assets if examined.score(asset) is not None]
    kinds = [kind for kind in AssetKind if any(asset.kind is kind for asset in listed)]
    if len(kinds) < 2:  # noqa: PLR2004 - one kind is told by its count
        return None
    bands = {asset.id: examined.band(asset) for asset in listed}
    series = [
        Series(
            translate(locale, said),
            tuple(float(sum(bands[one.id] in named for one in listed if one.kind is kind)) for kind in kinds),
        )
        for named, said in _BANDS
    ]
    caption = Caption(
        translate(locale, mark("Health by kind")),
        translate(
            locale, mark("How many assets of each kind are in good health, and how many are to be looked after.")
        ),
    )
    return bar_chart(
        [translate(locale, KINDS[kind]) for kind in kinds],
        series,
        caption=caption,
        locale=locale,
        stacked=True,
        height=140,
    )


def use_picture(usage: Usage, locale: str) -> Markup:
    """Draw how often an asset was used on each of the last days."""
    caption = Caption(translate(locale, mark("Uses, last four weeks")))
    return sparkline([float(uses) for uses in usage.daily], caption=caption, locale=locale)


def course_picture(kept: Sequence[KeptDay], locale: str) -> Markup:
    """Draw the score day by day as one small line."""
    caption = Caption(translate(locale, mark("Day by day")))
    return sparkline([one.score for one in kept], caption=caption, locale=locale)


def asset_picture(kept: Sequence[AssetDayKept], locale: str) -> Markup | None:
    """Draw an asset's health and how many standards it did not keep, day by day; nothing before there are two days."""
    if len(kept) < 2:  # noqa: PLR2004 - one day is no line
        return None
    caption = Caption(
        translate(locale, mark("Health day by day")),
        translate(locale, mark("Score of a hundred, and how many standards were not kept.")),
    )
    series = [
        Series(translate(locale, mark("Health")), tuple(one.score for one in kept)),
        Series(translate(locale, mark("Standards not kept")), tuple(float(one.findings) for one in kept)),
    ]
    days = [format_date(one.day, locale, skeleton="MMMd") for one in kept]
    return line_chart(days, series, caption=caption, locale=locale, height=150.0)


def trend_picture(kept: Sequence[KeptDay], locale: str) -> Markup | None:
    """Draw the score and the share of kept standards day by day; nothing before there are two days."""
    if len(kept) < 2:  # noqa: PLR2004 - one day is no line
        return None
    series = [
        Series(translate(locale, mark("Health")), tuple(one.score for one in kept)),
        Series(translate(locale, mark("Standards kept")), tuple(100 * one.share for one in kept)),
    ]
    caption = Caption(
        translate(locale, mark("Day by day")),
        translate(locale, mark("Mean health of the assets, and the share of standards that are kept, in percent.")),
    )
    return line_chart(
        [format_date(one.day, locale, skeleton="MMMd") for one in kept],
        series,
        caption=caption,
        locale=locale,
        show=lambda value: format_number(value, locale, decimals=1),
        from_zero=False,
    )
