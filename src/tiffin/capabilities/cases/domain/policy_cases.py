"""Cases of policies: proposed changes, and drafts that run in shadow."""

from tiffin.capabilities.cases.domain.roles import APPROVER, HANDLERS
from tiffin.engines.cases.declaration import CaseType, Clock, Field, State, Transition

POLICY_PROPOSAL = CaseType(
    name="policy_proposal",
    first="proposed",
    states=(
        State("proposed"),
        State("published", is_closed=True),
        State("sent_back", is_closed=True),
        State("withdrawn", is_closed=True),
    ),
    transitions=(
        Transition("publish", ("proposed",), "published", APPROVER),
        Transition("send_back", ("proposed",), "sent_back", APPROVER, (Field("reason"),)),
        Transition("withdraw", ("proposed",), "withdrawn", APPROVER),
    ),
    clocks=(Clock("decision", ("proposed",), hours=16),),
)
"""Somebody proposes a change of a policy; a second person publishes it or sends it back."""

POLICY_SHADOW = CaseType(
    name="policy_shadow",
    first="running",
    states=(State("running"), State("ended", is_closed=True)),
    transitions=(
        Transition("ran", ("running",), None, frozenset()),
        Transition("end", ("running",), "ended", HANDLERS, (Field("reason"),)),
    ),
)
"""A draft of a policy decides new cases beside the version in force, without effect, until somebody ends it."""

POLICY_DISAGREEMENT = CaseType(
    name="policy_disagreement",
    first="open",
    states=(State("open"), State("judged", is_closed=True)),
    transitions=(
        Transition(
            "judge",
            ("open",),
            "judged",
            HANDLERS,
            (Field("right", choices=("in_force", "draft", "neither")), Field("reason")),
        ),
    ),
    clocks=(Clock("judgment", ("open",), hours=40),),
)
"""A draft in shadow and the version in force decide one case otherwise; a person says which of them is right."""
