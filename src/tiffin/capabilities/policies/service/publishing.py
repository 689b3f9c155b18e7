"""Publishing policies: a second person's act after the proof, and one person's way back.

What is published stays in the database for ever; its copies lie as files in the workspace's folder of the policy. Two
people who publish at once cannot lose one another's work: each publication has the policy's next number, which only one
of them gets, and a draft is refused when something else was published on its places since it began.
"""

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from tiffin.capabilities.policies.domain.versions import digest_of
from tiffin.capabilities.policies.models import PUBLICATIONS, PUBLISHED_TEXTS
from tiffin.capabilities.policies.service.drafting import COMMENT_MAX, Draft, begin_draft, find_draft
from tiffin.capabilities.policies.service.drafting_cases import close_case
from tiffin.capabilities.policies.service.drafting_merging import refuse_moved
from tiffin.capabilities.policies.service.drafting_proposing import check_day, move, need_second_person, refuse_proposer
from tiffin.capabilities.policies.service.drafting_rights import need_author, need_publisher
from tiffin.capabilities.policies.service.drafting_saving import save_draft
from tiffin.capabilities.policies.service.ledger import Publication, find_publication, texts_of
from tiffin.capabilities.policies.service.parameter_checks import refuse_earlier
from tiffin.capabilities.policies.service.publishing_checks import refuse_unreadable, refuse_unsound
from tiffin.capabilities.policies.service.publishing_copies import refuse_hand_put, wait_for_others, write_copies
from tiffin.kernel.drafts import Act
from tiffin.kernel.errors import Conflict, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context

_P = PUBLICATIONS.c


def publish_draft(
    context: Context, draft_id: int, *, comment: str = "", late_reason: str = "", seen: int | None = None
) -> Publication:
    """Publish a proposed draft, from the day on for which it was proposed; the actor is its second person.

    Parameters
    ----------
    late_reason : str
        Why it shall hold from a day that is over, where that day ended only while the proposal waited.
    seen : int or None
        The save that the actor looked at; None for whichever was proposed.

    Raises
    ------
    Forbidden
        The actor wrote on it or proposed it, or is no steward over one of its places.
    Conflict
        It is not proposed, something else was published on its places since it began, or somebody publishes just now.
    FailedCheck
        The proof finds faults, or a worked case comes out otherwise.
    WrongUse
        Its day is over, and nobody says why it shall hold from then on; or parameters change what holds before it.
    """
    draft = find_draft(context, draft_id)
    need_second_person(context, draft)
    refuse_proposer(context, draft)
    with context.unit.part():
        made = _published_soundly(context, draft, comment, late_reason=late_reason, seen=seen)
    return find_publication(context, made)


def take_back(context: Context, publication_id: int, reason: str) -> Publication:
    """Undo a publication at once, by one person: from this moment on the version before holds again on all its days.

    Cases that were decided by it stay decided, and it stays known as what held until now. It is published again as a
    draft of its texts (`draft_again`).

    Raises
    ------
    WrongUse
        No reason is given.
    Forbidden
        The actor is no steward over one of its places.
    Conflict
        It was taken back already, or overlays of other publications rest on it.
    """
    if not reason.strip():
        raise WrongUse(Message("Say why it is taken back: whoever decided by it will ask."))
    found = find_publication(context, publication_id)
    need_publisher(context, found.digests)
    values = {
        "taken_back_at": context.now,
        "taken_back_by": context.actor.name,
        "taken_back_reason": reason.strip()[:COMMENT_MAX],
    }
    with context.unit.part():
        wait_for_others(context.unit, found.policy)
        held = (_P.publication_id == publication_id) & _P.taken_back_at.is_(None)
        if context.unit.execute(update(PUBLICATIONS).where(held).values(**values)).rowcount != 1:
            raise Conflict(
                Message(
                    "Publication {number} of {policy} was taken back already.", number=found.number, policy=found.policy
                )
            )
        refuse_unreadable(context, found)
    details = {"publication": found.number, "texts": dict(found.digests), "reason": values["taken_back_reason"]}
    audit.record(context, action="policy_publication_taken_back", subject=found.policy, details=details)
    write_copies(context, found.policy, {(place, found.from_date) for place in found.digests})
    return find_publication(context, publication_id)


def draft_again(context: Context, publication_id: int) -> Draft:
    """Begin a draft that holds the texts of a publication, such as one that was taken back too early.

    Raises
    ------
    Forbidden
        The actor may not write on one of its places.
    """
    found = find_publication(context, publication_id)
    need_author(context, found.digests)
    begun = begin_draft(context, found.policy)
    return save_draft(context, begun.draft_id, texts_of(context, publication_id), seen=0)


def _published_soundly(context: Context, draft: Draft, comment: str, *, late_reason: str, seen: int | None) -> int:
    reason = draft.late_reason or late_reason
    day = draft.from_date or context.now.date()
    wait_for_others(context.unit, draft.policy)
    move(context, draft, Act.PUBLISH, comment, seen=seen, case_id=None)
    check_day(context, day, reason)
    refuse_moved(context, draft, day)
    refuse_earlier(context, draft, day)
    refuse_hand_put(context, draft.policy, draft.files, day)
    made = _published(context, draft, comment=comment, late_reason=reason if day < context.now.date() else "")
    refuse_unsound(context, draft.policy, since=day)
    close_case(context, draft, "publish")
    write_copies(context, draft.policy, {(place, day) for place in draft.files})
    return made


def _published(context: Context, draft: Draft, *, comment: str, late_reason: str) -> int:
    last = context.unit.execute(select(func.max(_P.number)).where(_P.policy == draft.policy)).scalar_one()
    values = {
        "policy": draft.policy,
        "number": int(last or 0) + 1,
        "from_date": draft.from_date or context.now.date(),
        "draft_id": draft.draft_id,
        "authors": list(draft.authors),
        "published_at": context.now,
        "published_by": context.actor.name,
        "comment": comment.strip()[:COMMENT_MAX],
        "late_reason": late_reason.strip()[:COMMENT_MAX],
        "taken_back_reason": "",
    }
    try:
        added = insert(PUBLICATIONS).values(**values).returning(_P.publication_id)
        made = int(context.unit.execute(added).scalar_one())
    except IntegrityError as error:
        raise Conflict(
            Message(
                "Somebody else published {policy} at this moment. Look at what changed, and try again.",
                policy=draft.policy,
            )
        ) from error
    for place, text in draft.files.items():
        row = {"publication_id": made, "place": place, "digest": digest_of(text), "text": text}
        context.unit.execute(insert(PUBLISHED_TEXTS).values(**row))
    return made
