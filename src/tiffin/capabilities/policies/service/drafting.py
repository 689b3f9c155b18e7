"""Drafts of policies: branches that are begun, saved, undone, proposed, sent back and withdrawn.

A draft holds the texts that differ from the versions in force when it began, by place. Every save is kept; undoing one
moves the draft to the save before it and loses nothing. How it is published tells `policies.service.publishing`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from tiffin.capabilities.policies.domain.versions import is_policy_name
from tiffin.capabilities.policies.models import DRAFTS, EVENTS, SAVES
from tiffin.capabilities.policies.service.drafting_rights import need_author, need_reader
from tiffin.capabilities.policies.service.ledger import texts_written
from tiffin.kernel.drafts import OPEN, Act, DraftState
from tiffin.kernel.errors import NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context

COMMENT_MAX = 4000
TITLE_MAX = 200
_D, _S, _E = DRAFTS.c, SAVES.c, EVENTS.c


@dataclass(frozen=True, slots=True)
class Save:
    """One save of a draft.

    Parameters
    ----------
    number : int
        From 1, in the order of saving.
    follows : int
        The save that it was made upon; 0 for the base.
    files : mapping of str to str
        By place, the texts that differ from the draft's base, all of them.
    """

    number: int
    follows: int
    at: datetime
    actor: str
    note: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DraftEvent:
    """Something that somebody did with a draft beside saving it, and said about it."""

    at: datetime
    actor: str
    act: Act
    comment: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy on its way.

    Parameters
    ----------
    authors : tuple of str
        Whoever wrote on it, its author first.
    base : mapping of str to str
        By place, the text in force when it began; empty for a new policy.
    head : int
        The save that holds now; 0 while nothing differs from the base. Whoever saves says which one he saw.
    files : mapping of str to str
        By place, the texts of that save.
    from_date : date or None
        First business day on which it is proposed to hold.
    case_id : int or None
        The case by which its proposal waits for a second person.
    saves, events : tuple
        Oldest first; empty in lists of drafts.
    """

    draft_id: int
    policy: str
    title: str
    state: DraftState
    authors: tuple[str, ...]
    base: Mapping[str, str]
    head: int
    files: Mapping[str, str]
    from_date: date | None
    late_reason: str
    case_id: int | None
    created_at: datetime
    changed_at: datetime
    saves: tuple[Save, ...] = ()
    events: tuple[DraftEvent, ...] = ()

    @property
    def texts(self) -> Mapping[str, str]:
        """By place, the texts of the policy as the draft would have it: its own over those of its base."""
        return dict(sorted({**self.base, **self.files}.items()))

    @property
    def author(self) -> str:
        """To whom it belongs."""
        return self.authors[0]

    @property
    def proposer(self) -> str | None:
        """Who proposed it last; None while nobody did."""
        return next((one.actor for one in reversed(self.events) if one.act is Act.SUBMIT), None)

    @property
    def is_open(self) -> bool:
        """Tell whether anything can still be done with it."""
        return self.state in OPEN

    def writers_of(self, number: int) -> tuple[str, ...]:
        """Name whoever saved what one of its saves holds: that one itself, and those upon which it was made."""
        held, names = {one.number: one for one in self.saves}, []
        while number in held:
            names.append(held[number].actor)
            number = held[number].follows
        return tuple(reversed(names))

    @property
    def undo_to(self) -> int | None:
        """The save to which undoing leads; None where nothing is to be undone."""
        held = {one.number: one for one in self.saves}
        return held[self.head].follows if self.head in held else None

    @property
    def redo_to(self) -> int | None:
        """The newest save that was made upon the present one; None where there is none."""
        after = [one.number for one in self.saves if one.follows == self.head]
        return max(after, default=None)


def list_drafts(context: Context, policy: str | None = None, *, everything: bool = False) -> tuple[Draft, ...]:
    """List the open drafts of all policies or one, newest change first; with ``everything`` the finished ones too.

    Raises
    ------
    Forbidden
        The actor may not read drafts.
    """
    need_reader(context)
    wanted = select(DRAFTS).order_by(_D.changed_at.desc(), _D.draft_id.desc())
    if policy is not None:
        wanted = wanted.where(_D.policy == policy)
    if not everything:
        wanted = wanted.where(_D.state.in_([state.value for state in OPEN]))
    rows = context.unit.execute(wanted).all()
    heads = {(row.draft_id, row.head) for row in rows if row.head}
    saves = select(SAVES).where(_S.draft_id.in_([number for number, _ in heads]))
    files = {row.draft_id: row.files for row in context.unit.execute(saves) if (row.draft_id, row.number) in heads}
    return tuple(_draft(row, files.get(row.draft_id, {})) for row in rows)


def find_draft(context: Context, draft_id: int) -> Draft:
    """Find a draft with every save and everything that was done with it.

    Raises
    ------
    NotFound
        There is no such draft.
    Forbidden
        The actor may not read drafts.
    """
    need_reader(context)
    row = context.unit.execute(select(DRAFTS).where(_D.draft_id == draft_id)).first()
    if row is None:
        raise NotFound(
            Message(
                "There is no draft number {number} of a policy. `tiffin policies drafts` lists them.", number=draft_id
            )
        )
    saved = context.unit.execute(select(SAVES).where(_S.draft_id == draft_id).order_by(_S.number))
    acts = context.unit.execute(select(EVENTS).where(_E.draft_id == draft_id).order_by(_E.event_id))
    saves = tuple(Save(one.number, one.follows, one.at, one.actor, one.note, one.files) for one in saved)
    events = tuple(DraftEvent(one.at, one.actor, Act(one.act), one.comment) for one in acts)
    files = next((one.files for one in saves if one.number == row.head), {})
    return _draft(row, files, saves, events)


def begin_draft(context: Context, policy: str, *, title: str = "") -> Draft:
    """Begin a draft upon the versions that are in force today; upon nothing for a policy that is new.

    Several drafts of one policy may be open at once: each is a branch.

    Raises
    ------
    Forbidden
        The actor may not write policies anywhere.
    WrongUse
        The name cannot name a policy, or the title is too long.
    """
    need_author(context)
    _check_name(policy, title)
    base = {place: one.text for place, one in texts_written(context, policy).items()}
    values: dict[str, Any] = {
        "policy": policy,
        "title": title.strip(),
        "state": DraftState.DRAFT.value,
        "authors": [context.actor.name],
        "base": base,
        "head": 0,
        "late_reason": "",
        "created_at": context.now,
        "changed_at": context.now,
    }
    made = context.unit.execute(insert(DRAFTS).values(**values).returning(_D.draft_id)).scalar_one()
    audit.record(context, action="policy_draft_begun", subject=policy, details={"draft": made})
    return find_draft(context, made)


def draft_texts(context: Context, draft_id: int) -> Mapping[str, str]:
    """Give by place the texts of a policy as a draft would have it: its own over those that it began from.

    Raises
    ------
    NotFound
        There is no such draft.
    """
    return find_draft(context, draft_id).texts


def _check_name(policy: str, title: str) -> None:
    if not is_policy_name(policy):
        raise WrongUse(
            Message(
                "A policy's name has small letters, digits and hyphens only, and begins with a letter; '{name}' was "
                "found.",
                name=policy,
            )
        )
    if len(title.strip()) > TITLE_MAX:
        raise WrongUse(Message("A draft's title has {most} letters at most.", most=TITLE_MAX))


def _draft(
    row: Any, files: Mapping[str, str], saves: tuple[Save, ...] = (), events: tuple[DraftEvent, ...] = ()
) -> Draft:
    return Draft(
        draft_id=row.draft_id,
        policy=row.policy,
        title=row.title,
        state=DraftState(row.state),
        authors=tuple(row.authors),
        base=row.base,
        head=row.head,
        files=files,
        from_date=row.from_date,
        late_reason=row.late_reason,
        case_id=row.case_id,
        created_at=row.created_at,
        changed_at=row.changed_at,
        saves=saves,
        events=events,
    )
