"""``tiffin metrics check`` and ``cases``: definitions against their examples, a foreign layer against its own."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from tiffin.capabilities.metrics.cli.options import (
    LocaleOption,
)
from tiffin.capabilities.metrics.cli.tree import gaps_told
from tiffin.capabilities.metrics.service import checking, foreign
from tiffin.capabilities.metrics.service.decomposing import check_trees
from tiffin.capabilities.metrics.service.publishing import broken_locks
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import translate
from tiffin.runtime.terminal import (
    JsonOption,
    UserOption,
    WorkspaceOption,
    emit,
)

FAILED, INVALID = 1, 3


def register(metrics: typer.Typer) -> None:
    """Add the commands to ``tiffin metrics``."""
    metrics.command("check")(check)
    metrics.command("cases")(cases)


def check(
    metrics: Annotated[list[str] | None, typer.Argument(help="Metrics whose examples to run; else all.")] = None,
    *,
    engine: Annotated[
        list[str] | None, typer.Option("--engine", help="Engine to run the worked examples on; else both.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Check all definitions, run every worked example on both engines, and compare trees with the facts.

    JSON: {"metrics", "problems": [...], "examples", "engines", "failures": [{"metric", "engine", "why"}],
    "gaps": [{"tree", "metric", "group", "value", "given"}]}.
    """
    engines = tuple(engine or checking.ENGINES)
    with open_context(workspace, user=user) as context:
        report = checking.check(context, engines=engines, only=tuple(metrics or ()))
        gaps = () if metrics or report.problems else check_trees(context)
        broken = broken_locks(context)
        language = context.locale
    payload = {
        "metrics": report.metrics,
        "problems": [*report.problems, *broken],
        "examples": len(report.outcomes),
        "engines": engines,
        "failures": [asdict(failure) for failure in report.failures],
        "gaps": [asdict(gap) for gap in gaps],
    }
    emit(payload, as_json=as_json, human=lambda found: _checked(found, language))
    if gaps or broken or not report.is_good:
        raise typer.Exit(INVALID if report.problems or broken else FAILED)


def cases(
    folder: Annotated[Path, typer.Argument(help="Folder with cases.jsonl, tables/ and manifests/.")],
    *,
    locale: LocaleOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import a foreign semantic layer and run its cases through Tiffin's own compiler, against their check queries.

    JSON: {"passed", "failed", "refused", "cases": [{"name", "status", "why"}]}.
    """
    outcomes = foreign.run_cases(folder)
    payload: dict[str, Any] = dict(foreign.counts(outcomes))
    payload["cases"] = [asdict(outcome) for outcome in outcomes]
    emit(payload, as_json=as_json, human=lambda found: _cases_told(found, locale or "en"))
    if payload["passed"] < len(outcomes):
        raise typer.Exit(FAILED)


def _checked(payload: Mapping[str, Any], locale: str) -> str:
    lines = [*payload["problems"]]
    lines += [f"{item['metric']} ({item['engine']}): {item['why']}" for item in payload["failures"]]
    lines += gaps_told(payload["gaps"], locale)
    lines.append(
        translate(
            locale,
            "{metrics} metrics, {examples} worked examples run on {engines}: "
            "{problems} faulty definitions, {failures} failed examples.",
            metrics=payload["metrics"],
            examples=payload["examples"],
            engines=", ".join(payload["engines"]),
            problems=len(payload["problems"]),
            failures=len(payload["failures"]),
        )
    )
    return "\n".join(lines)


def _cases_told(payload: Mapping[str, Any], locale: str) -> str:
    lines = [f"{item['status']} {item['name']}: {item['why']}" for item in payload["cases"] if item["why"]]
    counts = {key: payload[key] for key in ("passed", "failed", "refused")}
    lines.append(translate(locale, "{passed} cases passed, {failed} failed, {refused} were refused.", **counts))
    return "\n".join(lines)
