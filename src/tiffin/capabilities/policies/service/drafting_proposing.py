"""Handing drafts of policies over: proposed to a second person, sent back by him, or given up."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import insert, update

from tiffin.capabilities.policies.domain.versions import PARAMETERS, named_so
from tiffin.capabilities.policies.models import DRAFTS, EVENTS
from tiffin.capabilities.policies.service.drafting import COMMENT_MAX, TITLE_MAX, Draft, begin_draft, find_draft
from tiffin.capabilities.policies.service.drafting_cases import close_case, open_proposal
from tiffin.capabilities.policies.service.drafting_merging import refuse_moved
from tiffin.capabilities.policies.service.drafting_rights import may_publish, need_author, need_publisher
from tiffin.capabilities.policies.service.drafting_saving import save_draft
from tiffin.capabilities.policies.service.library import drafted
from tiffin.capabilities.policies.service.parameter_checks import refuse_earlier
from tiffin.capabilities.policies.service.parameter_files import PARAMETERS_FILE
from tiffin.kernel.drafts import Act, following
from tiffin.kernel.errors import Conflict, FailedCheck, Forbidden, InvalidDefinition, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context

_D = DRAFTS.c


def propose(
    context: Context,
    draft_id: int,
    *,
    from_date: date,
    comment: str = "",
    late_reason: str = "",
    seen: int | None = None,
) -> Draft:
    """Hand a draft over to a second person, to hold from a day on; it waits as a case for whoever may publish it.

    Parameters
    ----------
    late_reason : str
        Why it shall hold from a day that is over; needed for such a day alone.
    seen : int or None
        The save that is proposed; None for whichever holds now.

    Raises
    ------
    Conflict
        It is proposed already or finished, somebody saved meanwhile, it changes nothing, or something else holds on
        that day than what it began from.
    Forbidden
        The actor may not write on one of its places.
    WrongUse
        The day is over and no reason is given, or parameters change what holds before it.
    """
    draft = find_draft(context, draft_id)
    need_author(context, draft.files)
    if not draft.files:
        raise Conflict(Message("Draft {number} changes nothing yet. Save a change first.", number=draft_id))
    check_day(context, from_date, late_reason)
    refuse_moved(context, draft, from_date)
    _refuse_unreadable(context, draft, from_date)
    refuse_earlier(context, draft, from_date)
    reason = late_reason.strip() if from_date < context.now.date() else ""
    times = sum(one.act is Act.SUBMIT for one in draft.events) + 1
    move(context, draft, Act.SUBMIT, comment, seen=seen, from_date=from_date, late_reason=reason)
    number = open_proposal(context, draft, from_date=from_date.isoformat(), number=times)
    context.unit.execute(update(DRAFTS).where(_D.draft_id == draft_id).values(case_id=number))
    return find_draft(context, draft_id)


def propose_files(
    context: Context,
    policy: str,
    texts: Mapping[str, str],
    *,
    from_date: date | None = None,
    comment: str = "",
    late_reason: str = "",
) -> Draft:
    """Propose files as a draft of their own.

    Parameters
    ----------
    texts : mapping of str to str
        By the name of a file, which says its place and, where nothing else is stated, its day; parameters alone, whose
        file has no day in its name, are proposed from today on.

    Raises
    ------
    WrongUse
        A name says neither; or days differ, and none is stated.
    Conflict
        The files are what is in force already.
    """
    today = context.now.date()
    named = {name: (PARAMETERS, today) if name == PARAMETERS_FILE else named_so(name) for name in texts}
    dated = named if named.keys() == {PARAMETERS_FILE} else {key: named[key] for key in named if key != PARAMETERS_FILE}
    days = {found[1] for found in dated.values() if found is not None}
    if None in named.values() or (from_date is None and len(days) != 1):
        raise WrongUse(
            Message(
                "Files of one day named like 2026-04-01.yaml or 2026-04-01.KW.yaml, or parameters.yaml, were expected; "
                "found {names}.",
                names=", ".join(sorted(texts)),
            )
        )
    begun = begin_draft(context, policy, title=", ".join(sorted(texts))[:TITLE_MAX])
    changes = {found[0]: texts[name] for name, found in named.items() if found is not None}
    save_draft(context, begun.draft_id, changes, seen=0)
    day = from_date or next(iter(days))
    return propose(context, begun.draft_id, from_date=day, comment=comment, late_reason=late_reason)


def send_back(context: Context, draft_id: int, comment: str) -> Draft:
    """Hand a proposed draft back to its authors with what is to be mended.

    Raises
    ------
    WrongUse
        Nothing is said.
    Forbidden
        The actor wrote on it himself, or may not publish it.
    Conflict
        It is not proposed.
    """
    if not comment.strip():
        raise WrongUse(Message("Say what is to be mended, so that the author can."))
    draft = find_draft(context, draft_id)
    need_second_person(context, draft)
    move(context, draft, Act.SEND_BACK, comment, case_id=None)
    close_case(context, draft, "send_back", {"reason": comment.strip()[:COMMENT_MAX]})
    return find_draft(context, draft_id)


def withdraw(context: Context, draft_id: int, comment: str = "") -> Draft:
    """Give a draft up; nothing is published, and what was written stays in its history.

    Raises
    ------
    Forbidden
        The actor neither wrote on it nor may publish it.
    Conflict
        It is finished already.
    """
    draft = find_draft(context, draft_id)
    if context.actor.name not in draft.authors and not may_publish(context, draft.files or ("",)):
        raise Forbidden(
            Message("A draft is given up by those who wrote on it, here {names}.", names=", ".join(draft.authors))
        )
    move(context, draft, Act.WITHDRAW, comment, case_id=None)
    close_case(context, draft, "withdraw")
    return find_draft(context, draft_id)


def need_second_person(context: Context, draft: Draft) -> None:
    """Refuse whoever wrote on a draft, or may not publish on its places, to review it.

    Raises
    ------
    Forbidden
        The actor is among its authors, or no steward over one of its places.
    """
    if context.actor.name in draft.authors:
        raise Forbidden(
            Message(
                "{name} wrote on this draft of {policy}; a policy is reviewed and published by somebody else. "
                "Ask another steward.",
                name=context.actor.name,
                policy=draft.policy,
            )
        )
    need_publisher(context, draft.files)


def refuse_proposer(context: Context, draft: Draft) -> None:
    """Refuse whoever proposed a draft to publish it too: nobody else would have said that it is ready, from that day.

    Raises
    ------
    Forbidden
        The actor proposed it.
    """
    if context.actor.name == draft.proposer:
        raise Forbidden(
            Message(
                "{name} proposed this draft of {policy}; a policy is published by somebody else. Ask another steward.",
                name=context.actor.name,
                policy=draft.policy,
            )
        )


def check_day(context: Context, from_date: date, late_reason: str) -> None:
    """Refuse a day that is over, unless it is said why.

    Raises
    ------
    WrongUse
        It is over, and no reason is given.
    """
    if from_date < context.now.date() and not late_reason.strip():
        raise WrongUse(
            Message(
                "A policy holds from today on or later; {day} is over. Choose another day, or say why it shall hold "
                "from a day that is over.",
                day=from_date.isoformat(),
            )
        )


def move(context: Context, draft: Draft, act: Act, comment: str, *, seen: int | None = None, **values: Any) -> None:
    """Bring a draft to the state after an act, and keep the act with the audit trail.

    Raises
    ------
    Conflict
        It cannot be done in this state, or somebody else did something with the draft meanwhile.
    """
    state = following(draft.state, act).value
    mine = (_D.draft_id == draft.draft_id) & (_D.state == draft.state.value) & (_D.head == draft.head)
    moved = update(DRAFTS).where(mine).values(state=state, changed_at=context.now, **values)
    if seen not in (None, draft.head) or context.unit.execute(moved).rowcount != 1:
        raise Conflict(
            Message(
                "Somebody did something with draft {number} after you had opened it. Look at it anew, then decide.",
                number=draft.draft_id,
            )
        )
    said = comment.strip()[:COMMENT_MAX]
    event = {"draft_id": draft.draft_id, "at": context.now, "actor": context.actor.name, "act": act.value}
    context.unit.execute(insert(EVENTS).values(**event, comment=said))
    details = {"draft": draft.draft_id, "save": draft.head}
    audit.record(context, action=_PAST[act], subject=draft.policy, details=details)


def _refuse_unreadable(context: Context, draft: Draft, on: date) -> None:
    try:
        drafted(context, draft.policy, on, draft.texts)
    except (InvalidDefinition, NotFound) as error:
        raise FailedCheck(Message("It cannot be proposed so. {fault}", fault=error.said)) from error


_PAST = {
    Act.SUBMIT: "policy_draft_proposed",
    Act.SEND_BACK: "policy_draft_sent_back",
    Act.PUBLISH: "policy_published",
    Act.WITHDRAW: "policy_draft_withdrawn",
}
