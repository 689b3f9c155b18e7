"""The command ``tiffin policies tck``: how decision tables conform to the standard."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from tiffin.capabilities.policies.service.conformance import conformance
from tiffin.engines.decisions.conformance.judging import LEFT_OUT, count
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.terminal import JsonOption, emit

Locale = Annotated[str, typer.Option("--locale", help="Language of the answer: en, ar, zh_Hans, zh_Hant or pt_BR.")]

_COUNTED = mark(
    "{level}: {passed} of {asked} cases passed; of the {valued} that expect a value, {valued_passed} passed."
)
_LEFT_OUT = mark("Left out: {folder} ({reason})")


def register(policies: typer.Typer) -> None:
    """Add the command to ``tiffin policies``."""
    policies.command("tck")(tck)


def tck(
    folder: Annotated[Path, typer.Argument(help="Folder with compliance-level-2 and compliance-level-3 of the kit.")],
    *,
    locale: Locale = "en",
    as_json: JsonOption = False,
) -> None:
    """Ask every case of DMN's conformance kit; exit code 1 when one fails.

    JSON: {"levels": [{"level", "passed", "asked", "valued_passed", "valued", "failures": [{"folder", "case", "node",
    "wrong"}]}], "left_out": {folder: reason}}.
    """
    found = conformance(folder)
    levels = []
    for level, verdicts in found.items():
        failures = [
            {"folder": one.folder, "case": one.asked.case, "node": one.asked.node, "wrong": one.wrong}
            for one in verdicts
            if one.wrong
        ]
        levels.append({"level": level, **asdict(count(verdicts)), "failures": failures})
    payload = {"levels": levels, "left_out": dict(LEFT_OUT)}
    emit(payload, as_json=as_json, human=lambda shown: _told(shown, locale))
    if any(level["failures"] for level in levels):
        raise typer.Exit(1)


def _told(payload: Mapping[str, Any], locale: str) -> str:
    lines: list[str] = []
    for level in payload["levels"]:
        lines += [f"{one['folder']} {one['case']} {one['node']}: {one['wrong']}" for one in level["failures"]]
        values = {key: value for key, value in level.items() if key != "failures"}
        lines.append(translate(locale, _COUNTED, **values))
    lines += [translate(locale, _LEFT_OUT, folder=name, reason=why) for name, why in payload["left_out"].items()]
    return "\n".join(lines)
