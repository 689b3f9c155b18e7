"""What people do with an incident: take it in hand, repair, confirm, dismiss, and write down what they learned."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.quality.domain.incidents import Incident
from tiffin.capabilities.quality.models import PostMortem
from tiffin.capabilities.quality.service.broken import close_if_ready, end
from tiffin.capabilities.quality.service.incident_views import find_row, roles_in, show_incident
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context

ROLES = ("steward", "analyst", "city_manager")
"""Roles over an incident, the one that may most first."""

LONGEST = 4000
_TEXTS = ("cause", "done", "prevention", "prevention_owner")


def act(
    context: Context,
    case_id: int,
    action: str,
    values: Mapping[str, Any] | None = None,
    *,
    version: int | None = None,
) -> Incident:
    """Take an action on an incident; a confirmed one closes by itself once its checks pass.

    Raises
    ------
    NotFound
        There is none of that number, or the actor may not see the place it is about.
    Conflict
        Somebody else acted meanwhile, the action cannot be taken in this state, or the post-mortem is still missing.
    Forbidden
        The actor may not, or may not do both this and what he did before.
    """
    row = find_row(context, case_id)
    held = roles_in(context, row)
    role = next((one for one in ROLES if one in held), "viewer")
    if action == "confirm" and show_incident(context, case_id).needs_post_mortem:
        raise Conflict(
            Message(
                "Incident {number} is critical or major: before its repair can be confirmed, what was learned of it "
                "must be written down. Write its post-mortem, then confirm.",
                number=case_id,
            )
        )
    summary = cases.act_as(context, case_id, action, dict(values or {}), role=role, version=version)
    if action == "dismiss":
        end(context, row)
    close_if_ready(context, row, summary)
    return show_incident(context, case_id)


def write_post_mortem(context: Context, case_id: int, said: Mapping[str, str]) -> Incident:
    """Write down what was learned of an incident; a second writing takes the place of the first; the trail has both.

    Parameters
    ----------
    said : mapping
        ``cause``, ``done``, ``prevention``, ``prevention_owner`` and ``prevention_due`` (ISO date).

    Raises
    ------
    NotFound
        There is no such incident, or the actor may not see the place it is about.
    Forbidden
        The actor handles no faults there.
    WrongUse
        A part is missing, or the date is none.
    """
    row = find_row(context, case_id)
    if not roles_in(context, row) & {"steward", "analyst"}:
        raise Forbidden(
            Message(
                "{name} may not write the post-mortem of incident {number}: that takes the role steward or analyst "
                "where it happened.",
                name=context.actor.name,
                number=case_id,
            )
        )
    texts = {name: said.get(name, "").strip()[:LONGEST] for name in _TEXTS}
    missing = [name for name, text in texts.items() if not text]
    if missing:
        raise WrongUse(
            Message(
                "A post-mortem needs its cause, what was done, what will keep it from coming again, and who sees to "
                "that until when; {missing} is empty.",
                missing=missing[0],
            )
        )
    due = _day(said.get("prevention_due", ""))
    found = context.session.get(PostMortem, case_id)
    if found is None:
        found = PostMortem(case_id=case_id)
        context.session.add(found)
    found.cause, found.done, found.prevention = texts["cause"], texts["done"], texts["prevention"]
    found.prevention_owner, found.prevention_due = texts["prevention_owner"][:120], due
    found.written_by, found.written_at = context.actor.name, context.now
    context.session.flush()
    details = {**texts, "prevention_due": due.isoformat()}
    audit.record(context, action="post_mortem_written", subject=str(case_id), details=details)
    return show_incident(context, case_id)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongUse(
            Message("The day until which it is to be done is written like 2026-03-31; found {text}.", text=repr(text))
        ) from error
