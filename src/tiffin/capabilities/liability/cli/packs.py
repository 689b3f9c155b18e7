"""The commands ``tiffin liability packs …``: example packs of public rules."""

from typing import Annotated

import typer

from tiffin.capabilities.liability.service.packs import install_pack, list_packs
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of


def register(liability: typer.Typer) -> None:
    """Add the commands to ``tiffin liability``."""
    packs = typer.Typer(no_args_is_help=True, help="Example packs of public rules, in force only once installed.")
    packs.command("list")(list_all)
    packs.command("install")(install)
    liability.add_typer(packs, name="packs")


def list_all(*, user: UserOption = None, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the packs that ship. JSON: {"packs": [{"name", "policies", "is_installed"}]}."""
    with open_context(workspace, user=user) as context:
        found, locale = list_packs(context), context.locale
    heads = [translate(locale, head) for head in (mark("Pack"), mark("Policies"), mark("Installed"))]
    words = {True: translate(locale, mark("yes")), False: translate(locale, mark("no"))}
    rows = [(one.name, ", ".join(one.policies), words[one.is_installed]) for one in found]
    emit({"packs": found}, as_json=as_json, human=lambda _: table_of(heads, rows))


def install(
    name: Annotated[str, typer.Argument(help="Pack, as `tiffin liability packs list` names it.")],
    *,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the policies of a pack into the workspace. JSON: {"name", "policies", "is_installed"}."""
    with open_context(workspace, user=user) as context:
        found, locale = install_pack(context, name), context.locale
    told = {"name": found.name, "policies": found.policies, "is_installed": found.is_installed}
    said = translate(locale, mark("Installed: {policies}."), policies=", ".join(found.policies))
    emit(told, as_json=as_json, human=lambda _: said)
