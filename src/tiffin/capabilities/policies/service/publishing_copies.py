"""Copies of published versions in the workspace's folder: for people and their tools, and never what decides."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial

import structlog
from sqlalchemy import Engine, update

from tiffin.capabilities.policies.domain.versions import file_name
from tiffin.capabilities.policies.models import PUBLICATIONS
from tiffin.capabilities.policies.service.ledger import published_versions
from tiffin.kernel.errors import Conflict, Unavailable
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.database import Unit, unit_of
from tiffin.runtime.definition_writing import put_file

_P = PUBLICATIONS.c
_LOG = structlog.get_logger(__name__)


def wait_for_others(unit: Unit, policy: str) -> None:
    """Let whoever publishes or takes back of the policy at this moment finish, so that his outcome is seen."""
    unit.execute(update(PUBLICATIONS).where(_P.policy == policy).values(number=_P.number))


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
    """Bring the copies of places and days after what is published, once that is kept for good.

    Not before: a file that no publication stands behind would count as one that was put there by hand. A copy that
    cannot be written undoes nothing; `altered` tells of it.
    """
    context.unit.afterwards(partial(_write, context, policy, sorted(of)))


def _write(context: Context, policy: str, of: Iterable[tuple[str, date]], engine: Engine) -> None:
    folder = context.workspace.overlay("policies") / policy
    try:
        with unit_of(engine) as unit:
            wait_for_others(unit, policy)
            now = replace(context, unit=unit)
            versions = published_versions(now, policy)
            for place, day in of:
                ever = [one for one in versions if (one.place, one.from_date) == (place, day)]
                held = [one.text for one in ever if one.taken_back_at is None]
                if ever:
                    put_file(now, folder / file_name(place, day), held[-1] if held else None)
    except Unavailable as error:
        _LOG.warning("policy_copies_left", policy=policy, why=str(error))
