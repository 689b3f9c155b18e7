"""Copies of published versions in the workspace's folder: for people and their tools, and never what decides."""

from collections.abc import Iterable
from datetime import date

from tiffin.capabilities.policies.domain.versions import file_name
from tiffin.capabilities.policies.service.ledger import published_versions
from tiffin.kernel.errors import Conflict
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.definition_writing import put_file


def refuse_hand_put(context: Context, policy: str, places: Iterable[str], day: date) -> None:
    """Refuse to write over files that somebody put into the workspace's folder himself.

    Raises
    ------
    Conflict
        Such a file lies where a copy would.
    """
    folder = context.workspace.overlay("policies") / policy
    copies = {one.file_name for one in published_versions(context, policy)}
    for place in places:
        name = file_name(place, day)
        if name not in copies and (folder / name).exists():
            raise Conflict(
                Message(
                    "{file} lies in the workspace and was not published here. Publish from another day on, or take "
                    "the file away first.",
                    file=str(folder / name),
                )
            )


def write_copies(context: Context, policy: str, of: Iterable[tuple[str, date]]) -> None:
    """Bring the copies of places and days after what is published: the version that holds of each, or no file.

    Raises
    ------
    Unavailable
        A file cannot be written.
    """
    folder = context.workspace.overlay("policies") / policy
    known = [one for one in published_versions(context, policy) if one.is_known(context.now)]
    for place, day in sorted(of):
        held = [one.text for one in known if (one.place, one.from_date) == (place, day)]
        put_file(context, folder / file_name(place, day), held[-1] if held else None)
