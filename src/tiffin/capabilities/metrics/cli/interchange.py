"""The commands ``tiffin metrics import`` and ``tiffin metrics export-model``: definitions from and for other layers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from tiffin.capabilities.metrics.service import interchange
from tiffin.capabilities.metrics.service.interchange import ImportReport
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, ngettext, translate
from tiffin.runtime.json_text import json_text
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, say

_FATES = {"left_out": mark("Left out"), "changed": mark("Changed"), "unchanged": mark("Already here")}


def register(metrics: typer.Typer) -> None:
    """Add the group to ``tiffin metrics``."""
    group = typer.Typer(no_args_is_help=True, help="Definitions of another semantic layer, as drafts of this one.")
    group.command("dbt")(import_dbt)
    group.command("osi")(import_osi)
    metrics.add_typer(group, name="import")


def import_dbt(
    folder: Annotated[Path, typer.Argument(help="Folder with dbt's semantic models and metrics (YAML).")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Import a dbt semantic layer. JSON: {"file", "taken", "untranslated", "remarks": [{"fate", "what", "why"}]}."""
    _import(partial(interchange.import_dbt, folder=folder), workspace, user, as_json=as_json)


def import_osi(
    file: Annotated[Path, typer.Argument(help="Open Semantic Interchange document (YAML or JSON).")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Import an Open Semantic Interchange model. JSON: {"file", "taken", "untranslated", "remarks": [...]}."""
    _import(partial(interchange.import_osi, file=file), workspace, user, as_json=as_json)


def export_model(
    *,
    out: Path | None = None,
    name: str = "tiffin",
    workspace: Path | None = None,
    user: str | None = None,
) -> None:
    """Write all definitions as an Open Semantic Interchange document (JSON, which is YAML too)."""
    with open_context(workspace, user=user) as context:
        document, remarks = interchange.export_osi(context, name)
        language = context.locale
    text = json_text(document)
    if out is None:
        typer.echo(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")
    for line in _told_remarks([asdict(remark) for remark in remarks], language):
        say(line)


def _import(use: Callable[[Context], ImportReport], workspace: Path | None, user: str | None, *, as_json: bool) -> None:
    with open_context(workspace, user=user) as context:
        report = use(context)
        language = context.locale
    emit(asdict(report), as_json=as_json, human=lambda found: _told(found, language))


def _told(found: Mapping[str, Any], locale: str) -> str:
    count = len(found["taken"].get("metrics", ()))
    lines = [ngettext(locale, "{count} metric imported as a draft.", "{count} metrics imported as drafts.", count)]
    if found["file"]:
        lines.append(translate(locale, mark("They stand in {file}."), file=found["file"]))
    if texts := found["untranslated"]:
        lines.append(ngettext(locale, "{count} text is in English only.", "{count} texts are in English only.", texts))
    return "\n".join([*lines, *_told_remarks(found["remarks"], locale)])


def _told_remarks(remarks: Sequence[Mapping[str, Any]], locale: str) -> list[str]:
    return [f"{translate(locale, _FATES[item['fate']])}: {item['what']}: {item['why']}" for item in remarks]
