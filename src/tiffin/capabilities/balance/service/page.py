"""A day-book as a page: its figures in words, tiles and drawings of one language."""

from collections.abc import Mapping
from typing import Any

from tiffin.capabilities.balance.domain.cause import Detail, Lack
from tiffin.capabilities.balance.domain.daybook import CauseShare, Daybook, EpisodeStory
from tiffin.capabilities.balance.service import confidences, drawing, words
from tiffin.capabilities.scorecards.domain import HeadlineFigure, Standing
from tiffin.runtime.i18n import (
    format_duration,
    format_money,
    format_number,
    format_percent,
    language_of,
    mark,
    translate,
)
from tiffin.web.templating import render

FEW = 100
"""From a hundred on nobody reads a decimal."""

SMALL = 10

MOST_ZONES_NAMED = 3

LEAST_SHOWN = 0.005
"""Half a percent of a miss is written as nothing."""

WORTH_NAMING = 0.1


def render_file(book: Daybook, locale: str) -> str:
    """Write a day-book as one self-contained page: no script, no outside request, fit for print and mail."""
    return render("balance/file.html", locale, **view(book, locale))


def view(book: Daybook, locale: str) -> dict[str, Any]:
    """Give all that the templates of a day-book show."""
    return {
        "book": book,
        "simulated": book.city.is_simulated,
        "compared": translate(locale, words.COMPARISONS[book.baseline.comparison], count=len(book.baseline.days)),
        "tiles": [tile(figure, locale) for figure in book.headline],
        "costs": costs(book, locale),
        "episodes": [episode_view(book, story, locale) for story in book.episodes],
        "advice": [
            {"text": translate(locale, words.ADVICE[a.code]), "where": where(book, book.episodes[a.episode], locale)}
            for a in book.advice
        ],
        "lacks": [translate(locale, words.LACKS[lack]) for lack in book.lacks],
        "map": drawing.map_of(book, locale),
        "heat": drawing.heat_of(book, locale),
        "profile": drawing.profile_of(book, locale),
        "has_history": Lack.HISTORY not in book.lacks,
        "sees_misses": sees_misses(book),
        "counts_people": drawing.counts_people(book),
    }


def in_text(book: Daybook, locale: str) -> str:
    """Tell a day-book in plain text: headline, episodes with their causes, advice, and what the facts lack."""
    shown = view(book, locale)
    lines = [f"{translate(locale, book.city.name)}, {book.day.isoformat()}", str(shown["compared"]), ""]
    for one in shown["tiles"]:
        beside = f"  ({one['usual']}{'; ' + one['standing'] if one['standing'] else ''})" if one["usual"] else ""
        lines.append(f"  {one['name']}: {one['figure']}{beside}")
    for number, episode in enumerate(shown["episodes"], 1):
        lines += ["", f"{number}. {episode['where']}", f"   {episode['said']}"]
        lines += [
            f"   {format_percent(c['share'], locale, decimals=0):>5}  {c['name']}"
            + (f" ({c['details']})" if c["details"] else "")
            for c in episode["causes"]
        ]
    if not shown["episodes"]:
        lines += ["", nothing_found(book, locale)]
    lines += [""] * bool(shown["advice"]) + [f"- {a['text']} ({a['where']})" for a in shown["advice"]]
    lines += [""] * bool(shown["lacks"]) + [f"  {lack}" for lack in shown["lacks"]]
    return "\n".join(lines)


def nothing_found(book: Daybook, locale: str) -> str:
    """Say why there is no episode: nothing was missed, or the facts could not show it."""
    if sees_misses(book):
        return translate(locale, "Nowhere beyond what chance explains.")
    return translate(locale, "These facts cannot show where supply missed demand: see below what they lack.")


def sees_misses(book: Daybook) -> bool:
    """Tell whether the facts could show a miss at all."""
    return book.miss_map is not None and not {Lack.DELIVERIES, Lack.LOST_ORDERS} <= set(book.lacks)


def tile(figure: HeadlineFigure, locale: str) -> Mapping[str, Any]:
    """Give one headline figure as it is shown."""
    standing = figure.standing
    return {
        "name": figure.label.get(language_of(locale)) or figure.label["en"],
        "figure": written(figure, figure.value, locale),
        "usual": _usual_text(figure, locale),
        "standing": translate(locale, words.STANDINGS[standing]) if words.STANDINGS[standing] else "",
        "tone": {Standing.BETTER: "better", Standing.WORSE: "worse"}.get(standing, ""),
        "metric": figure.metric,
        "version": figure.version,
    }


def _usual_text(figure: HeadlineFigure, locale: str) -> str | None:
    """Write what is usual; a spread that would be written as nought is left out."""
    if figure.usual is None:
        return None
    value = written(figure, figure.usual.median, locale)
    spread = written(figure, figure.usual.spread, locale)
    if not figure.usual.spread or spread == written(figure, 0.0, locale):
        return translate(locale, "usual {value}", value=value)
    return translate(locale, "usual {value} ± {spread}", value=value, spread=spread)


def written(figure: HeadlineFigure, value: float | None, locale: str) -> str:
    """Write a metric's value in its unit."""
    if value is None:
        return format_number(None, locale)
    if figure.unit == "share":
        return format_percent(value, locale)
    if figure.unit == "minutes":
        return format_duration(value, locale, decimals=1 if abs(value) < FEW else 0)
    if figure.unit == "meters":
        return translate(locale, "{km} km", km=format_number(value / 1000, locale, decimals=2))
    if figure.unit == "money" and figure.currency:
        return format_money(value, figure.currency, locale)
    return plain(value, locale)


def plain(value: float | None, locale: str) -> str:
    """Write a count or mean, with as many decimals as somebody reads."""
    if value is None or float(value).is_integer() or abs(value) >= FEW:
        return format_number(value, locale)
    return format_number(value, locale, decimals=2 if abs(value) < SMALL else 1)


def costs(book: Daybook, locale: str) -> list[Mapping[str, Any]]:
    """List what the day cost, only what its facts tell."""
    cost, people = book.cost, Lack.ORDERS in book.lacks
    lost = (mark("People not served"), "people_unserved") if people else (mark("Lost orders"), "lost_orders")
    refund = None
    if cost.refund_minor is not None:
        refund = format_money(cost.refund_minor, cost.currency or book.city.currency, locale)
    versions = {figure.metric: figure.version for figure in book.headline}
    listed = (
        (mark("Delay beyond usual"), "", _minutes(cost.delay_min, locale)),
        (mark("Late orders"), "late_orders", _count(cost.late_orders, locale)),
        (*lost, _count(cost.lost_orders, locale)),
        (mark("Cancelled by riders"), "", _count(cost.cancelled_orders or None, locale)),
        (mark("Minutes late"), "", _minutes(cost.late_min, locale)),
        (mark("Refused or withdrawn"), "", _count(cost.turned_away_orders or None, locale)),
        (mark("Refunds"), "refund_value", refund),
    )
    return [
        {"name": translate(locale, name), "text": text, "metric": metric, "version": versions.get(metric)}
        for name, metric, text in listed
        if text is not None
    ]


def _count(value: float | None, locale: str) -> str | None:
    return None if value is None else plain(value, locale)


def _minutes(value: float | None, locale: str) -> str | None:
    return None if value is None else format_duration(value, locale)


def zone_name(book: Daybook, zone_id: str, locale: str) -> str:
    """Name a zone in the reader's language where that is known, else as its facts do; without zones the whole city."""
    if not zone_id:
        return translate(locale, "whole city")
    return translate(locale, next((z.name for z in book.zones if z.zone_id == zone_id), zone_id))


def where(book: Daybook, story: EpisodeStory, locale: str) -> str:
    """Say where and when an episode was: zones, and hours from the first to the end of the last."""
    names = [zone_name(book, z, locale) for z in story.zones]
    named = translate(locale, ", ").join(names[:MOST_ZONES_NAMED])
    if len(names) > MOST_ZONES_NAMED:
        named = translate(locale, "{zones} and {count} more", zones=named, count=len(names) - MOST_ZONES_NAMED)
    return translate(
        locale, "{from_hour}–{to_hour}, {zones}", from_hour=clock(story.from_hour, locale),  # noqa: RUF001 - a span of time takes an en dash
        to_hour=clock((story.to_hour + 1) % 24, locale), zones=named,
    )  # fmt: skip


def clock(hour: int, locale: str) -> str:
    """Write a full hour of the day."""
    return f"{format_number(hour, locale).rjust(2, format_number(0, locale))}:{format_number(0, locale) * 2}"


def episode_view(book: Daybook, story: EpisodeStory, locale: str) -> Mapping[str, Any]:
    """Give one episode as it is shown."""
    return {
        "story": story,
        "where": where(book, story, locale),
        "said": said(book, story, locale),
        "causes": [_cause_view(book, share, locale) for share in story.causes if abs(share.share) >= LEAST_SHOWN],
        "waterfall": drawing.waterfall_of(book, story, locale),
        "stages": [(translate(locale, words.STAGES[s.stage]), s.usual_min, s.actual_min) for s in story.stages],
        "factors": [_factor_view(f.name, f.unit, f.usual, f.actual, locale) for f in story.factors],
        "costs": _episode_costs(book, story, locale),
        "confidence": confidences.confidence_view(story, locale),
    }


def _cause_view(book: Daybook, share: CauseShare, locale: str) -> Mapping[str, Any]:
    details = [
        f"{translate(locale, words.DETAILS[detail])} {_amount(book, detail, minutes, locale)}"
        for detail, minutes in share.details.items()
        if abs(minutes) >= 1
    ]
    return {
        "name": translate(locale, words.CAUSES[share.cause]),
        "amount": drawing.missed_in(book, locale)(share.weighed_min),
        "share": share.share,
        "details": translate(locale, ", ").join(details),
        "is_of_the_day": share.cause.is_of_the_day,
    }


def _amount(book: Daybook, detail: Detail, minutes: float, locale: str) -> str:
    """Write what a detail amounts to: orders where it counts lost ones, else minutes."""
    if detail in {Detail.NO_RIDER, Detail.CANCELLED_BY_RIDER}:
        return plain(minutes / book.lost_order_min, locale)
    return format_duration(minutes, locale)


def _factor_view(name: str, unit: str, usual: float, actual: float, locale: str) -> tuple[str, str, str]:
    def shown(value: float) -> str:
        if unit == "m":
            return translate(locale, "{km} km", km=format_number(value / 1000, locale, decimals=2))
        if unit == "mm":
            return translate(locale, "{mm} mm", mm=format_number(value, locale, decimals=1))
        return plain(value, locale)

    return translate(locale, words.FACTORS[name]), shown(usual), shown(actual)


def _episode_costs(book: Daybook, story: EpisodeStory, locale: str) -> list[tuple[str, str]]:
    cost, people = story.cost, Lack.ORDERS in book.lacks
    lost = cost.lost_orders or None
    listed = [
        (translate(locale, "Delay beyond usual"), _minutes(cost.delay_min, locale)),
        (translate(locale, "Late orders"), _count(cost.late_orders, locale)),
        (translate(locale, "Minutes late"), _minutes(cost.late_min, locale)),
        (translate(locale, mark("People not served") if people else mark("Lost orders")), _count(lost, locale)),
        (translate(locale, "Cancelled by riders"), _count(cost.cancelled_orders or None, locale)),
        (translate(locale, "Refused or withdrawn"), _count(cost.turned_away_orders or None, locale)),
    ]
    if cost.refund_minor:
        amount = format_money(cost.refund_minor, cost.currency or book.city.currency, locale)
        listed.append((translate(locale, "Refunds"), amount))
    return [(name, text) for name, text in listed if text is not None]


def said(book: Daybook, story: EpisodeStory, locale: str) -> str:
    """Say in words what happened; no more than the numbers do."""
    sentences: list[str] = []
    if story.door_min is not None and story.usual_door_min is not None:
        sentences.append(
            translate(
                locale,
                "{orders} orders took {actual} to the door; usual is {usual}.",
                orders=format_number(story.delivered, locale),
                actual=format_duration(story.door_min, locale, decimals=1),
                usual=format_duration(story.usual_door_min, locale, decimals=1),
            )
        )
    sentences += _lost_sentences(book, story, locale)
    sentences += _cause_sentences(story, locale)
    return " ".join(sentences)


def _lost_sentences(book: Daybook, story: EpisodeStory, locale: str) -> list[str]:
    lost, cancelled = story.cost.lost_orders or 0.0, story.cost.cancelled_orders or 0.0
    wanted = plain(story.wanted, locale)
    said_of = {
        mark("{lost} of {wanted} people who asked found nobody."): lost if Lack.ORDERS in book.lacks else 0.0,
        mark("{lost} of {wanted} orders found no rider."): 0.0 if Lack.ORDERS in book.lacks else lost,
        mark("{lost} of {wanted} orders were cancelled by riders."): cancelled,
    }
    return [
        translate(locale, text, lost=plain(count, locale), wanted=wanted)
        for text, count in said_of.items()
        if count >= 1
    ]


def _cause_sentences(story: EpisodeStory, locale: str) -> list[str]:
    """Name the first cause, and any remainder that is larger; a cause of less than a tenth is not named."""
    first = next((c for c in story.causes if c.cause is story.first_cause), None)
    told: list[str] = []
    if first is not None and first.share >= WORTH_NAMING:
        name = translate(locale, words.CAUSES[first.cause])
        share = format_percent(first.share, locale, decimals=0)
        told.append(translate(locale, "First cause: {cause}, {share} of the miss.", cause=name, share=share))
        told.append(confidences.sureness_sentence(story, locale))
    larger = max(first.share if first else 0.0, WORTH_NAMING)
    rest = [c for c in story.causes if not c.cause.is_of_the_day and c.share > larger]
    return told + [
        translate(locale, words.REMAINDERS[c.cause], share=format_percent(c.share, locale, decimals=0)) for c in rest
    ]
