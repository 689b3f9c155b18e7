"""The commands ``tiffin audit …``: who did and saw what, and whether the trail of it is whole."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.access.domain.auditing import AuditSearch, ExportKind
from tiffin.capabilities.access.service import auditing
from tiffin.capabilities.access.service.fault_words import fault_told
from tiffin.kernel.errors import Conflict, FailedCheck, Unavailable, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.audit import Outcome
from tiffin.runtime.audit_chain import read_anchor
from tiffin.runtime.audit_checking import TrailCheck
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, say, table_of

ActorOption = Annotated[str, typer.Option(help="Only what this account did.")]
ActionOption = Annotated[str, typer.Option(help="Only acts of this kind, such as role_granted.")]
SubjectOption = Annotated[str, typer.Option(help="Only where this is a part of what was acted on.")]
OutcomeOption = Annotated[Outcome | None, typer.Option(help="Only what was done, refused or read.")]
SinceOption = Annotated[str, typer.Option(help="First day, such as 2026-01-31 (UTC).")]
UntilOption = Annotated[str, typer.Option(help="Last day, such as 2026-01-31 (UTC).")]
TextOption = Annotated[str, typer.Option(help="Only where this is a part of subject, actor, action or details.")]
BeforeOption = Annotated[int | None, typer.Option(help="Only entries older than this number: the next page.")]


_REMOVED = mark(
    "Texts removed on request: {count}. Each is told by an entry of the trail; all the rest of those entries is as it "
    "was written."
)
_UNTOLD = mark(
    "Nobody can tell any more about {anchor}: it was noted before the trail was carried over, and a person named "
    "before it has been erased since."
)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    trail = typer.Typer(help="Who did and saw what: listed, searched, verified, taken away.")
    trail.callback(invoke_without_command=True)(list_newest)
    trail.command("list")(list_entries)
    trail.command("search")(search)
    trail.command("verify")(verify)
    trail.command("export")(export)
    app.add_typer(trail, name="audit")


def list_newest(
    asked: typer.Context,
    *,
    actor: ActorOption = "",
    action: ActionOption = "",
    before: BeforeOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show who did what, newest first. JSON: {"entries": [{"entry_id", "at", "actor", "action", "subject", ...}]}."""
    if asked.invoked_subcommand is None:
        _show(AuditSearch(actor=actor, action=action, before=before), workspace, user=user, as_json=as_json)


def list_entries(
    *,
    actor: ActorOption = "",
    action: ActionOption = "",
    before: BeforeOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show who did what, newest first. JSON: {"entries": [{"entry_id", "at", "actor", "action", "subject", ...}]}."""
    _show(AuditSearch(actor=actor, action=action, before=before), workspace, user=user, as_json=as_json)


def search(  # noqa: PLR0913 - one parameter an option of the command
    text: Annotated[str, typer.Argument(help="A part of subject, actor, action or details; empty for any.")] = "",
    *,
    actor: ActorOption = "",
    action: ActionOption = "",
    subject: SubjectOption = "",
    outcome: OutcomeOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    before: BeforeOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Find entries, newest first. JSON: {"entries": [{"entry_id", "at", "actor", "action", "subject", ...}]}."""
    first, last = _day(since, "--since"), _day(until, "--until")
    asked = AuditSearch(actor, action, subject, outcome or "", first, last, text, before)
    _show(asked, workspace, user=user, as_json=as_json)


def verify(
    *,
    anchor: Annotated[
        list[str] | None, typer.Option(help="Count and digest that were noted earlier; may be repeated.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Find out whether any entry was edited, removed, added or put elsewhere; 1 is the exit code if so.

    JSON: {"entries", "anchor", "is_whole", "fault_count", "faults": [{"kind", "entry_id", "after", ...}]}.
    """
    anchors = [read_anchor(one) for one in anchor or ()]
    with open_context(workspace, user=user) as context:
        locale, total = context.locale, auditing.trail_state(context).entries
        with progress(total, translate(locale, mark("Verifying entries"))) as advance:
            check = auditing.verify_audit(context, anchors=anchors, on_progress=advance)
    payload = asdict(check) | {"anchor": check.anchor.text, "is_whole": check.is_whole}
    emit(payload, as_json=as_json, human=lambda _: _check_text(check, locale))
    if not check.is_whole:
        raise FailedCheck(Message("The audit trail is not as it was written: {count} faults.", count=check.fault_count))


def export(  # noqa: PLR0913 - one parameter an option of the command
    folder: Annotated[Path, typer.Argument(help="Folder for the file, whose name tells where the trail ended.")],
    *,
    kind: Annotated[ExportKind, typer.Option("--format", help="csv, or jsonl: one entry a line.")] = ExportKind.JSONL,
    actor: ActorOption = "",
    action: ActionOption = "",
    subject: SubjectOption = "",
    outcome: OutcomeOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    text: TextOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Write entries into a file for an auditor, and print the anchor to note. JSON: {"file", "anchor", "bytes"}."""
    first, last = _day(since, "--since"), _day(until, "--until")
    asked = AuditSearch(actor, action, subject, outcome or "", first, last, text)
    with open_context(workspace, user=user) as context:
        taken = auditing.export_audit(context, asked, kind)
        file = folder / taken.name
        size = _write(taken, file)
        locale = context.locale
    payload = {"file": file, "anchor": taken.anchor.text, "bytes": size}
    told = mark("Wrote {file}. Note where the trail ended: {anchor}")
    emit(payload, as_json=as_json, human=lambda done: translate(locale, told, file=done["file"], anchor=done["anchor"]))


def _show(asked: AuditSearch, workspace: Path | None, *, user: str | None, as_json: bool) -> None:
    with open_context(workspace, user=user) as context:
        payload = {"entries": auditing.search_audit(context, asked)}
        locale = context.locale
    emit(payload, as_json=as_json, human=lambda found: _audit_table(found, locale))
    if len(payload["entries"]) == auditing.PAGE_SIZE and not as_json:
        older = payload["entries"][-1].entry_id
        say(translate(locale, mark("There are more. Add --before {number}."), number=older))


def _write(taken: auditing.TrailExport, file: Path) -> int:
    if file.exists():
        raise Conflict(Message("{file} is there already. Choose another folder, or move it away.", file=file))
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        with unfinished.open("wb") as out:
            size = sum(out.write(part) for part in taken.parts)
        unfinished.replace(file)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise Unavailable(
            Message("{file} could not be written: {reason}. Choose another folder.", file=file, reason=error)
        ) from error
    return size


def _check_text(check: TrailCheck, locale: str) -> str:
    head = mark("The audit trail is whole: {count} entries. Note where it ends: {anchor}")
    more = [translate(locale, _REMOVED, count=check.removed)] if check.removed else []
    more += [translate(locale, _UNTOLD, anchor=one.text) for one in check.untold]
    if check.is_whole:
        return "\n".join([translate(locale, head, count=check.entries, anchor=check.anchor.text), *more])
    lines = [translate(locale, fault_told(fault)) for fault in check.faults]
    rest = check.fault_count - len(check.faults)
    return "\n".join([*more, *lines, *([translate(locale, mark("and {count} more"), count=rest)] if rest else [])])


def _audit_table(payload: Mapping[str, Any], locale: str) -> RenderableType:
    heads = (mark("Number"), mark("When"), mark("Who"), mark("What"), mark("Subject"), mark("Outcome"))
    columns = [translate(locale, text) for text in heads]
    rows = (
        (e.entry_id, f"{e.at:%Y-%m-%d %H:%M:%S}", e.actor, e.action, e.subject, e.outcome) for e in payload["entries"]
    )
    return table_of(columns, rows)


def _day(text: str, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongUse(
            Message("{option} takes a date such as 2026-12-31; found '{found}'.", option=option, found=text)
        ) from None
