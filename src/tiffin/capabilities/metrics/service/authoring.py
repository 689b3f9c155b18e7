"""Writing definitions in the browser: drafts that are begun, saved, submitted, sent back and withdrawn.

Publishing is `tiffin.capabilities.metrics.service.publishing`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.metrics.domain.drafts import digest_of, in_order, numbered
from tiffin.capabilities.metrics.models import MetricDraft, MetricDraftEvent
from tiffin.capabilities.metrics.service.authoring_texts import published_plain, read_text, text_of
from tiffin.engines.metrics.refusals import no_metric
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.drafts import OPEN, Act, DraftState, following
from tiffin.kernel.errors import Conflict, Forbidden, InvalidDefinition, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

COMMENT_MAX = 4000
READERS = (Role.STEWARD, Role.ANALYST)


@dataclass(frozen=True, slots=True)
class DraftEvent:
    """Something that somebody did with a draft, and said about it."""

    at: datetime
    actor: str
    act: Act
    comment: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A definition on its way.

    Parameters
    ----------
    base_text : str
        What was published when the draft began; empty for a new metric.
    events : tuple of DraftEvent
        Oldest first.
    """

    draft_id: int
    metric: str
    text: str
    state: DraftState
    authors: tuple[str, ...]
    base_text: str
    created_at: datetime
    changed_at: datetime
    events: tuple[DraftEvent, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether anything can still be done with it."""
        return self.state in OPEN


def may_author(context: Context) -> bool:
    """Tell whether the actor may write definitions: a steward of every country or city."""
    return context.actor.has_role_everywhere(Role.STEWARD)


def need_author(context: Context) -> None:
    """Refuse whoever may not write definitions.

    Raises
    ------
    Forbidden
        The actor is no steward.
    """
    if not may_author(context):
        raise Forbidden(
            Message(
                "Definitions are written by stewards of all countries; {name} has no such grant. "
                "Ask an administrator for it.",
                name=context.actor.name,
            )
        )


def need_reader(context: Context) -> None:
    """Refuse whoever may not read drafts.

    Raises
    ------
    Forbidden
        The actor is neither steward nor analyst.
    """
    if not context.actor.has_role(*READERS):
        raise Forbidden(
            Message("Drafts are read by stewards and analysts; {name} is neither.", name=context.actor.name)
        )


def list_drafts(context: Context, *, everything: bool = False) -> tuple[Draft, ...]:
    """List the drafts that are open, newest change first; with ``everything`` the finished ones too."""
    need_reader(context)
    wanted = select(MetricDraft).order_by(MetricDraft.changed_at.desc(), MetricDraft.draft_id.desc())
    if not everything:
        wanted = wanted.where(MetricDraft.state.in_([state.value for state in OPEN]))
    return tuple(_draft(row, ()) for row in context.session.scalars(wanted))


def find_draft(context: Context, draft_id: int) -> Draft:
    """Find a draft with everything that was done with it.

    Raises
    ------
    NotFound
        There is no such draft.
    Forbidden
        The actor may not read drafts.
    """
    need_reader(context)
    row = draft_row(context, draft_id)
    acts = select(MetricDraftEvent).where(MetricDraftEvent.draft_id == draft_id).order_by(MetricDraftEvent.event_id)
    events = (DraftEvent(one.at, one.actor, Act(one.act), one.comment) for one in context.session.scalars(acts))
    return _draft(row, tuple(events))


def begin_draft(context: Context, name: str, *, changes: Mapping[str, Any] | None = None) -> Draft:
    """Begin a draft: of a published metric its present definition, else the frame of a new one.

    Parameters
    ----------
    changes : mapping or None
        Entries to begin with instead of the present ones, such as another tier.

    Raises
    ------
    Conflict
        Somebody's draft of the metric is open already.
    Forbidden
        The actor may not write definitions.
    """
    need_author(context)
    _check_name(name)
    for other in list_drafts(context):
        if other.metric == name:
            raise Conflict(
                Message(
                    "A draft of {metric} is open already: number {number}, by {authors}. Continue it, or have it "
                    "withdrawn.",
                    metric=name,
                    number=other.draft_id,
                    authors=", ".join(other.authors),
                )
            )
    base = published_plain(context.workspace, name)
    plain = in_order({**(base if base is not None else _frame(context)), **(changes or {})})
    row = MetricDraft(
        metric=name,
        text=text_of(name, numbered(plain, base, today=context.now.date())),
        state=DraftState.DRAFT.value,
        authors=[context.actor.name],
        base_text=text_of(name, base) if base is not None else "",
        created_at=context.now,
        changed_at=context.now,
    )
    context.session.add(row)
    context.session.flush()
    note(context, row, Act.SAVE, "")
    return _draft(row, ())


def begin_deprecation(context: Context, name: str, *, successor: str) -> Draft:
    """Begin the draft by which a metric is given up for another.

    Raises
    ------
    NotFound
        One of the two does not exist.
    WrongUse
        A metric cannot replace itself.
    """
    for one in (name, successor):
        if published_plain(context.workspace, one) is None:
            raise no_metric(one, ())
    if name == successor:
        raise WrongUse(Message("{metric} cannot be replaced by itself. Name another metric.", metric=name))
    return begin_draft(context, name, changes={"tier": "deprecated", "successor": successor})


def save_draft(context: Context, draft_id: int, text: str) -> Draft:
    """Keep a draft's text, numbered and dated; a draft under review goes back to being one.

    Raises
    ------
    InvalidDefinition
        The text is not the definition of this metric; it is not kept.
    Conflict
        The draft is finished.
    """
    need_author(context)
    row = draft_row(context, draft_id)
    found = read_text(text)
    if found.name != row.metric:
        raise InvalidDefinition(
            f"This is the draft of {row.metric}, and the text defines {found.name}. A metric keeps its name: begin "
            "another draft, and deprecate this metric."
        )
    base = read_text(row.base_text).plain if row.base_text else None
    written = text_of(row.metric, numbered(found.plain, base, today=context.now.date()))
    if written == row.text and row.state == DraftState.DRAFT:
        return find_draft(context, draft_id)
    row.state = following(DraftState(row.state), Act.SAVE).value
    row.text, row.changed_at = written, context.now
    if context.actor.name not in row.authors:
        row.authors = [*row.authors, context.actor.name]
    note(context, row, Act.SAVE, "")
    return find_draft(context, draft_id)


def withdraw_draft(context: Context, draft_id: int, comment: str = "") -> Draft:
    """Give a draft up; nothing is published.

    Raises
    ------
    Conflict
        It is finished already.
    """
    return _moved(context, draft_id, Act.WITHDRAW, comment)


def submit_draft(context: Context, draft_id: int, comment: str = "") -> Draft:
    """Hand a draft over for review.

    Raises
    ------
    Conflict
        It is under review already, or finished.
    """
    return _moved(context, draft_id, Act.SUBMIT, comment)


def send_back(context: Context, draft_id: int, comment: str) -> Draft:
    """Hand a draft back to its authors with what is to be mended.

    Raises
    ------
    WrongUse
        Nothing is said.
    Forbidden
        The actor wrote on it himself.
    """
    if not comment.strip():
        raise WrongUse(Message("Say what is to be mended, so that the author can."))
    need_second_person(context, draft_row(context, draft_id))
    return _moved(context, draft_id, Act.SEND_BACK, comment)


def need_second_person(context: Context, row: MetricDraft) -> None:
    """Refuse whoever wrote on a draft to review it.

    Raises
    ------
    Forbidden
        The actor is among its authors, or no steward.
    """
    need_author(context)
    if context.actor.name in row.authors:
        raise Forbidden(
            Message(
                "{name} wrote on this draft of {metric}; a definition is reviewed and published by somebody else. "
                "Ask another steward.",
                name=context.actor.name,
                metric=row.metric,
            )
        )


def draft_row(context: Context, draft_id: int) -> MetricDraft:
    """Find a draft's row, as it stands now.

    Raises
    ------
    NotFound
        There is no such draft.
    """
    row = context.session.get(MetricDraft, draft_id, populate_existing=True, with_for_update=True)
    if row is None:
        raise NotFound(
            Message("There is no draft number {number}. `tiffin metrics drafts` lists them.", number=draft_id)
        )
    return row


def note(context: Context, row: MetricDraft, act: Act, comment: str) -> None:
    """Keep an act upon a draft, with the audit trail."""
    said = comment.strip()[:COMMENT_MAX]
    event = MetricDraftEvent(
        draft_id=row.draft_id, at=context.now, actor=context.actor.name, act=act.value, comment=said
    )
    context.session.add(event)
    details = {"draft": row.draft_id, "text_sha256": digest_of(row.text)}
    audit.record(context, action=_PAST[act], subject=row.metric, details=details)
    context.session.flush()


def _moved(context: Context, draft_id: int, act: Act, comment: str) -> Draft:
    need_author(context)
    row = draft_row(context, draft_id)
    row.state = following(DraftState(row.state), act).value
    row.changed_at = context.now
    note(context, row, act, comment)
    return find_draft(context, draft_id)


def _check_name(name: str) -> None:
    plain = name.replace("_", "")
    if not name[:1].isalpha() or not plain.isascii() or not plain.isalnum() or name != name.lower():
        raise WrongUse(Message("A name has lower-case letters, digits and _ only; '{name}' was found.", name=name))


def _frame(context: Context) -> dict[str, Any]:
    """Give what a new definition begins with; its author fills in the rest."""
    today = context.now.date()
    return {
        "label": dict.fromkeys(LOCALES, "…"),
        "meaning": dict.fromkeys(LOCALES, "…"),
        "kind": "simple",
        "source": "orders",
        "aggregate": "count",
        "unit": "orders",
        "direction": "up",
        "level": "operations",
        "owner": "…",
        "tier": "draft",
        "version": 1,
        "since": today,
        "example": {"rows": {"orders": [{"status": "delivered"}]}, "gives": 1},
    }


def _draft(row: MetricDraft, events: tuple[DraftEvent, ...]) -> Draft:
    return Draft(
        row.draft_id,
        row.metric,
        row.text,
        DraftState(row.state),
        tuple(row.authors),
        row.base_text,
        row.created_at,
        row.changed_at,
        events,
    )


_PAST = {
    Act.SAVE: "metric_draft_saved",
    Act.SUBMIT: "metric_draft_submitted",
    Act.SEND_BACK: "metric_draft_sent_back",
    Act.PUBLISH: "metric_published",
    Act.WITHDRAW: "metric_draft_withdrawn",
}
