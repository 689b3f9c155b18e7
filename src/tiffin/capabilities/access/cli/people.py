"""The commands ``tiffin people …``: one person found, handed over, erased by two, and looked for in every file."""

import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from tiffin.capabilities.access.domain.erasing import ErasureView, SoughtPerson, State
from tiffin.capabilities.access.service import erasing, erasing_steps, people, people_export, people_scan
from tiffin.capabilities.access.service.erasing_steps import Opening
from tiffin.capabilities.access.service.people_scan import ScanResult
from tiffin.capabilities.access.service.people_words import STATES, kind_word
from tiffin.kernel.errors import Conflict, FailedCheck, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, say, table_of

KindArgument = Annotated[str, typer.Argument(help="customer, rider, employee, respondent, or account.")]
IdArgument = Annotated[
    str, typer.Argument(help="Who, as the source writes it; - reads it from standard input, so that no history has it.")
]
AlsoOption = Annotated[
    list[str] | None, typer.Option("--also", help="What else the person is known by: name, telephone, e-mail.")
]
NumberArgument = Annotated[int, typer.Argument(help="Number of the request, as `tiffin people erasures` shows it.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(no_args_is_help=True, help="Personal data: one person found, exported, erased.")
    for name, command in (
        ("find", find),
        ("export", export),
        ("ask-erasure", ask_erasure),
        ("erasures", erasures),
        ("texts", texts),
        ("approve-erasure", approve_erasure),
        ("refuse-erasure", refuse_erasure),
        ("withdraw-erasure", withdraw_erasure),
        ("close-erasure", close_erasure),
        ("scan", scan),
    ):
        group.command(name)(command)
    app.add_typer(group, name="people")


def find(
    kind: KindArgument,
    identifier: IdArgument,
    *,
    also: AlsoOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Tell where a person is named. JSON: {"kind", "id", "is_forgotten", "facts", "sealed", "records", "evidence"}."""
    person = _person(kind, identifier, also)
    with _opening(workspace, user)() as context:
        found = people.find_person(context, person)
        locale = context.locale
    heads = [translate(locale, text) for text in (mark("Where"), mark("Rows"))]
    rows = [(f"{one.table}.{one.column}", one.rows) for one in found.facts]
    rows += [(f"{one.table}.{one.column}", one.rows) for one in (*found.records, *found.evidence)]
    sealed = translate(locale, mark("sealed"))
    rows += [(f"{name} ({sealed})", count) for name, count in found.sealed.items()]
    emit(people.plain(found), as_json=as_json, human=lambda _: table_of(heads, rows))


def export(  # noqa: PLR0913 - one parameter an option of the command
    kind: KindArgument,
    identifier: IdArgument,
    file: Annotated[Path, typer.Argument(help="ZIP archive to write; it must not be there yet.")],
    *,
    also: AlsoOption = None,
    language: Annotated[str | None, typer.Option(help="In which the person reads: en, ar, zh_Hans, …")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Write all that is known of a person into one archive. JSON: {"file", "bytes"}."""
    if file.exists():
        raise Conflict(Message("{file} is there already. Choose another name.", file=file))
    person = _person(kind, identifier, also)
    with _opening(workspace, user)() as context:
        if file.resolve().is_relative_to(context.workspace.root):
            raise WrongUse(
                Message("{file} lies in the workspace, where it would be a new trace. Write it elsewhere.", file=file)
            )
        content = people_export.export_person(context, person, language=language)
    file.touch(mode=0o600)
    file.write_bytes(content)
    emit({"file": file, "bytes": len(content)}, as_json=as_json, human=lambda done: str(done["file"]))


def ask_erasure(
    kind: KindArgument,
    identifier: IdArgument,
    *,
    reason: Annotated[str, typer.Option(help="Why, such as the person's own wish.")],
    also: AlsoOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Ask that a person be erased; another officer decides. JSON: {"erasure": {"erasure_id", "state", ...}}."""
    person = _person(kind, identifier, also)
    with _opening(workspace, user)() as context:
        made = erasing.ask_erasure(context, person, reason)
        locale = context.locale
    _tell(made, locale, as_json=as_json)


def erasures(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the requests, after carrying out what a run that died left undone. JSON: {"erasures": [...]}."""
    opening = _opening(workspace, user)
    with opening() as context:
        waiting = [
            number for number in erasing.unfinished(context) if not erasing.show_erasure(context, number).stopped
        ]
    for number in waiting:
        _carry_out(opening, number)
    with opening() as context:
        found, locale = erasing.list_erasures(context), context.locale
    heads = [translate(locale, text) for text in (mark("Number"), mark("Kind"), mark("Why"), mark("State"))]
    rows = [
        (one.erasure_id, translate(locale, kind_word(one.kind)), one.reason, translate(locale, STATES[one.state]))
        for one in found
    ]
    emit({"erasures": found}, as_json=as_json, human=lambda _: table_of(heads, rows))


def approve_erasure(
    erasure_id: NumberArgument,
    *,
    leave_out: Annotated[
        list[str] | None,
        typer.Option(help="Key of a text of the facts, as `tiffin people texts` shows it, that stays."),
    ] = None,
    why: Annotated[str, typer.Option(help="Why such texts stay: they mean somebody else.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Agree, and carry it out; an approved one that was stopped is carried on. JSON: {"erasure": {...}}."""
    opening = _opening(workspace, user)
    with opening() as context:
        locale, state = context.locale, erasing.show_erasure(context, erasure_id).state
        if state is State.APPROVED:
            erasing_steps.carry_on(context, erasure_id)
        else:
            erasing.approve_erasure(context, erasure_id, left_out=leave_out or (), why_left_out=why)
    done = _carry_out(opening, erasure_id)
    _tell(done, locale, as_json=as_json)
    if done.state is not State.ERASED:
        raise FailedCheck(
            Message(
                "The person is still named in {count} places that nobody may change unasked. Remove them and approve "
                "again, or close the request with a reason.",
                count=len(done.traces),
            )
        )


def texts(
    erasure_id: NumberArgument,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show the texts of the facts that would be rewritten. JSON: {"texts": [{"key", "table", "text", ...}], "rows"}."""
    with _opening(workspace, user)() as context:
        found, locale = erasing.texts_to_rewrite(context, erasure_id), context.locale
    heads = [translate(locale, text) for text in (mark("Key"), mark("Where"), mark("Rows"), mark("Text"))]
    rows = [(one.key, f"{one.table}.{one.column}", one.rows, one.text) for one in (found.texts if found else ())]
    payload = asdict(found) if found else {"texts": [], "count": 0, "rows": 0}
    emit(payload, as_json=as_json, human=lambda _: table_of(heads, rows))


def refuse_erasure(
    erasure_id: NumberArgument,
    reason: Annotated[str, typer.Argument(help="Why not.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Refuse a request. JSON: {"erasure": {...}}."""
    with _opening(workspace, user)() as context:
        done, locale = erasing.refuse_erasure(context, erasure_id, reason), context.locale
    _tell(done, locale, as_json=as_json)


def withdraw_erasure(
    erasure_id: NumberArgument,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Take your own request back. JSON: {"erasure": {...}}."""
    with _opening(workspace, user)() as context:
        done, locale = erasing.withdraw_erasure(context, erasure_id), context.locale
    _tell(done, locale, as_json=as_json)


def close_erasure(
    erasure_id: NumberArgument,
    reason: Annotated[str, typer.Argument(help="Why the places that are left may stay.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """End a request although files of yours still name the person. JSON: {"erasure": {...}}."""
    with _opening(workspace, user)() as context:
        done, locale = erasing_steps.close_with_traces(context, erasure_id, reason), context.locale
    _tell(done, locale, as_json=as_json)


def scan(
    words: Annotated[list[str], typer.Argument(help="What to look for; - reads one a line from standard input.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Look through every file and table for words; 1 is the exit code where one is found.

    JSON: {"is_clean", "traces": [{"path", "within", "count"}], "mentions", "files", "megabytes", ...}.
    """
    sought = sys.stdin.read().splitlines() if words == ["-"] else words
    with _opening(workspace, user)() as context:
        locale = context.locale
        with progress(people_scan.size_of(context), translate(locale, mark("Looking through files"))) as advance:
            found = people_scan.scan_for(context, sought, on_progress=advance)
    emit(asdict(found) | {"is_clean": found.is_clean}, as_json=as_json, human=lambda _: _places(found, locale))
    if not found.is_clean:
        raise FailedCheck(
            Message("Found in {count} places.", count=len(found.traces) + len(found.mentions)),
        )


def _places(found: ScanResult, locale: str) -> Any:
    heads = [translate(locale, text) for text in (mark("Where"), mark("Within"), mark("Times"))]
    rows = [(one.path, one.within, one.count) for one in found.traces]
    rows += [(one.table, one.column, one.rows) for one in found.mentions]
    say(
        translate(locale, mark("Looked through: files {files}, tables {tables}.")).format(
            files=found.files, tables=found.tables
        )
    )
    return table_of(heads, rows)


def _person(kind: str, identifier: str, also: list[str] | None) -> SoughtPerson:
    stated = sys.stdin.readline().strip() if identifier == "-" else identifier
    return SoughtPerson(kind, stated, tuple(also or ()))


def _opening(workspace: Path | None, user: str | None) -> Opening:
    # What is typed names a person: in an emergency the command goes on the trail without it.
    return partial(open_context, workspace, user=user, doing="tiffin people")


def _carry_out(opening: Opening, erasure_id: int) -> ErasureView:
    with opening() as context:
        size, locale = people_scan.size_of(context), context.locale
    with progress(size, translate(locale, mark("Looking through files"))) as advance:
        return erasing_steps.carry_out(opening, erasure_id, on_progress=advance)


def _tell(done: ErasureView, locale: str, *, as_json: bool) -> None:
    said = translate(locale, mark("Request {number}: {state}")).format(
        number=done.erasure_id, state=translate(locale, STATES[done.state])
    )
    payload = {"erasure": asdict(done) | {"person": None, "traces": done.traces}}
    emit(
        payload,
        as_json=as_json,
        human=lambda _: "\n".join([said, *(f"{t['path']} {t['within']}" for t in done.traces)]),
    )
