"""What the page of a day's truth shows: its causes in words, a waterfall of a touched order, minutes by stage."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from tiffin.capabilities.rehearsals.domain.delay_facts import ORDINARY
from tiffin.capabilities.rehearsals.domain.demo import ALL_CITIES
from tiffin.capabilities.rehearsals.domain.planted_view import CauseView, TruthView
from tiffin.capabilities.rehearsals.service.truth_words import OWN_CHANCE, PARTIES, PLANTED, STAGES
from tiffin.capabilities.rehearsals.service.words import CAUSES, KINDS
from tiffin.engines.simulation.truth.stages import Stage
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_duration, mark, translate
from tiffin.web.charts.bar import bar_chart
from tiffin.web.charts.figure import Caption, numbers_in
from tiffin.web.charts.line import Series
from tiffin.web.charts.waterfall import Step, waterfall

MINUTE_S = 60
HARDLY = 0.01
"""A stage that no cause moves by more than this share of the most is not drawn."""
ORDINARY_TIME = mark("Without any of it")
ACTUAL_TIME = mark("As it was")


def page_of(context: Context, found: TruthView) -> Mapping[str, Any]:
    """Gather what the page shows."""
    locale = context.locale
    names = {one.cause_id: _name(one, found, locale) for one in found.causes}
    return {
        "found": found,
        "first": found.planted[0],
        "names": names,
        "charts": _charts(found, names, locale) if found.touched else [],
        "stages": STAGES,
        "parties": PARTIES,
        "kinds": KINDS,
        "causes": CAUSES,
        "what": PLANTED,
        "may_work_out": context.actor.has_role_everywhere(Role.STEWARD) and found.planted[0].city_id in ALL_CITIES,
        "ordinary": ORDINARY,
    }


def _name(cause: CauseView, found: TruthView, locale: str) -> str:
    """Name a cause; where a day has two of a kind, they are numbered."""
    if cause.disruption_id is None:
        own = translate(locale, OWN_CHANCE[cause.party]) if cause.party in OWN_CHANCE else ""
        return translate(locale, "Ordinary") if cause.cause_id == ORDINARY else own
    (one,) = [one for one in found.planted if one.disruption_id == cause.disruption_id] or [found.planted[0]]
    same = [other.disruption_id for other in found.planted if other.kind == one.kind]
    number = f" {same.index(one.disruption_id) + 1}" if len(same) > 1 else ""
    return translate(locale, KINDS[one.kind]) + number


def _charts(found: TruthView, names: Mapping[str, str], locale: str) -> list[Markup]:
    struck = [one for one in found.causes if one.disruption_id is not None]
    before = sum(one.touched_s for one in found.causes if one.disruption_id is None) / found.touched / MINUTE_S
    steps = [Step(names[one.cause_id], one.touched_s / found.touched / MINUTE_S) for one in struck]
    after = before + sum(step.value for step in steps)
    show = numbers_in(locale)
    way = waterfall(
        Step(translate(locale, ORDINARY_TIME), before),
        steps,
        Step(translate(locale, ACTUAL_TIME), after),
        caption=Caption(
            translate(locale, "Minutes from placing to the end, a mean order that was touched"),
            translate(
                locale, "From {before} to {after}.", before=format_duration(before, locale, decimals=1),
                after=format_duration(after, locale, decimals=1),
            ),
        ),
        locale=locale,
        show=show,
    )  # fmt: skip
    most = max(abs(seconds) for one in struck for seconds in one.stage_s)
    felt = [n for n in range(len(Stage)) if max(abs(one.stage_s[n]) for one in struck) > HARDLY * most]
    by_stage = bar_chart(
        [translate(locale, STAGES[list(Stage)[n]]) for n in felt],
        [Series(names[one.cause_id], tuple(one.stage_s[n] / MINUTE_S for n in felt)) for one in struck],
        caption=Caption(
            translate(locale, "Minutes by stage and cause, all orders of the day"),
            translate(locale, "Below nought where a stage took less, as when an order ended before it."),
        ),
        locale=locale,
        show=show,
    )
    return [way, by_stage]
