"""``tiffin contracts …``: data contracts of the open standard, how they change, and who has to agree."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.catalog.domain.contracts import Answer, Version
from tiffin.capabilities.catalog.service import (
    contracts,
    contracts_drafts,
    contracts_known,
    contracts_silence,
    contracts_versions,
)
from tiffin.engines.contracts.comparing import Comparison, compare
from tiffin.engines.contracts.standard import Contract
from tiffin.kernel.assets import AssetId
from tiffin.kernel.errors import FailedCheck
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.contracts.form import export_contract, import_file
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, say, table_of

TableArgument = Annotated[str, typer.Argument(help="Fact table, such as orders.")]
VersionArgument = Annotated[str, typer.Argument(help="Version, such as 2.0.0.")]
SideArgument = Annotated[str, typer.Argument(help="Contract file, or a fact table for the contract in force here.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="File to write; else standard output.")]

_NAMED = 5

ACTS = (
    ("announce", contracts_versions.announce, "Tell everybody of whom a breaking version breaks something."),
    (
        "put-in-force",
        contracts_versions.put_in_force,
        "Let a version take effect; another steward than the one who registered it.",
    ),
    ("withdraw", contracts_versions.withdraw, "Take back a version that is not in force."),
)
"""What is done with one version by its number alone: the command, the act, and what it means."""


def register(app: typer.Typer) -> None:
    """Add the commands to those of contracts."""
    for name, command in (
        ("list", list_),
        ("show", show),
        ("check", check),
        ("diff", diff),
        ("export", export),
        ("import", import_),
        ("register", register_version),
        ("answer", answer),
        ("escalate", escalate),
    ):
        app.command(name)(command)
    for name, act, told in ACTS:
        app.command(name, help=f"{told} JSON: as one version of `show`.")(_on_version(act))


def list_(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the contract in force of each table. JSON: {"contracts": [{"table", "version", "owner", "waiting"}]}."""
    with open_context(workspace, user=user) as context:
        waiting = {one.table: one.version for one in contracts_known.list_versions(context) if one.state == "announced"}
        forced = {one.table: one.version for one in contracts_known.list_versions(context) if one.state == "in_force"}
        locale = context.locale
        rows = [
            {
                "table": name,
                "version": forced.get(name, table.version),
                "owner": table.owner,
                "waiting": waiting.get(name, ""),
            }
            for name, table in sorted(TABLES.items())
        ]
    heads = (mark("Table"), mark("Version"), mark("Owner"), mark("Waits for agreement"))
    emit(
        {"contracts": rows},
        as_json=as_json,
        human=lambda _payload: table_of([translate(locale, head) for head in heads], [row.values() for row in rows]),
    )


def show(
    table: TableArgument,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show the registered versions of a table's contract and who answered.

    JSON: {"table", "in_force", "versions": [{"version", "state", "severity", "changes", "consumers", "in_the_way"}]}.
    """
    with open_context(workspace, user=user) as context:
        forced = contracts.contract_in_force(context, table).version
        found = contracts_known.list_versions(context, table)
        versions = [_version(one, contracts_known.hindrances(context, one)) for one in found]
        locale = context.locale
    payload = {"table": table, "in_force": forced, "versions": versions}
    emit(payload, as_json=as_json, human=lambda _payload: _versions(payload, locale))


def check(
    files: Annotated[list[Path], typer.Argument(help="Contract files.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Hold contract files against the standard's schema. JSON: {"checked": [{"file", "version", "tables"}]}."""
    found = [(path, import_file(path)) for path in files]
    rows = [
        {"file": str(path), "version": one.version, "tables": [table.name for table in one.schema or ()]}
        for path, one in found
    ]
    lines = [f"{row['file']}: {row['version']}" for row in rows]
    emit({"checked": rows}, as_json=as_json, human=lambda _payload: Text("\n".join(lines)))


def diff(
    old: SideArgument,
    new: SideArgument,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Tell how two versions of a contract differ, who is touched, and the least honest version; exit 1 when one breaks.

    JSON: {"old", "new", "least", "severity", "changes": [{"kind", "path", "severity", "side", "why", "touched"}]}.
    """
    with open_context(workspace, user=user) as context:
        sides = _side(context, old), _side(context, new)
        comparison, locale = compare(*sides), context.locale
        tables = [one.name for one in sides[0].schema or ()]
        touched = contracts.touched_by(context, comparison.changes, tables[0] if len(tables) == 1 else None)
    payload = _difference(comparison, touched)
    emit(payload, as_json=as_json, human=lambda _payload: _told(comparison, touched, locale))
    if comparison.is_breaking:
        raise FailedCheck(
            Message(
                "Version {new} breaks who uses {old}. The least honest number for it is {least}.",
                new=comparison.new,
                old=comparison.old,
                least=comparison.least,
            )
        )


def export(
    table: TableArgument,
    *,
    out: OutOption = None,
    workspace: WorkspaceOption = None,
    user: UserOption = None,
) -> None:
    """Write a table's contract with all that a consumer needs, as YAML of the Open Data Contract Standard 3.1."""
    with open_context(workspace, user=user) as context:
        text = contracts.export_table(context, table)
    _write(text, out)


def import_(
    file: Annotated[Path, typer.Argument(help="Somebody else's contract.")],
    *,
    draft: Annotated[bool, typer.Option("--draft", help="Write drafts of our own table contracts from it.")] = False,
    upgrade: Annotated[bool, typer.Option("--upgrade", help="Bring an older one to version 3.1.")] = False,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read somebody else's contract and write it again, or as drafts that the loader can use.

    JSON: {"drafts": [{"table", "yaml", "told": [{"path", "why"}]}]} with --draft; else {"contract": text}.
    """
    if not draft:
        text = export_contract(import_file(file, upgrade=upgrade))
        emit({"contract": text}, as_json=as_json, human=lambda _payload: Text("")) if as_json else _write(text, out)
        return
    drafts = contracts_drafts.drafts_of(import_file(file))
    rows = [
        {
            "table": one.table,
            "yaml": one.text,
            "told": [{"path": path, "why": str(why)} for path, why in one.told],
        }
        for one in drafts
    ]
    if as_json:
        emit({"drafts": rows}, as_json=True, human=lambda _payload: Text(""))
        return
    for row, one in zip(rows, drafts, strict=True):
        _write(one.text, out / f"{row['table']}.yaml" if out else None)
        for path, why in one.told:
            typer.echo(f"{path}: {why}", err=True)


def register_version(
    table: TableArgument,
    file: Annotated[
        Path | None, typer.Argument(help="The new contract; else the one that this release carries.")
    ] = None,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Register the next version of a table's contract. JSON: as one version of `show`."""
    text = file.read_text(encoding="utf-8") if file else contracts.shipped_text(table)
    _act(lambda context: contracts_versions.register(context, table, text), workspace, user, as_json=as_json)


def answer(  # noqa: PLR0913 - one parameter an option of the command
    table: TableArgument,
    version: VersionArgument,
    said: Annotated[Answer, typer.Argument(help="What is said.")],
    *,
    consumer: Annotated[str | None, typer.Option("--for", help="Team or account; else oneself.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; an objection needs it.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Agree or object to a breaking version. JSON: as one version of `show`."""

    def answered(context: Context) -> Version:
        return contracts_versions.answer(context, table, version, consumer or context.actor.name, said, reason)

    _act(answered, workspace, user, as_json=as_json)


def escalate(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Open a case for whoever was silent until the notice ended; run it every morning. JSON: {"escalated": [...]}."""
    with open_context(workspace, user=user) as context:
        found = contracts_silence.escalate_silence(context)
    lines = "\n".join(" ".join(one) for one in found)
    emit({"escalated": [list(one) for one in found]}, as_json=as_json, human=lambda _payload: Text(lines))


def _side(context: Context, named: str) -> Contract:
    return contracts.contract_in_force(context, named) if named in TABLES else import_file(Path(named))


def _write(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    say(str(out))


def _on_version(act: Callable[[Context, str, str], Version]) -> Callable[..., None]:
    """Make a command of what is done with one version of a table's contract."""

    def command(
        table: TableArgument,
        version: VersionArgument,
        *,
        workspace: WorkspaceOption = None,
        as_json: JsonOption = False,
        user: UserOption = None,
    ) -> None:
        _act(lambda context: act(context, table, version), workspace, user, as_json=as_json)

    return command


def _act(act: Callable[[Context], Version], workspace: Path | None, user: str | None, *, as_json: bool) -> None:
    """Do something with a version in one unit of work, and tell how the version stands then."""
    with open_context(workspace, user=user) as context:
        version = act(context)
        payload, locale = _version(version, contracts_known.hindrances(context, version)), context.locale
    emit(payload, as_json=as_json, human=lambda _payload: _versions({"versions": [payload]}, locale))


def _version(one: Version, waiting: Sequence[str]) -> dict[str, Any]:
    return {
        "version": one.version,
        "state": one.state,
        "severity": one.severity,
        "against": one.against,
        "registered_by": one.registered_by,
        "notice_ends_at": one.notice_ends_at,
        "changes": [
            {name: getattr(change, name) for name in ("kind", "path", "severity", "side")} for change in one.changes
        ],
        "consumers": [
            {"consumer": who.name, "answer": who.answer, "reason": who.reason, "assets": list(who.assets)}
            for who in one.consumers
        ],
        "in_the_way": list(waiting),
    }


def _versions(payload: Mapping[str, Any], locale: str) -> RenderableType:
    heads = (mark("Version"), mark("State"), mark("Severity"), mark("Changes"), mark("In the way"))
    rows = [
        (one["version"], one["state"], one["severity"], len(one["changes"]), ", ".join(one["in_the_way"]))
        for one in payload["versions"]
    ]
    return table_of([translate(locale, head) for head in heads], rows)


def _difference(comparison: Comparison, touched: Mapping[str, Sequence[AssetId]]) -> dict[str, Any]:
    return {
        "old": comparison.old,
        "new": comparison.new,
        "least": comparison.least,
        "is_honest": comparison.is_honest,
        "severity": comparison.severity,
        "changes": [
            {
                "kind": change.kind.value,
                "path": change.path,
                "severity": change.severity.value,
                "side": change.verdict.side.value,
                "before": str(change.before) if change.before is not None else None,
                "after": str(change.after) if change.after is not None else None,
                "why": str(change.verdict.why),
                "touched": [asset.text for asset in touched.get(change.path, ())],
            }
            for change in comparison.changes
        ],
    }


def _told(comparison: Comparison, touched: Mapping[str, Sequence[AssetId]], locale: str) -> RenderableType:
    if not comparison.changes:
        return Text(translate(locale, mark("Both say the same.")))
    heads = (mark("Severity"), mark("Where"), mark("What it means"), mark("Who is touched"))
    rows = []
    for change in comparison.changes:
        names = [asset.text for asset in touched.get(change.path, ())]
        more = f" +{len(names) - _NAMED}" if len(names) > _NAMED else ""
        why = translate(locale, change.verdict.why.text)
        rows.append((change.severity.value, change.path, why, ", ".join(names[:_NAMED]) + more))
    least = translate(locale, mark("The least honest version is {least}."), least=comparison.least)
    return Group(table_of([translate(locale, head) for head in heads], rows), Text(least))
