"""Drafts of policies beside what is in force: what came into force meanwhile, what differs, going on upon it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import update

from tiffin.capabilities.policies.domain import merging
from tiffin.capabilities.policies.models import DRAFTS
from tiffin.capabilities.policies.service.drafting import Draft, find_draft
from tiffin.capabilities.policies.service.drafting_rights import need_author, told_place
from tiffin.capabilities.policies.service.drafting_saving import as_seen, changed_meanwhile, save_draft
from tiffin.capabilities.policies.service.ledger import texts_written
from tiffin.kernel.drafts import Act, following
from tiffin.kernel.errors import Conflict, InvalidDefinition
from tiffin.kernel.merging import Difference
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import parse_yaml, without_lines, yaml_text

TEXT = "text"
"""The one entry of a text that cannot be read as entries: it is kept or given up as a whole."""


def moved_places(context: Context, draft: Draft, on: date | None = None) -> tuple[str, ...]:
    """Name the places of a draft where something else holds, on its day, than what it began from.

    Parameters
    ----------
    on : date or None
        Its day; None for the one for which it was proposed, else today.
    """
    now = _now(context, draft, on)
    return tuple(place for place in draft.files if now.get(place) != draft.base.get(place))


def refuse_moved(context: Context, draft: Draft, on: date) -> None:
    """Refuse a draft that would write over what came into force since it began.

    Raises
    ------
    Conflict
        On one of its places something else holds on its day than what it began from.
    """
    places = moved_places(context, draft, on)
    if places:
        raise Conflict(
            Message(
                "On {day} something else of {policy} is in force for {places} than when this draft began. Its page "
                "shows the texts side by side: put the draft upon what is in force then, and propose it again.",
                day=on.isoformat(),
                policy=draft.policy,
                places=", ".join(told_place(place) for place in places),
            )
        )


def differences(context: Context, draft: Draft, on: date | None = None) -> Mapping[str, tuple[Difference, ...]]:
    """List by place what differs between a draft, what it began from, and what holds on its day."""
    now = _now(context, draft, on)
    found = {}
    for place, text in draft.files.items():
        began, holds, own = _plain(draft.base.get(place, ""), now.get(place, ""), text)
        found[place] = merging.differences(began, holds, own)
    return found


def rebase(
    context: Context, draft_id: int, *, mine: Mapping[str, Collection[str]], seen: int, on: date | None = None
) -> Draft:
    """Put a draft upon what holds on its day; its saves so far stay in its history.

    Parameters
    ----------
    mine : mapping of str to collection of str
        By place, the paths at which the draft's value is kept where both changed it; elsewhere the other one is taken.

    Raises
    ------
    Conflict
        Somebody saved meanwhile, or the draft is finished.
    Forbidden
        The actor may not write on one of its places.
    """
    draft = find_draft(context, draft_id)
    need_author(context, draft.files)
    following(draft.state, Act.SAVE)
    now = _now(context, draft, on)
    files = {
        place: _merged(draft.base.get(place, ""), now.get(place, ""), text, mine.get(place, ()))
        for place, text in draft.files.items()
    }
    moved = update(DRAFTS).where(as_seen(draft, seen)).values(base=dict(now), head=0)
    if context.unit.execute(moved).rowcount != 1:
        raise changed_meanwhile(context, draft_id)
    return save_draft(context, draft_id, files, seen=0)


def _now(context: Context, draft: Draft, on: date | None) -> Mapping[str, str]:
    held = texts_written(context, draft.policy, on=on or draft.from_date)
    return {place: one.text for place, one in held.items()}


def _merged(base: str, theirs: str, mine: str, kept: Collection[str]) -> str:
    if theirs == base or not theirs:
        return mine
    began, holds, own = _plain(base, theirs, mine)
    plain = merging.merged(began, holds, own, lambda item: item.path in kept)
    return str(plain[TEXT]) if plain.keys() == {TEXT} else yaml_text(plain)


def _plain(*texts: str) -> tuple[Mapping[str, Any], ...]:
    """Read texts as entries; all of them as one entry each where one cannot be read so."""
    try:
        read = tuple(without_lines(parse_yaml(text, "a draft")) if text.strip() else {} for text in texts)
    except InvalidDefinition:
        read = ()
    if read and all(isinstance(one, Mapping) for one in read):
        return read
    return tuple({TEXT: text} for text in texts)
