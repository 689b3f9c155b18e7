"""Cases of somebody who asks to see more, or has seen more in an emergency."""

from tiffin.capabilities.cases.domain.roles import APPROVER, REQUESTER
from tiffin.engines.cases.declaration import CaseType, Clock, Field, State, Transition

ACCESS_REQUEST = CaseType(
    name="access_request",
    first="asked",
    states=(
        State("asked"),
        State("half_agreed"),
        State("granted", is_closed=True),
        State("refused", is_closed=True),
        State("withdrawn", is_closed=True),
    ),
    transitions=(
        Transition("agree", ("asked",), "half_agreed", APPROVER, (Field("given"), Field("note", is_required=False))),
        Transition(
            "agree_too",
            ("half_agreed",),
            "granted",
            APPROVER,
            (Field("given"), Field("note", is_required=False)),
            four_eyes_with="agree",
        ),
        Transition("grant", ("asked",), "granted", APPROVER, (Field("given"), Field("note", is_required=False))),
        Transition("refuse", ("asked", "half_agreed"), "refused", APPROVER, (Field("reason"),)),
        Transition("withdraw", ("asked", "half_agreed"), "withdrawn", REQUESTER),
    ),
    clocks=(Clock("decision", ("asked", "half_agreed"), hours=16),),
)
"""Somebody asks to see more; access decides, with a second person where it tells of people."""

EMERGENCY_ACCESS = CaseType(
    name="emergency_access",
    first="opened_at_once",
    states=(State("opened_at_once"), State("looked_at", is_closed=True)),
    transitions=(
        Transition(
            "look_at",
            ("opened_at_once",),
            "looked_at",
            APPROVER,
            (Field("finding", choices=("justified", "not_justified")), Field("reason")),
        ),
    ),
    clocks=(Clock("look", ("opened_at_once",), hours=24),),
)
"""Somebody opened a scope at once in an emergency; another person looks at it afterwards."""
