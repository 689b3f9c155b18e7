"""Saving drafts of policies: every save is kept, undoing loses nothing, and of two who save at once one is told.

Whoever saves says which save he saw. If somebody saved meanwhile, his own text is kept in the draft's history beside
the newer one, and he is told so; nobody's work is written over.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, insert, select, update

from tiffin.capabilities.policies.domain.versions import is_place
from tiffin.capabilities.policies.models import DRAFTS, SAVES
from tiffin.capabilities.policies.service.drafting import Draft, find_draft
from tiffin.capabilities.policies.service.drafting_cases import close_case
from tiffin.capabilities.policies.service.drafting_rights import need_author
from tiffin.kernel.drafts import Act, following
from tiffin.kernel.errors import Conflict, InvalidData, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.database import Unit, unit_of

TEXT_MAX = 1_000_000
"""Letters of one text; the largest policy that anybody proved has a fifth of it."""

NOTE_MAX = 200
_D, _S = DRAFTS.c, SAVES.c


def save_draft(
    context: Context, draft_id: int, changes: Mapping[str, str | None], *, seen: int, note: str = ""
) -> Draft:
    """Keep texts of a draft as its next save; a proposed draft goes back to being written.

    A text need not be a sound policy, or readable at all: that is asked when it is proposed and published.

    Parameters
    ----------
    changes : mapping of str to (str or None)
        By place, the new text; None takes the place out of the draft, so that its base holds there again.
    seen : int
        The save upon which it was written (`Draft.head`).

    Raises
    ------
    Conflict
        Somebody saved meanwhile, or the draft is finished. In the first case the texts are kept as a save of their own.
    Forbidden
        The actor may not write on one of the places.
    InvalidData
        A text is too long or holds signs that no file can hold; a place cannot be one.
    """
    need_author(context, changes)
    draft = find_draft(context, draft_id)
    cleaned = {place: None if text is None else _cleaned(place, text) for place, text in changes.items()}
    seen_files = _files_of(draft, seen)
    laid = {**seen_files, **cleaned}
    files = {place: text for place, text in sorted(laid.items()) if text is not None and text != draft.base.get(place)}
    following(draft.state, Act.SAVE)
    if seen == draft.head and files == dict(draft.files):
        return draft
    values = {"follows": seen, "at": context.now, "actor": context.actor.name, "note": note.strip()[:NOTE_MAX]}
    number = _kept(context.unit, draft, values | {"files": files}, seen=seen)
    if number is None:
        context.unit.afterwards(partial(_keep_aside, draft, values | {"files": files}))
        raise _saved_meanwhile(context, draft_id)
    return _moved(context, draft, number)


def undo_save(context: Context, draft_id: int, *, seen: int) -> Draft:
    """Go back to the save upon which the present one was made.

    Raises
    ------
    Conflict
        Somebody saved meanwhile, nothing is to be undone, or the draft is finished.
    """
    to = find_draft(context, draft_id).undo_to
    if to is None:
        raise Conflict(Message("Nothing of this draft is to be undone."))
    return restore_save(context, draft_id, to, seen=seen)


def redo_save(context: Context, draft_id: int, *, seen: int) -> Draft:
    """Go forward to the newest save that was made upon the present one.

    Raises
    ------
    Conflict
        Somebody saved meanwhile, nothing was undone, or the draft is finished.
    """
    to = find_draft(context, draft_id).redo_to
    if to is None:
        raise Conflict(Message("Nothing of this draft was undone."))
    return restore_save(context, draft_id, to, seen=seen)


def restore_save(context: Context, draft_id: int, number: int, *, seen: int) -> Draft:
    """Let any save of a draft hold; 0 is its base.

    Raises
    ------
    NotFound
        The draft has no such save.
    Conflict
        Somebody saved meanwhile, or the draft is finished.
    Forbidden
        The actor may not write on a place in which the two differ.
    """
    draft = find_draft(context, draft_id)
    files = _files_of(draft, number)
    need_author(context, [place for place in {**files, **draft.files} if files.get(place) != draft.files.get(place)])
    following(draft.state, Act.SAVE)
    mine = as_seen(draft, seen)
    if context.unit.execute(update(DRAFTS).where(mine).values(head=number)).rowcount != 1:
        raise changed_meanwhile(context, draft_id)
    return _moved(context, draft, number)


def _files_of(draft: Draft, number: int) -> Mapping[str, str]:
    if number == 0:
        return {}
    for one in draft.saves:
        if one.number == number:
            return one.files
    raise NotFound(Message("Draft {draft} has no save {number}.", draft=draft.draft_id, number=number))


def _cleaned(place: str, text: str) -> str:
    if not is_place(place):
        raise WrongUse(
            Message("'{place}' can name no market and no city: letters, digits, _ and - are expected.", place=place)
        )
    cleaned = text.replace("\r\n", "\n")
    if len(cleaned) > TEXT_MAX:
        raise InvalidData(Message("A text of a policy has {most} letters at most.", most=TEXT_MAX))
    if "\0" in cleaned or any("\ud800" <= sign <= "\udfff" for sign in cleaned):
        raise InvalidData(Message("The text holds signs that no file can hold. Take them out and save again."))
    return cleaned


def _kept(unit: Unit, draft: Draft, values: Mapping[str, Any], *, seen: int) -> int | None:
    """Add a save that holds from now on; None if the draft no longer stands as it was seen."""
    # The row is taken first, so that of two who save at once the second one sees what the first one did.
    if unit.execute(update(DRAFTS).where(as_seen(draft, seen)).values(head=_D.head)).rowcount != 1:
        return None
    number = _added(unit, draft.draft_id, values)
    unit.execute(update(DRAFTS).where(_D.draft_id == draft.draft_id).values(head=number))
    return number


def _keep_aside(draft: Draft, values: Mapping[str, Any], engine: Engine) -> None:
    """Add a save that does not hold, in a transaction of its own."""
    with unit_of(engine) as unit:
        unit.execute(update(DRAFTS).where(_D.draft_id == draft.draft_id).values(head=_D.head))
        _added(unit, draft.draft_id, values)
    audit.record_refusal(
        engine, actor=values["actor"], action="policy_draft_kept_aside", subject=draft.policy, now=values["at"]
    )


def _added(unit: Unit, draft_id: int, values: Mapping[str, Any]) -> int:
    last = unit.execute(select(func.max(_S.number)).where(_S.draft_id == draft_id)).scalar_one()
    number = int(last or 0) + 1
    unit.execute(insert(SAVES).values(draft_id=draft_id, number=number, **values))
    return number


def as_seen(draft: Draft, seen: int) -> ColumnElement[bool]:
    """Hold for a draft's row while it stands as somebody saw it."""
    return (_D.draft_id == draft.draft_id) & (_D.head == seen) & (_D.state == draft.state.value)


def _moved(context: Context, draft: Draft, number: int) -> Draft:
    # A text that was kept beside the newer one, and holds from now on, has an author of its own.
    authors = [*dict.fromkeys((*draft.authors, context.actor.name, *draft.writers_of(number)))]
    values = {"state": following(draft.state, Act.SAVE).value, "authors": authors, "changed_at": context.now}
    context.unit.execute(update(DRAFTS).where(_D.draft_id == draft.draft_id).values(**values, case_id=None))
    close_case(context, draft, "withdraw")
    details = {"draft": draft.draft_id, "save": number}
    audit.record(context, action="policy_draft_saved", subject=draft.policy, details=details)
    return find_draft(context, draft.draft_id)


def _saved_meanwhile(context: Context, draft_id: int) -> Conflict:
    found = find_draft(context, draft_id)
    return Conflict(
        Message(
            "{name} saved draft {number} while you were writing on it. Your text was not lost: it is kept in the "
            "draft's history as a save of yours beside the newer one. Look at both, and save again what is to hold.",
            name=_last_actor(found),
            number=draft_id,
        )
    )


def changed_meanwhile(context: Context, draft_id: int) -> Conflict:
    """Say that somebody saved a draft before what was asked of it could be done."""
    found = find_draft(context, draft_id)
    return Conflict(
        Message(
            "{name} saved draft {number} after you had opened it: nothing was changed. Look at it anew, then decide.",
            name=_last_actor(found),
            number=draft_id,
        )
    )


def _last_actor(draft: Draft) -> str:
    held = {one.number: one.actor for one in draft.saves}
    return held.get(draft.head, draft.author)
