"""Feedback: what people say on a page, answered by stewards, or taken up as a requirement or a case."""

from dataclasses import asdict, dataclass

from sqlalchemy import func, select

from tiffin.capabilities.adoption.domain.items import Ask, Happening, Item
from tiffin.capabilities.adoption.domain.states import FEEDBACK, STEWARD, Kind
from tiffin.capabilities.adoption.models import AdoptionItem
from tiffin.capabilities.adoption.service.records import (
    NewItem,
    act,
    act_as_platform,
    chosen,
    find,
    item_of,
    open_item,
    require_grant,
    roles_of,
    standing_of,
    trail_of,
)
from tiffin.capabilities.adoption.service.telling import tell_author
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.capabilities.cases.service import open_case
from tiffin.engines.cases.acting import offered
from tiffin.engines.cases.declaration import Transition
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Actor, Role
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark

SORTS = ("useful", "not_useful", "wrong", "idea")
WORDLESS = ("useful", "not_useful")
"""Sorts that may be said without a text; they are counted."""

MOST = 2000
CASE_HEADLINE = mark("Feedback on {page}: {text}")


@dataclass(frozen=True, slots=True)
class FeedbackDetail:
    """One feedback with its trail and what the actor may do with it now."""

    item: Item
    trail: tuple[Happening, ...]
    actions: tuple[Transition, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many found a page useful, and how many did not."""

    page: str
    useful: int
    not_useful: int


def say(context: Context, sort: str, *, text: str = "", page: str = "/") -> Item:
    """Keep what somebody says on a page, with his language and role.

    Raises
    ------
    WrongUse
        The sort is unknown, or an idea or a fault is said without words.
    """
    require_grant(context)
    told = text.strip()
    if sort not in SORTS:
        raise WrongUse(f"Feedback is one of {', '.join(SORTS)}; found {sort!r}.")
    if len(told) > MOST or (not told and sort not in WORDLESS):
        raise WrongUse(Message("Say in 1 to {most} characters what is wrong or what you have in mind.", most=MOST))
    path = page.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0]
    path = path[:200] if path.startswith("/") and path.isprintable() else "/"
    details = {"sort": sort, "page": path, "locale": context.locale, "role": role_of(context.actor), "text": told}
    record = open_item(context, NewItem(Kind.FEEDBACK, told or sort, subject=path, details=details))
    if not told:
        act_as_platform(context, record, "count")
    return item_of(record)


def list_feedback(context: Context, *, state: str = "new", limit: int = 50, offset: int = 0) -> tuple[Item, ...]:
    """List feedback, the newest first: all of it to stewards, his own to anybody else."""
    require_grant(context)
    wanted = chosen(Kind.FEEDBACK, states=(state,) if state else (), author=_only(context))
    return tuple(item_of(row) for row in context.session.scalars(wanted.limit(limit).offset(offset)))


def count_feedback(context: Context, *, state: str = "new") -> int:
    """Count what `list_feedback` lists."""
    require_grant(context)
    wanted = chosen(Kind.FEEDBACK, states=(state,) if state else (), author=_only(context))
    return context.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0


def show_feedback(context: Context, item_id: int) -> FeedbackDetail:
    """Show one feedback to a steward, or to whoever gave it.

    Raises
    ------
    NotFound
        There is none of that number that the actor may see.
    """
    return _detail(context, _found(context, item_id))


def answer(
    context: Context, item_id: int, action: str, *, text: str = "", version: int | None = None
) -> FeedbackDetail:
    """Answer or close feedback; whoever gave it is told."""
    record = _found(context, item_id)
    field = "reason" if action == "close" else "text"
    act(context, record, action, {field: text.strip()}, version=version)
    tell_author(context, record, said=text.strip(), address=f"/adoption/feedback/{item_id}")
    return _detail(context, record)


def make_requirement(context: Context, item_id: int, *, version: int | None = None) -> int:
    """Make feedback a requirement of whoever gave it; gives the requirement's number."""
    record = _found(context, item_id)
    act(context, record, "to_requirement", version=version)
    asked = asdict(Ask(decision=record.headline, rhythm="weekly", today=str(record.details["page"])))
    details = {"ask": asked | {"cities": [], "wanted_by": None}, "places": [], "feedback": item_id}
    made = open_item(context, NewItem(Kind.REQUIREMENT, record.headline, details=details), author=record.author)
    tell_author(context, record, said="", address=f"/adoption/requirements/{made.item_id}")
    return made.item_id


def make_case(context: Context, item_id: int, *, version: int | None = None) -> int:
    """Make feedback a case of something wrong with data; gives the case's number."""
    record = _found(context, item_id)
    act(context, record, "to_case", version=version)
    values = {"page": record.subject, "text": record.headline}
    case = open_case(
        context,
        NewCase(
            case_type="data_incident",
            key=f"feedback|{item_id}",
            headline=CASE_HEADLINE,
            values=values,
            subject=record.subject[:128],
            severity=Severity.MINOR,
        ),
    )
    tell_author(context, record, said="", address=f"/adoption/feedback/{item_id}")
    return case.case_id


def verdicts(context: Context) -> tuple[Verdict, ...]:
    """Count by page who found it useful and who did not, the least useful first.

    Raises
    ------
    Forbidden
        The actor is no steward.
    """
    if not context.actor.has_role(Role.STEWARD):
        raise Forbidden(Message("{name} may not see what others said: that takes a steward.", name=context.actor.name))
    sums: dict[str, list[int]] = {}
    for row in context.session.scalars(chosen(Kind.FEEDBACK)):
        if row.details["sort"] in WORDLESS:
            sums.setdefault(row.subject, [0, 0])[row.details["sort"] != "useful"] += 1
    listed = (Verdict(page, useful, others) for page, (useful, others) in sums.items())
    return tuple(sorted(listed, key=lambda one: (-one.not_useful, -one.useful, one.page)))


def role_of(actor: Actor) -> str:
    """Name the highest role that an actor holds."""
    held = {grant.role for grant in actor.grants}
    return next((role.value for role in reversed(Role) if role in held), "")


def _only(context: Context) -> str | None:
    return None if context.actor.has_role(Role.STEWARD) else context.actor.name


def _found(context: Context, item_id: int) -> AdoptionItem:
    record = find(context, item_id, kind=Kind.FEEDBACK)
    if record.author != context.actor.name and STEWARD not in roles_of(context.actor, record):
        raise NotFound(Message("There is no feedback {number} that you may see.", number=item_id))
    return record


def _detail(context: Context, record: AdoptionItem) -> FeedbackDetail:
    actions = offered(
        FEEDBACK,
        standing_of(context, record),
        actor=context.actor.name,
        roles=roles_of(context.actor, record),
    )
    return FeedbackDetail(item_of(record), trail_of(context, record.item_id), actions)
