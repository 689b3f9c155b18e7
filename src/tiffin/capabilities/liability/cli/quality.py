"""Commands of the quality of judgement and of signals: ``tiffin liability quality …``, ``tiffin liability signals``."""

from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.quality_report import AgreementOf
from tiffin.capabilities.liability.service import gold, quality, quality_drawing, quality_looks, signals
from tiffin.capabilities.liability.service.quality import QualityReport
from tiffin.capabilities.liability.service.quality_words import ASKS
from tiffin.capabilities.liability.service.signals import DaySignals
from tiffin.kernel.time import read_day
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_number, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, table_of


def register(liability: typer.Typer) -> None:
    """Add the commands to ``tiffin liability``."""
    told = "Whether verdicts are judged well: second looks, known cases, agreement."
    group = typer.Typer(no_args_is_help=True, help=told)
    group.command("draw")(draw)
    group.command("report")(show_report)
    group.command("looks")(looks)
    group.command("judge")(judge)
    group.command("gold")(make_gold)
    group.command("agree")(agree)
    liability.add_typer(group, name="quality")
    liability.command("signals")(show_signals)


def draw(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Draw verdicts of late to be judged again; the same ones whoever draws. JSON: {"verdicts", "drawn", "gold"}."""
    with open_context(workspace, user=user) as context, progress(1.0, "draw"):
        found, locale = quality_drawing.draw(context), context.locale
    payload = {"verdicts": found.verdicts, "drawn": found.drawn, "gold": found.gold}
    said = translate(
        locale,
        "Drawn {drawn} of {verdicts} verdicts, with {gold} known cases among them.",
        **{name: format_number(count, locale) for name, count in payload.items()},
    )
    emit(payload, as_json=as_json, human=lambda _payload: Text(said))


def show_report(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Tell how far judges agree, how well confidence tells, and whether groups are judged alike.

    JSON: {"drawn", "waiting", "disputed", "alpha", "types": [{"name", "alpha", "low", "high", "units"}], "reviewers",
    "weeks", "calibration": {"count", "error", "brier"}, "groups": [{"dimension", "group",
    "ratio", "low", "high", "p"}]}.
    """
    with open_context(workspace, user=user) as context:
        found, locale = quality.report(context), context.locale
    emit(_payload(found), as_json=as_json, human=lambda _payload: _told(found, locale))


def looks(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the cases that you may judge again. JSON: {"looks": [{"case", "incident", "facts"}]}."""
    with open_context(workspace, user=user) as context:
        found, locale = quality_looks.waiting_looks(context), context.locale
    rows = [{"case": one.case_id, "incident": one.incident.value, "facts": dict(one.facts)} for one in found]
    columns = (translate(locale, "Case"), translate(locale, "Type"))
    shown = [(str(one.case_id), one.incident.value) for one in found]
    emit({"looks": rows}, as_json=as_json, human=lambda _payload: table_of(columns, shown))


def judge(
    case: Annotated[int, typer.Argument(help="Number of the case, as `looks` lists it.")],
    liable: Annotated[Party, typer.Argument(help="Who answers for it most.")],
    *,
    confidence: Annotated[float, typer.Option(help="How sure you are, 0 to 1.")],
    note: Annotated[str, typer.Option(help="Why.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Judge a case again; what was decided before is not told. JSON: {"case"}."""
    with open_context(workspace, user=user) as context:
        quality_looks.judge(context, case, liable, confidence=confidence, note=note)
        said = translate(context.locale, "Judged. The answer is compared by the platform.")
    emit({"case": case}, as_json=as_json, human=lambda _payload: Text(said))


def make_gold(
    verdict: Annotated[str, typer.Argument(help="Name of the verdict.")],
    liable: Annotated[Party, typer.Argument(help="The known answer: who answers for it most.")],
    *,
    reason: Annotated[str, typer.Option(help="Why the answer is known.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Propose a case whose answer is known; a second person agrees. JSON: {"gold"}."""
    with open_context(workspace, user=user) as context:
        number = gold.make_gold(context, verdict, liable, reason)
        said = translate(context.locale, "Known case {number} waits for a second person.", number=number)
    emit({"gold": number}, as_json=as_json, human=lambda _payload: Text(said))


def agree(
    number: Annotated[int, typer.Argument(help="Number of the known case.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Agree to a known case as the second person. JSON: {"gold"}."""
    with open_context(workspace, user=user) as context:
        gold.agree_gold(context, number)
        said = translate(context.locale, "Known case {number} is agreed and mixed in from now on.", number=number)
    emit({"gold": number}, as_json=as_json, human=lambda _payload: Text(said))


def show_signals(
    city: Annotated[str, typer.Argument(help="City, such as riyadh.")],
    day: Annotated[str, typer.Argument(help="Business day, such as 2026-02-20.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Tell what is asked about the orders of a day: a photo or a PIN, never a refusal.

    JSON: {"city", "day", "orders", "asked": [{"order", "ask", "because": [text]}]}.
    """
    with open_context(workspace, user=user) as context, progress(1.0, "signals"):
        found, locale = signals.signals_of_day(context, city, read_day(day)), context.locale
        rows = [(one.order_id, ASKS[one.ask], _because(context, found, one.order_id)) for one in found.asked]
    payload = {
        "city": city,
        "day": day,
        "orders": found.orders,
        "asked": [
            {"order": one.order_id, "ask": one.ask.value, "because": list(because)}
            for one, (_, _, because) in zip(found.asked, rows, strict=True)
        ],
    }
    columns = (translate(locale, "Order"), translate(locale, "Signal"), translate(locale, "Why"))
    shown = [(order, translate(locale, ask), " ".join(because)) for order, ask, because in rows]
    emit(payload, as_json=as_json, human=lambda _payload: table_of(columns, shown))


def _because(context: Context, found: DaySignals, order_id: str) -> tuple[str, ...]:
    one = next(one for one in found.asked if one.order_id == order_id)
    return tuple(signals.told(context, because) for because in one.because)


def _payload(found: QualityReport) -> Mapping[str, Any]:
    return {
        "drawn": found.drawn,
        "waiting": found.waiting,
        "disputed": found.disputed,
        "alpha": _known(found.overall.found.alpha),
        "types": [_plain(one) for one in found.types],
        "reviewers": [_plain(one) for one in found.reviewers],
        "weeks": [_plain(one) for one in found.weeks],
        "calibration": {
            "count": found.calibration.count,
            "error": _known(found.calibration.error),
            "brier": _known(found.calibration.brier),
        },
        "groups": [
            {
                "dimension": one.dimension,
                "group": one.group,
                "ratio": _known(one.found.ratio) if one.found else None,
                "low": _known(one.found.low) if one.found else None,
                "high": _known(one.found.high) if one.found else None,
                "p": one.adjusted if one.found else None,
            }
            for one in found.groups
        ],
    }


def _plain(one: AgreementOf) -> Mapping[str, Any]:
    found = one.found
    return {
        "name": one.name,
        "alpha": _known(found.alpha),
        "low": _known(found.low),
        "high": _known(found.high),
        "units": found.units,
    }


def _known(value: float) -> float | None:
    return value if isfinite(value) else None


def _told(found: QualityReport, locale: str) -> RenderableType:
    columns = (
        translate(locale, "Type"),
        translate(locale, "Alpha"),
        translate(locale, "At least"),
        translate(locale, "At most"),
        translate(locale, "Judged again"),
    )
    rows = [_row(one, locale) for one in (found.overall, *found.types, *found.reviewers, *found.weeks)]
    said = translate(
        locale,
        "Drawn {drawn}, waiting for a second judgement {waiting}, for a third {disputed}.",
        drawn=format_number(found.drawn, locale),
        waiting=format_number(found.waiting, locale),
        disputed=format_number(found.disputed, locale),
    )
    return Group(Text(said), table_of(columns, rows))


def _row(one: AgreementOf, locale: str) -> tuple[str, ...]:
    found = one.found
    numbers = (format_number(value, locale, decimals=2) for value in (found.alpha, found.low, found.high))
    return one.name or translate(locale, "All"), *numbers, format_number(found.units, locale)
