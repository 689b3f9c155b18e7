"""The commands ``tiffin policies export|import``: policies as DMN models, spreadsheets, CSV and YAML."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from tiffin.capabilities.policies.service.exchange import Format, export
from tiffin.capabilities.policies.service.exchange_import import (
    Wanted,
    bring_in,
    files_known,
    keep_as_draft,
    read_file,
    write_files,
)
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit

FormatOption = Annotated[Format, typer.Option("--format", help="dmn, xlsx, csv or yaml.")]
OnOption = Annotated[str | None, typer.Option("--on", help="As it is in force on a day like 2026-03-31; else today.")]
OutFileOption = Annotated[Path | None, typer.Option("--out", help="File to write; else one named by policy and day.")]
AsOption = Annotated[str | None, typer.Option("--as", help="The name it is to have here; else its own.")]
TableOption = Annotated[str | None, typer.Option("--table", help="Only this table of a model that has several.")]
OutFolderOption = Annotated[
    Path | None, typer.Option("--out", help="Write YAML files into this folder instead of making drafts.")
]

_WRITTEN = mark("{policy} as it is in force on {on} is in {file} ({bytes} bytes).")
_DRAFT = mark("{policy} is draft number {draft}.")
_SAME = mark("Nothing in it differs from what is in force; draft {draft} changes nothing yet.")
_FILE = mark("{policy} is in {file}.")
_LEFT = mark("Not taken over: {what}")
_FAULT = mark("To be mended before it can be proposed: {what}")


def register(policies: typer.Typer) -> None:
    """Add the commands to ``tiffin policies``."""
    policies.command("export")(export_policy)
    policies.command("import")(import_policies)


def export_policy(
    policy: Annotated[str, typer.Argument(help="Name of the policy, such as late-compensation.")],
    *,
    form: FormatOption = Format.DMN,
    on: OnOption = None,
    out: OutFileOption = None,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a policy out as a file: a DMN 1.5 model that any modeler opens, a spreadsheet, CSV, or YAML as we keep it.

    JSON: {"policy", "on", "format", "file", "bytes"}.
    """
    with open_context(workspace, user=user) as context:
        day = _day(on) or context.now.date()
        made = export(context, policy, form, on=day)
        locale = context.locale
    path = out or Path(made.name)
    path.write_bytes(made.content)
    told = {"policy": policy, "on": day, "format": form, "file": str(path), "bytes": len(made.content)}
    emit(told, as_json=as_json, human=lambda shown: translate(locale, _WRITTEN, **shown))


def import_policies(
    file: Annotated[Path, typer.Argument(help="A file of DMN (.dmn, .xml), a spreadsheet (.xlsx), .csv or .yaml.")],
    *,
    policy: AsOption = None,
    table: TableOption = None,
    out: OutFolderOption = None,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring policies in from a file, as drafts that wait for their author, and list what was not taken over.

    JSON: {"policies": [{"policy", "draft", "changes", "files", "faults"}], "left": [text]}; changes are the places
    that the draft changes, files those that were written.
    """
    content = read_file(file)
    with open_context(workspace, user=user) as context:
        wanted = Wanted(context.now.date(), context.actor.name, policy, table, partial(files_known, context))
        found = bring_in(file.name, content, wanted)
        kept = []
        for one in found.policies:
            draft = None if out else keep_as_draft(context, one, file.name)
            files = [str(path) for path in write_files(one, out)] if out else []
            kept.append(
                {
                    "policy": one.policy,
                    "draft": draft.draft_id if draft else None,
                    "changes": sorted(place or "base" for place in draft.files) if draft else None,
                    "files": files,
                    "faults": one.faults,
                }
            )
        locale = context.locale
    emit({"policies": kept, "left": found.left}, as_json=as_json, human=lambda shown: _told(shown, locale))


def _told(payload: Mapping[str, Any], locale: str) -> str:
    lines: list[str] = []
    for one in payload["policies"]:
        if one["draft"] is not None:
            lines.append(translate(locale, _DRAFT, policy=one["policy"], draft=one["draft"]))
            lines += [] if one["changes"] else [translate(locale, _SAME, draft=one["draft"])]
        lines += [translate(locale, _FILE, policy=one["policy"], file=path) for path in one["files"]]
        lines += [translate(locale, _FAULT, what=fault) for fault in one["faults"]]
    lines += [translate(locale, _LEFT, what=what) for what in payload["left"]]
    return "\n".join(lines)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongUse(Message("A day like 2026-03-31 was expected; found {found}.", found=str(text))) from None
