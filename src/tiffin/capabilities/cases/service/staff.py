"""Profiles of those who work on cases, and how much each has in hand."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from tiffin.capabilities.cases.domain.assigning import Profile
from tiffin.capabilities.cases.models import CaseRecord, CaseWorker
from tiffin.kernel.errors import NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.models import Account

MOST_MOST = 500


def profile_of(context: Context, name: str) -> Profile:
    """Give the profile of somebody; one that says nothing takes everything, ten at once."""
    row = context.session.get(CaseWorker, name)
    return _profile(row, _in_hand(context, (name,))) if row else Profile(name, in_hand=_count(context, name))


def profiles(context: Context) -> tuple[Profile, ...]:
    """List the profiles that were written down, with what each has in hand."""
    rows = context.session.scalars(select(CaseWorker).order_by(CaseWorker.name)).all()
    held = _in_hand(context, [row.name for row in rows])
    return tuple(_profile(row, held) for row in rows)


def set_profile(context: Context, profile: Profile) -> None:
    """Write down what somebody can do and how much he takes.

    Raises
    ------
    NotFound
        There is no such account.
    WrongUse
        He cannot have so many in hand.
    """
    if context.session.scalar(select(Account.account_id).where(Account.name == profile.name)) is None:
        raise NotFound(Message("There is no account {name}. `tiffin users list` names them.", name=profile.name))
    if not 0 < profile.most <= MOST_MOST:
        raise WrongUse(
            Message("Cases in hand are a number from 1 to {most}; found {found}.", most=MOST_MOST, found=profile.most)
        )
    said = {
        "skills": list(profile.skills),
        "languages": list(profile.languages),
        "countries": list(profile.countries),
        "most": profile.most,
        "is_on_duty": profile.is_on_duty,
    }
    row = context.session.get(CaseWorker, profile.name) or CaseWorker(name=profile.name)
    for name, value in {**said, "changed_at": context.now, "changed_by": context.actor.name}.items():
        setattr(row, name, value)
    context.session.add(row)
    context.session.flush()
    audit.record(context, action="case_worker_changed", subject=profile.name, details=said)


def _profile(row: CaseWorker, held: Mapping[str, int]) -> Profile:
    skills, languages, countries = (tuple(one) for one in (row.skills, row.languages, row.countries))
    return Profile(row.name, skills, languages, countries, row.most, row.is_on_duty, held.get(row.name, 0))


def _count(context: Context, name: str) -> int:
    return _in_hand(context, (name,)).get(name, 0)


def _in_hand(context: Context, names: Sequence[str]) -> Mapping[str, int]:
    wanted = select(CaseRecord.assignee, func.count()).where(
        CaseRecord.closed_at.is_(None), CaseRecord.assignee.in_(names)
    )
    return {str(name): count for name, count in context.session.execute(wanted.group_by(CaseRecord.assignee))}
