"""Campaigns: a reviewer answers for every grant of a scope until a day; what nobody answers for ends on that day.

The end is written into the grants when the campaign begins, so that it comes by itself and at the second.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update

from tiffin.capabilities.access.domain.accounts import GrantView, beyond_reach, scope
from tiffin.capabilities.access.domain.terms import Terms
from tiffin.capabilities.access.models.reviews import Campaign, Review
from tiffin.capabilities.access.service.granting import find_row, give, grant_view, require_admin, take_back
from tiffin.capabilities.access.service.rules import term_rules
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import EVERY, Grant, Role
from tiffin.runtime.auth import OWNER_PURPOSE, OWNER_TERM, grant_of, owner_account, owns_files
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark
from tiffin.runtime.models import Account, AccountGrant

UNANSWERED = mark("ended: not answered")
NAME_MAX = 120


class Decision(StrEnum):
    """What a reviewer says about a grant."""

    KEEP = "keep"
    REDUCE = "reduce"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One grant of a campaign.

    Parameters
    ----------
    decision : str
        ``keep``, ``reduce``, ``revoke``; ``ended: not answered`` after the due day; empty while it waits.
    """

    review_id: int
    account: str
    grant: GrantView
    would_end_at: datetime
    decision: str
    decided_by: str
    reason: str
    may_decide: bool


@dataclass(frozen=True, slots=True)
class CampaignView:
    """One campaign and how far it has come."""

    campaign_id: int
    name: str
    countries: tuple[str, ...]
    cities: tuple[str, ...]
    reviewer: str
    due_at: datetime
    made_by: str
    total: int
    answered: int
    is_over: bool


def start_campaign(
    context: Context, name: str, *, countries: Sequence[str], cities: Sequence[str], reviewer: str, due_at: datetime
) -> CampaignView:
    """Ask a reviewer to answer for every grant that reaches into a scope, until a moment.

    Raises
    ------
    Forbidden
        The actor is no administrator of the scope.
    NotFound
        There is no account of the reviewer's name.
    InvalidData
        There is no name or scope, or it would be due already.
    Conflict
        No grant of the scope waits to be reviewed.
    """
    require_admin(context)
    places = Grant(Role.VIEWER, scope([*countries]), scope([*cities]))
    if not 0 < len(name.strip()) <= NAME_MAX or not (places.countries or places.cities) or due_at <= context.now:
        raise InvalidData(
            Message("A campaign has a name, a country or a city, and a day in the future until which it is answered.")
        )
    if beyond := beyond_reach(context.actor, places, (Role.ADMIN,)):
        raise Forbidden(
            Message("{name} is no administrator of {places}.", name=context.actor.name, places=", ".join(beyond))
        )
    find_row(context.session, reviewer)
    campaign = Campaign(
        name=name.strip(),
        countries=[*places.countries],
        cities=[*places.cities],
        reviewer=reviewer,
        due_at=due_at,
        made_at=context.now,
        made_by=context.actor.name,
    )
    context.session.add(campaign)
    context.session.flush()
    taken = [row for row in _reviewable(context) if _reaches(row, places)]
    if not taken:
        raise Conflict(
            Message("No grant of this scope waits to be reviewed: there is none, or a campaign has it already.")
        )
    for row in taken:
        context.session.add(
            Review(campaign_id=campaign.campaign_id, grant_id=row.grant_id, would_end_at=row.expires_at)
        )
        row.expires_at = min(row.expires_at, due_at)
    context.session.flush()
    details = {"reviewer": reviewer, "due_at": str(due_at), "grants": [row.grant_id for row in taken]}
    audit.record(context, action="access_review_started", subject=campaign.name, details=details)
    return _campaign_view(context, campaign)


def list_campaigns(context: Context) -> tuple[CampaignView, ...]:
    """List the campaigns: one's own to answer, for administrators all; the newest first."""
    wanted = select(Campaign).order_by(Campaign.campaign_id.desc())
    if not context.actor.has_role(Role.ADMIN):
        wanted = wanted.where(Campaign.reviewer == context.actor.name)
    return tuple(_campaign_view(context, row) for row in context.session.scalars(wanted))


def show_campaign(context: Context, campaign_id: int) -> tuple[CampaignView, tuple[ReviewView, ...]]:
    """Show a campaign with its grants: what waits first.

    Raises
    ------
    NotFound
        There is none that the actor may see.
    """
    campaign = _campaign(context, campaign_id)
    rows = context.session.execute(
        select(Review, AccountGrant, Account)
        .join(AccountGrant, Review.grant_id == AccountGrant.grant_id)
        .join(Account, AccountGrant.account_id == Account.account_id)
        .where(Review.campaign_id == campaign_id)
        .order_by(Review.decision.is_not(None), Account.name, Review.review_id)
    )
    views = tuple(_review_view(context, campaign, review, row, account.name) for review, row, account in rows)
    return _campaign_view(context, campaign), views


def decide(
    context: Context,
    review_id: int,
    decision: Decision,
    *,
    reason: str = "",
    opens: Sequence[Classification] = (),
) -> ReviewView:
    """Answer for one grant: it goes on, goes on as a viewer's with fewer classes of columns, or ends now.

    Raises
    ------
    NotFound
        There is no such review that the actor may see.
    Forbidden
        It is a grant of the actor himself.
    Conflict
        It was answered already, or the campaign is over.
    InvalidData
        What is left would be no less.
    """
    review = context.session.get(Review, review_id)
    campaign = _campaign(context, review.campaign_id if review else 0)
    row = context.session.get_one(AccountGrant, review.grant_id if review else 0)
    account = context.session.get_one(Account, row.account_id)
    if account.name == context.actor.name:
        raise Forbidden(Message("Nobody answers for a grant of his own. Ask a colleague or an administrator."))
    if campaign.due_at <= context.now:
        raise Conflict(Message("This campaign is over: what was not answered has ended. It can be asked for again."))
    if decision is not Decision.REVOKE and (row.revoked_at or row.expires_at <= context.now):
        raise Conflict(
            Message("This grant has ended already: nothing of it is left to keep. It can be asked for again.")
        )
    _settle(context, review_id, decision, reason)
    if decision is Decision.KEEP and review:
        row.expires_at = max(review.would_end_at, context.now + term_rules(context).usual(grant_of(row)))
    elif decision is Decision.REDUCE and review:
        _reduce(context, row, account, opens, review)
    elif decision is Decision.REVOKE:
        take_back(context, row, account)
    details = {"grant": row.grant_id, "account": account.name, "decision": decision.value, "reason": reason}
    audit.record(context, action="access_reviewed", subject=campaign.name, details=details)
    context.session.flush()
    return next(one for one in show_campaign(context, campaign.campaign_id)[1] if one.review_id == review_id)


def renew_owner(context: Context) -> GrantView:
    """Give the workspace's owner, at the machine that holds its files, another year as its administrator.

    Raises
    ------
    Forbidden
        The person at this machine does not own the workspace's files, or acts as somebody else.
    """
    owner = find_row(context.session, owner_account(context.unit, now=context.now).name)
    if not owns_files(context.workspace) or context.actor.name != owner.name:
        raise Forbidden(Message("Only the owner of the workspace's files renews the owner's grant, at this machine."))
    held = select(AccountGrant).where(AccountGrant.account_id == owner.account_id, AccountGrant.source == "owner")
    row = context.session.scalars(held.where(AccountGrant.revoked_at.is_(None))).first()
    if row is None:
        everywhere = Grant(Role.ADMIN, (EVERY,), (EVERY,))
        row = give(context, owner, everywhere, Terms(OWNER_PURPOSE, source="owner"))
    row.expires_at = context.now + OWNER_TERM
    audit.record(context, action="owner_renewed", subject=owner.name, details={"expires_at": str(row.expires_at)})
    context.session.flush()
    return grant_view(row, now=context.now)


def _settle(context: Context, review_id: int, decision: Decision, reason: str) -> None:
    said = {"decision": decision.value, "decided_at": context.now, "decided_by": context.actor.name, "reason": reason}
    open_one = (Review.review_id == review_id, Review.decision.is_(None))
    done: Any = context.session.execute(update(Review).where(*open_one).values(**said))
    if done.rowcount != 1:
        raise Conflict(Message("Somebody answered for this grant already. Look at what was said."))
    context.session.expire_all()


def _reduce(
    context: Context, row: AccountGrant, account: Account, opens: Sequence[Classification], review: Review
) -> None:
    before = grant_of(row)
    left = tuple(name for name in before.opened if name in {*opens})
    less = replace(before, role=Role.VIEWER, opens=left)
    if before.role is Role.VIEWER and left == before.opened:
        raise InvalidData(Message("That is all that the grant opens now. Leave a class of columns out, or keep it."))
    longest = context.now + term_rules(context).longest(less)
    terms = Terms(row.purpose, min(review.would_end_at, longest), row.owner, f"review:{review.review_id}")
    take_back(context, row, account)
    give(context, account, less, terms)


def _campaign(context: Context, campaign_id: int) -> Campaign:
    found = context.session.get(Campaign, campaign_id)
    if found is None or not (found.reviewer == context.actor.name or _administers(context, found)):
        raise NotFound(Message("There is no campaign {number} that you may see.", number=campaign_id))
    return found


def _administers(context: Context, campaign: Campaign) -> bool:
    places = Grant(Role.VIEWER, tuple(campaign.countries), tuple(campaign.cities))
    return not beyond_reach(context.actor, places, (Role.ADMIN,))


def _reviewable(context: Context) -> list[AccountGrant]:
    """Give the grants in force that no open campaign has, but what makes the owner administrator and emergencies."""
    waiting = (
        select(Review.grant_id)
        .join(Campaign, Review.campaign_id == Campaign.campaign_id)
        .where(Review.decision.is_(None), Campaign.due_at > context.now)
    )
    wanted = (
        select(AccountGrant)
        .where(AccountGrant.revoked_at.is_(None), AccountGrant.expires_at > context.now)
        .where(AccountGrant.source != "owner", AccountGrant.source.not_like("emergency:%"))
        .where(AccountGrant.grant_id.not_in(waiting))
    )
    return list(context.session.scalars(wanted.order_by(AccountGrant.grant_id)))


def _reaches(row: AccountGrant, places: Grant) -> bool:
    asked = {*places.countries, *places.cities}
    held = {*row.countries, *row.cities}
    return EVERY in asked or EVERY in held or bool(asked & held)


def _campaign_view(context: Context, row: Campaign) -> CampaignView:
    said = list(context.session.scalars(select(Review.decision).where(Review.campaign_id == row.campaign_id)))
    return CampaignView(
        campaign_id=row.campaign_id,
        name=row.name,
        countries=tuple(row.countries),
        cities=tuple(row.cities),
        reviewer=row.reviewer,
        due_at=row.due_at,
        made_by=row.made_by,
        total=len(said),
        answered=sum(one is not None for one in said),
        is_over=row.due_at <= context.now,
    )


def _review_view(context: Context, campaign: Campaign, review: Review, row: AccountGrant, account: str) -> ReviewView:
    is_over = campaign.due_at <= context.now
    return ReviewView(
        review_id=review.review_id,
        account=account,
        grant=grant_view(row, now=context.now),
        would_end_at=review.would_end_at,
        decision=review.decision or (UNANSWERED if is_over else ""),
        decided_by=review.decided_by or "",
        reason=review.reason or "",
        may_decide=review.decision is None and not is_over and account != context.actor.name,
    )
