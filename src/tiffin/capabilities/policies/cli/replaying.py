"""The commands ``tiffin policies gather|backtest|diff``: past cases, and what another version would do to them."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType

from tiffin.capabilities.policies.service.backtest import Backtest, backtest, limits_of
from tiffin.capabilities.policies.service.history import gather
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.engines.decisions.replaying.comparison import AffectedKind, Comparison, Transition, Verdict
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_number, format_percent, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, table_of

SHOWN = 20
"""Changed cells that are shown to people; JSON has all."""

PolicyArgument = Annotated[str, typer.Argument(help="Name of the policy, such as late-compensation.")]
DraftOption = Annotated[int | None, typer.Option("--draft", help="Number of the draft that is tried.")]
OnOption = Annotated[str | None, typer.Option("--on", help="Or the day whose version is tried, like 2026-03-31.")]
BaseOption = Annotated[str | None, typer.Option("--base", help="Day whose version it is compared with; else today.")]
SampleOption = Annotated[int | None, typer.Option("--sample", min=1, help="About so many cases; else all.")]
EngineOption = Annotated[str | None, typer.Option("--engine", help="duckdb or spark; else the workspace's own.")]
SideArgument = Annotated[str, typer.Argument(help="A day like 2026-03-31, or the number of a draft.")]

_GATHERED = mark("{policy}: {found} cases have settled, {added} of them were not known before.")
_CHANGED = mark("{changed} of {cases} past cases of {policy} would come out otherwise ({share}).")


def register(policies: typer.Typer) -> None:
    """Add the commands to ``tiffin policies``."""
    policies.command("gather")(gather_cases)
    policies.command("backtest")(backtest_policy)
    policies.command("diff")(diff_policy)


def gather_cases(
    policy: PolicyArgument,
    *,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    engine: EngineOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take up past cases from the facts, each once and as it is known now.

    JSON: {"policy", "found", "added", "version"}.
    """
    with open_context(workspace, user=user, engine=engine) as context, progress(1.0, "Gathering cases") as advance:
        found = gather(context, policy, advance)
        locale = context.locale
    payload = {"policy": policy, "found": found.found, "added": found.added, "version": found.version}
    emit(payload, as_json=as_json, human=lambda shown: translate(locale, _GATHERED, **shown))


def backtest_policy(  # noqa: PLR0913 - one parameter an option
    policy: PolicyArgument,
    *,
    draft: DraftOption = None,
    on: OnOption = None,
    base: BaseOption = None,
    sample: SampleOption = None,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    engine: EngineOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide past cases by a draft or another version too, and tell what it changes, for whom and by how much.

    JSON: {"policy", "base", "draft", "table", "version", "share", "cases", "changed", "transitions": [{"base", "draft",
    "cases", "is_changed", "examples"}], "markets", "stakes", "people", "limits"}.
    """
    with open_context(workspace, user=user, engine=engine) as context:
        found = backtest(context, policy, draft=draft, on=_day(on), base=_day(base), sample=sample)
        locale = context.locale
    emit(_payload(found, locale), as_json=as_json, human=lambda _: _told(found, locale))


def diff_policy(  # noqa: PLR0913 - one parameter an option
    policy: PolicyArgument,
    first: SideArgument,
    second: SideArgument,
    *,
    sample: SampleOption = None,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    engine: EngineOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the version of a day with another one or with a draft, by what they do to past cases.

    JSON: as `tiffin policies backtest`.
    """
    base = _day(first)
    with open_context(workspace, user=user, engine=engine) as context:
        if second.isdigit():
            found = backtest(context, policy, draft=int(second), base=base, sample=sample)
        else:
            found = backtest(context, policy, on=_day(second), base=base, sample=sample)
        locale = context.locale
    emit(_payload(found, locale), as_json=as_json, human=lambda _: _told(found, locale))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUse(Message("A day like 2026-03-31 was expected; found {text}.", text=repr(text))) from None


def _payload(found: Backtest, locale: str) -> dict[str, Any]:
    compared = found.comparison
    return {
        "policy": found.policy,
        "base": {"since": found.base.since, "digest": found.base.digest},
        "draft": {"since": found.draft.since, "digest": found.draft.digest},
        "table": found.history.table,
        "version": found.history.version,
        "share": found.share,
        "cases": compared.cases,
        "changed": compared.changed,
        "first_at": compared.first_at,
        "last_at": compared.last_at,
        "transitions": [_plain(one) for one in compared.transitions],
        "markets": compared.markets,
        "stakes": compared.stakes,
        "people": compared.people,
        "limits": [translate(locale, one) for one in limits_of(found, locale)],
    }


def _plain(one: Transition) -> dict[str, Any]:
    return {
        "base": _side(one.base),
        "draft": _side(one.draft),
        "cases": one.cases,
        "is_changed": one.is_changed,
        "examples": list(one.examples),
    }


def _side(verdict: Verdict) -> dict[str, Any]:
    return {"standing": verdict.standing, "rows": list(verdict.rows), "outputs": dict(verdict.outputs)}


def _told(found: Backtest, locale: str) -> RenderableType:
    compared = found.comparison
    head = translate(
        locale,
        _CHANGED,
        policy=found.policy,
        cases=format_number(compared.cases, locale),
        changed=format_number(compared.changed, locale),
        share=format_percent(compared.share_changed, locale),
    )
    tables = (_cells(compared, locale), _stakes(compared, locale), *_people(compared.people, locale))
    limits = [f"- {translate(locale, one)}" for one in limits_of(found, locale)]
    return Group(head, *(one for one in tables if one is not None), *limits)


def _cells(compared: Comparison, locale: str) -> RenderableType | None:
    changed = [one for one in compared.transitions if one.is_changed][:SHOWN]
    columns = (mark("Before"), mark("After"), mark("Cases"), mark("Examples"))
    rows = [(_words(one.base), _words(one.draft), one.cases, ", ".join(one.examples)) for one in changed]
    return _table(columns, rows, locale)


def _words(verdict: Verdict) -> str:
    outputs = ", ".join(f"{name} {literal_of(value)}" for name, value in verdict.outputs.items())
    return f"{', '.join(verdict.rows) or verdict.standing.value}: {outputs}" if outputs else verdict.standing.value


def _stakes(compared: Comparison, locale: str) -> RenderableType | None:
    columns = (mark("Market"), mark("Party"), mark("Currency"), mark("More money, minor units"), mark("More points"))
    moved = [one for one in compared.stakes if one.money_minor or one.points]
    rows = [(one.market, one.party, one.currency, one.money_minor, float(one.points)) for one in moved]
    return _table(columns, rows, locale)


def _people(kinds: Iterable[AffectedKind], locale: str) -> Iterable[RenderableType | None]:
    columns = (mark("Person"), mark("Cases"), mark("Currency"), mark("More money, minor units"), mark("More points"))
    for kind in kinds:
        rows = [(one.person, one.cases, one.currency, one.money_minor, float(one.points)) for one in kind.most]
        yield _table(columns, rows, locale, title=f"{kind.kind}: {format_number(kind.people, locale)}")


def _table(
    columns: Iterable[str], rows: list[tuple[Any, ...]], locale: str, title: str | None = None
) -> RenderableType | None:
    return table_of([translate(locale, one) for one in columns], rows, title=title) if rows else None
