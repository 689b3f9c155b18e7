"""Emergencies: an entitled person opens a scope at once, for hours; somebody else is told and looks at it after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from uuid import uuid4

from sqlalchemy import select

from tiffin.capabilities.access.domain.accounts import GrantView, scope
from tiffin.capabilities.access.domain.requesting import may_decide
from tiffin.capabilities.access.domain.terms import Terms, cleaned_purpose
from tiffin.capabilities.access.service.granting import find_row, give, grant_view, take_back
from tiffin.capabilities.access.service.rules import term_rules
from tiffin.capabilities.access.service.surroundings import countries_of_cities
from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.access_cases import EMERGENCY_ACCESS
from tiffin.capabilities.cases.domain.case import CaseDetail, NewCase
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.kernel.errors import Forbidden, InvalidData, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import EVERY, Grant, Role
from tiffin.runtime.auth import effective_actor, grant_of
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.models import Account, AccountGrant

HEADLINE = mark("{who} opened {places} in an emergency: {reason}")


@dataclass(frozen=True, slots=True)
class EmergencyView:
    """An emergency opening.

    Parameters
    ----------
    told : tuple of str
        Accounts to which a message went.
    finding : str
        ``justified`` or ``not_justified``; empty until somebody looked at it.
    """

    emergency_id: int
    who: str
    reason: str
    grant: GrantView
    opened_at: datetime
    due_at: datetime | None
    is_overdue: bool
    told: tuple[str, ...]
    finding: str
    reviewed_by: str
    remark: str
    may_review: bool


def open_emergency(
    context: Context,
    *,
    reason: str,
    countries: Sequence[str] = (),
    cities: Sequence[str] = (),
    hours: float | None = None,
) -> EmergencyView:
    """Open places to oneself at once, for some hours; everybody who answers for them is told.

    Raises
    ------
    Forbidden
        The actor holds none of the roles that may.
    InvalidData
        There is no reason, no place, or it would be for too long.
    """
    rule, said = term_rules(context).emergency, cleaned_purpose(reason)
    if not context.actor.has_role(*rule.roles):
        raise Forbidden(
            Message(
                "{name} may not open anything in an emergency: that takes one of the roles {roles}. Ask for access.",
                name=context.actor.name,
                roles=", ".join(rule.roles),
            )
        )
    lasting = rule.hours if hours is None else hours
    wanted = Grant(Role.VIEWER, scope([*countries]), scope([*cities]), opens=rule.opens)
    places = (*wanted.countries, *wanted.cities)
    if not places or not 0 < lasting <= rule.hours:
        raise InvalidData(
            Message("An emergency opens a country or a city, for {hours} hours at most.", hours=f"{rule.hours:g}")
        )
    told = _responsible(context, wanted)
    values = {"who": context.actor.name, "places": ", ".join(places), "reason": said, "told": [*told]}
    one = places[0] if len(places) == 1 and EVERY not in places else None
    new = NewCase(
        EMERGENCY_ACCESS.name,
        uuid4().hex,
        HEADLINE,
        values,
        country=one if wanted.countries else None,
        city_id=one if wanted.cities else None,
        subject=context.actor.name,
        severity=Severity.CRITICAL,
    )
    made = cases.open_case(context, new)
    until = context.now + timedelta(hours=lasting)
    terms = Terms(said, until, context.actor.name, _source(made.case_id))
    give(context, find_row(context.session, context.actor.name), wanted, terms)
    details = {"places": [*places], "reason": said, "until": str(until), "told": [*told]}
    audit.record(context, action="emergency_opened", subject=str(made.case_id), details=details)
    for name in told:
        _tell(context, made.case_id, name, values)
    return show_emergency(context, made.case_id)


def list_emergencies(context: Context) -> tuple[EmergencyView, ...]:
    """List the emergencies that wait for the actor to look at them, the most urgent first, and his own."""
    found = cases.guided_cases(context, EMERGENCY_ACCESS.name)
    views = (_view(context, one) for one in found)
    return tuple(view for view in views if view.may_review or view.who == context.actor.name)


def show_emergency(context: Context, emergency_id: int) -> EmergencyView:
    """Show an emergency to whoever opened it and whoever answers for its places.

    Raises
    ------
    NotFound
        There is none that the actor may see.
    """
    found = cases.guided_case(context, emergency_id)
    if found.summary.case_type == EMERGENCY_ACCESS.name:
        view = _view(context, found)
        if view.who == context.actor.name or _answers(context, found):
            return view
    raise NotFound(Message("There is no emergency {number} that you may see.", number=emergency_id))


def review_emergency(context: Context, emergency_id: int, *, is_justified: bool, reason: str) -> EmergencyView:
    """Say afterwards whether an emergency was justified; what is still open of an unjustified one ends now.

    Raises
    ------
    NotFound
        There is none that the actor may see.
    Forbidden
        The actor opened it himself.
    Conflict
        Somebody looked at it already.
    WrongUse
        There is no reason.
    """
    view = show_emergency(context, emergency_id)
    if view.who == context.actor.name:
        raise Forbidden(Message("Nobody looks at his own emergency. It waits for somebody else."))
    values = {"finding": "justified" if is_justified else "not_justified", "reason": reason.strip()}
    cases.act_as(context, emergency_id, "look_at", values, role="approver")
    if not is_justified:
        take_back(context, _row(context, emergency_id), find_row(context.session, view.who))
    return show_emergency(context, emergency_id)


def end_emergency(context: Context, emergency_id: int) -> EmergencyView:
    """Give back what one opened in an emergency, before it ends by itself.

    Raises
    ------
    NotFound
        There is none that the actor may see.
    """
    view = show_emergency(context, emergency_id)
    take_back(context, _row(context, emergency_id), find_row(context.session, view.who))
    return show_emergency(context, emergency_id)


def _responsible(context: Context, wanted: Grant) -> tuple[str, ...]:
    """Name who answers for the places: their stewards and administrators; nobody is left out for being many."""
    homes = countries_of_cities(context)
    accounts = context.session.scalars(
        select(Account).where(Account.disabled_at.is_(None)).order_by(Account.name)
    ).all()
    actors = [effective_actor(context.session, account, now=context.now) for account in accounts]
    return tuple(one.name for one in actors if may_decide(one, context.actor.name, wanted, homes))


def _tell(context: Context, emergency_id: int, name: str, values: Mapping[str, object]) -> None:
    # The outbox comes with dashboards, which no other command of access needs.
    from tiffin.capabilities.scorecards.service.outbox import post  # noqa: PLC0415 - for the reason above

    locale = context.session.scalar(select(Account.locale).where(Account.name == name)) or "en"
    subject = translate(locale, HEADLINE, **{key: values[key] for key in ("who", "places", "reason")})
    text = translate(
        locale,
        "Look at it afterwards and say whether it was justified: {address}",
        address=f"/access/emergencies/{emergency_id}",
    )
    html = f"<p>{escape(subject)}</p><p>{escape(text)}</p>"
    post(
        context,
        key=_source(emergency_id),
        recipient=name,
        kind="emergency",
        subject=subject,
        text=f"{subject}\n\n{text}\n",
        html=html,
    )


def _view(context: Context, found: CaseDetail) -> EmergencyView:
    one = found.summary
    looked = next((entry for entry in found.trail if entry.action == "look_at"), None)
    is_own = one.subject == context.actor.name
    return EmergencyView(
        emergency_id=one.case_id,
        who=one.subject,
        reason=str(found.values["reason"]),
        grant=grant_view(_row(context, one.case_id), now=context.now),
        opened_at=one.opened_at,
        due_at=one.due_at,
        is_overdue=one.is_overdue,
        told=tuple(found.values["told"]),
        finding=str(looked.values["finding"]) if looked else "",
        reviewed_by=looked.actor if looked else "",
        remark=str(looked.values["reason"]) if looked else "",
        may_review=looked is None and not is_own and _answers(context, found),
    )


def _answers(context: Context, found: CaseDetail) -> bool:
    grant = grant_of(_row(context, found.summary.case_id))
    return may_decide(context.actor, found.summary.subject, grant, countries_of_cities(context))


def _row(context: Context, emergency_id: int) -> AccountGrant:
    return context.session.scalars(select(AccountGrant).where(AccountGrant.source == _source(emergency_id))).one()


def _source(emergency_id: int) -> str:
    return f"emergency:{emergency_id}"
