"""What tests of drafts and publications of policies share."""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

from tiffin.capabilities.policies.service.drafting import Draft, begin_draft
from tiffin.capabilities.policies.service.drafting_proposing import propose
from tiffin.capabilities.policies.service.drafting_saving import save_draft
from tiffin.capabilities.policies.service.ledger import (
    Publication,
)
from tiffin.capabilities.policies.service.publishing import publish_draft
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
TODAY = NOW.date()
POLICY = "late-fee"
HEAD = """\
policy: late-fee
title: {en: Late fee}
question: {en: "What does a late order pay back?"}
owner: experience
source: A test.
inputs:
  - {name: minutes_late, label: {en: Minutes late}, type: number, whole: true, required: true, values: "[0..600]"}
outputs:
  - {name: amount_minor, label: {en: Amount}, type: number}
rows:
"""
ROW = """\
  - id: {id}
    when: {{minutes_late: "{when}"}}
    then: {{amount_minor: {then}}}
    reason: {{en: a reason}}
"""


def a_policy(amount: int = 500, *, expected: int | None = None, late_from: int = 15) -> str:
    rows = ROW.format(id="late.not", when="< 15", then=0) + ROW.format(
        id="late.yes", when=f">= {late_from}", then=amount
    )
    case = f"{{title: {{en: late}}, given: {{minutes_late: 20}}, expect: {{amount_minor: {expected or amount}}}}}"
    return f"{HEAD}{rows}worked_cases:\n  - {case}\n"


def an_overlay(place: str, amount: int) -> str:
    row = ROW.format(id="here.yes", when=">= 15", then=amount) + "    overrides: [late.yes]\n"
    return f"policy: late-fee\noverlay: {place}\nsource: A test.\nrows:\n{row}"


def entering(
    workspace: Workspace,
    name: str,
    *,
    at: datetime = NOW,
    role: Role = Role.STEWARD,
    countries: tuple[str, ...] = ("*",),
) -> AbstractContextManager[Context]:
    return open_unit(workspace, lambda _: Actor(name, (Grant(role, countries, ()),)), now=at)


def proposed(
    workspace: Workspace, files: dict[str, str], *, on: date = TODAY, at: datetime = NOW, by: str = "ana"
) -> Draft:
    with entering(workspace, by, at=at, role=Role.ANALYST) as context:
        begun = begin_draft(context, POLICY)
        save_draft(context, begun.draft_id, files, seen=0)
        return propose(context, begun.draft_id, from_date=on)


def published(workspace: Workspace, files: dict[str, str], *, on: date = TODAY, at: datetime = NOW) -> Publication:
    draft = proposed(workspace, files, on=on, at=at)
    with entering(workspace, "ben", at=at) as context:
        return publish_draft(context, draft.draft_id)
