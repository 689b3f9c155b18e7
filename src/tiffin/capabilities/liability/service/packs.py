"""Example packs of public rules: tables that ship beside the library, in force only where a workspace takes them."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tiffin.capabilities.policies.service.library import FOLDER
from tiffin.kernel.errors import Conflict, Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

PACKS = Path(__file__).resolve().parents[1] / "packs"


@dataclass(frozen=True, slots=True)
class Pack:
    """Policies that belong together.

    Parameters
    ----------
    is_installed : bool
        Whether the workspace has all of them.
    """

    name: str
    policies: tuple[str, ...]
    is_installed: bool


def list_packs(context: Context) -> tuple[Pack, ...]:
    """List the packs that ship."""
    return tuple(_pack(context, folder) for folder in sorted(PACKS.iterdir()) if folder.is_dir())


def install_pack(context: Context, name: str) -> Pack:
    """Copy the policies of a pack into the workspace, where they are in force from their dates on.

    Raises
    ------
    NotFound
        There is no such pack.
    Forbidden
        The actor is no steward everywhere.
    Conflict
        The workspace has a policy of that name already.
    """
    found = next((one for one in list_packs(context) if one.name == name), None)
    if found is None:
        known = ", ".join(one.name for one in list_packs(context))
        raise NotFound(Message("There is no pack {name}. There are: {known}.", name=name, known=known))
    if not context.actor.has_role_everywhere(Role.STEWARD):
        raise Forbidden(
            Message("Packs are installed by stewards of everything; {name} is none.", name=context.actor.name)
        )
    own = context.workspace.overlay(FOLDER)
    there = [policy for policy in found.policies if (own / policy).exists()]
    if there:
        raise Conflict(
            Message("The workspace has {policy} already, so nothing was copied. Remove it first.", policy=there[0])
        )
    for policy in found.policies:
        shutil.copytree(PACKS / name / policy, own / policy)
    audit.record(context, action="policy_pack_installed", subject=name, details={"policies": list(found.policies)})
    return _pack(context, PACKS / name)


def _pack(context: Context, folder: Path) -> Pack:
    policies = tuple(sorted(one.name for one in folder.iterdir() if one.is_dir()))
    own = context.workspace.overlay(FOLDER)
    return Pack(folder.name, policies, all((own / policy).is_dir() for policy in policies))
