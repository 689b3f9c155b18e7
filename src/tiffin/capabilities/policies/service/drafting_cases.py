"""The case by which a proposed policy waits for a second person."""

from collections.abc import Mapping
from typing import Any

from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.policy_cases import POLICY_PROPOSAL
from tiffin.capabilities.policies.domain.versions import BASE, PARAMETERS
from tiffin.capabilities.policies.service.drafting import Draft, find_draft
from tiffin.capabilities.policies.service.drafting_rights import country_of, need_reader
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark

HEADLINE = mark("{name} proposes a change of the policy {policy} from {day} on: a second person publishes it.")


def open_proposal(context: Context, draft: Draft, *, from_date: str, number: int) -> int:
    """Let a proposal wait for whoever may publish it: stewards of its place, or of everything if it is of several.

    Parameters
    ----------
    number : int
        How often the draft was proposed so far, this time included.
    """
    place = next(iter(draft.files)) if len(draft.files) == 1 and PARAMETERS not in draft.files else BASE
    country = country_of(context, place)
    values = {"name": context.actor.name, "policy": draft.policy, "day": {"days": [from_date]}, "draft": draft.draft_id}
    new = NewCase(
        POLICY_PROPOSAL.name,
        f"policy|{draft.draft_id}|{number}",
        HEADLINE,
        values,
        country=country,
        city_id=place if place not in (BASE, country) else None,
        subject=draft.policy,
    )
    return cases.open_case(context, new).case_id


def close_case(context: Context, draft: Draft, action: str, values: Mapping[str, Any] | None = None) -> None:
    """Close the case of a draft's proposal, if it waits, by what became of it."""
    if draft.case_id is not None:
        cases.act_as(context, draft.case_id, action, values or {}, role="approver")


def draft_of_case(context: Context, case_id: int) -> Draft:
    """Find the draft whose proposal a case is about.

    Raises
    ------
    NotFound
        There is no such case.
    Forbidden
        The actor may not read drafts.
    """
    need_reader(context)
    found = cases.guided_case(context, case_id)
    if found.summary.case_type != POLICY_PROPOSAL.name:
        raise NotFound(Message("There is no request {number} that you may see.", number=case_id))
    return find_draft(context, int(found.values["draft"]))
