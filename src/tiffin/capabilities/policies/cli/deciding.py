"""The command ``tiffin policies decide``: one case by its facts, or the cases of a file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from tiffin.capabilities.policies.cli.deciding_words import explained, told
from tiffin.capabilities.policies.domain.plain import decision_as_plain, explanation_as_plain
from tiffin.capabilities.policies.service.case_files import Usual, decide_file, write_decided
from tiffin.capabilities.policies.service.deciding import decide, desk_of
from tiffin.capabilities.policies.service.explaining import explain
from tiffin.capabilities.policies.service.library import in_force
from tiffin.capabilities.policies.service.reasons import reason
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import ngettext
from tiffin.runtime.json_text import json_text
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress

INVALID = 3
"""Exit code where some case of a file could not be decided."""

PolicyArgument = Annotated[str, typer.Argument(help="Name of the policy, such as late-compensation.")]
GivenOption = Annotated[
    list[str] | None, typer.Option("--given", help="A fact of the case as input=value; repeat it for each.")
]
EvidenceOption = Annotated[
    list[str] | None, typer.Option("--evidence", help="What stands behind a fact, as input=reference; repeat it.")
]
InputOption = Annotated[
    Path | None,
    typer.Option(
        "--input",
        help="Cases instead of one: CSV with a header, or JSON lines; market, city and on may be columns of it.",
    ),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="File for the decided cases: .csv, else JSON lines; else standard output.")
]
MarketOption = Annotated[str, typer.Option("--market", help="Country of the case by ISO 3166, such as SA.")]
CityOption = Annotated[str, typer.Option("--city", help="City of the case, such as riyadh.")]
OnOption = Annotated[str | None, typer.Option("--on", help="Business day of the event, like 2026-03-31; else today.")]
ExplainOption = Annotated[
    bool, typer.Option("--explain", help="Tell of every row why it decides or not, and what would have changed it.")
]
LocaleOption = Annotated[str | None, typer.Option("--locale", help="en, ar, zh_Hans, zh_Hant or pt_BR.")]


def register(policies: typer.Typer) -> None:
    """Add the command to ``tiffin policies``."""
    policies.command("decide")(decide_cases)


def decide_cases(  # noqa: PLR0913 - one parameter an option
    policy: PolicyArgument,
    *,
    given: GivenOption = None,
    evidence: EvidenceOption = None,
    file: InputOption = None,
    out: OutOption = None,
    market: MarketOption = "",
    city: CityOption = "",
    on: OnOption = None,
    explaining: ExplainOption = False,
    locale: LocaleOption = None,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide a case, or the cases of a file, by the version that was in force on the day of the event.

    JSON: {"outcome", "row", "rows", "outputs", "reason", "evidence", "version", "on"}, with --explain more; of a file
    one such line a case with its other columns under "case", or {"error", "case"}, and exit code 3 for any of those;
    with --out {"cases", "refused", "file"}.
    """
    if file is not None and (given or evidence or explaining):
        raise WrongUse(Message("One case is told by --given, many by --input; name one of the two."))
    with open_context(workspace, user=user, locale=locale) as context:
        usual = Usual(_day(on) or context.now.date(), market, city)
        if file is None:
            one = _one(context, policy, usual, _pairs(given or ()), _pairs(evidence or ()), explaining=explaining)
            language = context.locale
        else:
            refused = _many(context, policy, usual, file, out, as_json=as_json)
    if file is not None:
        raise typer.Exit(INVALID if refused else 0)
    emit(one, as_json=as_json, human=lambda found: (explained if explaining else told)(found, language))


def _one(
    context: Context,
    policy: str,
    usual: Usual,
    given: Mapping[str, str],
    evidence: Mapping[str, str],
    *,
    explaining: bool,
) -> dict[str, Any]:
    reader = desk_of(in_force(context, policy, usual.on)).reader
    facts = {name: reader.from_text(name, text) if name in reader.known else text for name, text in given.items()}
    found = decide(context, policy, facts, market=usual.market, city=usual.city, on=usual.on, evidence=evidence)
    said = reason(found, context.locale)
    return explanation_as_plain(explain(found, context.locale), said) if explaining else decision_as_plain(found, said)


def _many(context: Context, policy: str, usual: Usual, file: Path, out: Path | None, *, as_json: bool) -> int:
    """Decide the cases of a file; give how many could not be."""
    decided = decide_file(context, policy, file, usual)
    if out is None:
        refused = 0
        for one in decided:
            typer.echo(json_text(one))
            refused += "error" in one
        return refused
    outputs = [one.name for one in in_force(context, policy, usual.on).stated.outputs]
    with out.open("w", encoding="utf-8", newline="") as to, progress(_lines_of(file), policy) as show:
        count = refused = 0
        for fault in _shown(write_decided(decided, to, outputs), show):
            count, refused = count + 1, refused + fault
    emit(
        {"cases": count, "refused": refused, "file": str(out)},
        as_json=as_json,
        human=lambda found: ngettext(
            context.locale,
            "{count} case decided into {file}; {refused} could not be decided.",
            "{count} cases decided into {file}; {refused} could not be decided.",
            count,
            file=found["file"],
            refused=found["refused"],
        ),
    )
    return refused


def _shown(faults: Iterator[int], show: Callable[[float], None]) -> Iterator[int]:
    for fault in faults:
        show(1)
        yield fault


def _lines_of(file: Path) -> int | None:
    """Count the lines of a plain file, to show how far its cases are; of an archive nobody knows."""
    if file.suffix.lower() not in (".csv", ".jsonl", ".ndjson") or not file.is_file():
        return None
    with file.open("rb") as lines:
        return sum(1 for _ in lines)


def _pairs(texts: Sequence[str]) -> dict[str, str]:
    for text in texts:
        if "=" not in text:
            raise WrongUse(Message("A fact like minutes_late=20 was expected; found {found}.", found=text[:80]))
    return {name.strip(): value for name, _, value in (text.partition("=") for text in texts)}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongUse(Message("A day like 2026-03-31 was expected; found {found}.", found=str(text))) from None
