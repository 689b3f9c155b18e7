"""What can happen to a requirement, to something that nobody uses any more, and to feedback: three tables."""

from collections.abc import Mapping
from enum import StrEnum

from tiffin.engines.cases.declaration import CaseType, Clock, Field, State, Transition

ASKER, READER, ANALYST, STEWARD = "asker", "reader", "analyst", "steward"
"""Who acts, as seen from one item: whoever opened it, anybody with a grant, and the roles of a grant."""

_ASKERS = frozenset({ASKER, STEWARD})
_BUILDERS = frozenset({ANALYST, STEWARD})
_STEWARDS = frozenset({STEWARD})
_EVERYBODY = frozenset({ASKER, READER})
_REASON = (Field("reason"),)


class Kind(StrEnum):
    """Sorts of items."""

    REQUIREMENT = "requirement"
    RETIREMENT = "retirement"
    FEEDBACK = "feedback"


_WAITING = ("asked", "later", "accepted")
_OVER = ("answered", "declined", "merged", "withdrawn")
_LIVE = ("launched", "kept")

REQUIREMENT = CaseType(
    name=Kind.REQUIREMENT,
    first="asked",
    states=(
        State("asked"),
        State("later"),
        State("accepted"),
        State("building"),
        State("delivered"),
        State("approved"),
        State("launched"),
        State("kept"),
        State("answered", is_closed=True),
        State("declined", is_closed=True),
        State("merged", is_closed=True),
        State("withdrawn", is_closed=True),
        State("retired", is_closed=True),
    ),
    transitions=(
        Transition("solve", ("asked", "later"), "answered", _ASKERS, (Field("by"),)),
        Transition(
            "estimate",
            _WAITING,
            None,
            _BUILDERS,
            (Field("effort_days"), Field("needs", is_required=False)),
        ),
        Transition("accept", ("asked", "later"), "accepted", _STEWARDS, _REASON),
        Transition("postpone", ("asked",), "later", _STEWARDS, _REASON),
        Transition("decline", ("asked", "later"), "declined", _STEWARDS, _REASON),
        Transition("merge", ("asked", "later"), "merged", _STEWARDS, (Field("into"), *_REASON)),
        Transition("withdraw", _WAITING, "withdrawn", frozenset({ASKER}), (Field("reason", is_required=False),)),
        Transition("reopen", _OVER, "asked", _ASKERS, _REASON),
        Transition("build", ("accepted",), "building", _BUILDERS, assigns=True),
        Transition("deliver", ("building",), "delivered", _BUILDERS, (Field("products"), Field("done")), assigns=True),
        Transition("approve", ("delivered",), "approved", _ASKERS, four_eyes_with="deliver"),
        Transition("send_back", ("delivered",), "building", _ASKERS, _REASON),
        Transition(
            "launch",
            ("approved",),
            "launched",
            _STEWARDS,
            (
                Field("notes"),
                Field("training", is_required=False),
                Field("owner"),
                Field("target_users"),
                Field("role", choices=("viewer", "analyst", "city_manager", "steward")),
                Field("places", is_required=False),
            ),
        ),
        Transition("keep", _LIVE, "kept", _STEWARDS, _REASON),
        Transition("mend", _LIVE, "building", _STEWARDS, _REASON),
        Transition("retired", _LIVE, "retired", frozenset()),
        Transition("restored", ("retired",), "launched", frozenset()),
        Transition(
            "note", (*_WAITING, "building", "delivered", "approved", *_LIVE, *_OVER), None, _EVERYBODY, (Field("text"),)
        ),
    ),
    clocks=(Clock("decide", ("asked",), hours=40), Clock("approve", ("delivered",), hours=40)),
)
"""A requirement: asked in business words, decided, built, approved by whoever asked, launched, and looked at again."""

RETIREMENT = CaseType(
    name=Kind.RETIREMENT,
    first="proposed",
    states=(
        State("proposed"),
        State("announced"),
        State("retired", is_closed=True),
        State("kept", is_closed=True),
        State("restored", is_closed=True),
    ),
    transitions=(
        Transition("announce", ("proposed",), "announced", _STEWARDS, (Field("reason"), Field("on"))),
        Transition("object", ("announced",), "proposed", _EVERYBODY, _REASON),
        Transition("keep", ("proposed", "announced"), "kept", _STEWARDS, _REASON),
        Transition("retire", ("announced",), "retired", _STEWARDS),
        Transition("restore", ("retired",), "restored", _STEWARDS, _REASON),
        Transition("note", ("proposed", "announced", "retired"), None, _EVERYBODY, (Field("text"),)),
    ),
)
"""The end of something that nobody uses: proposed, announced, retired, and for a time brought back."""

FEEDBACK = CaseType(
    name=Kind.FEEDBACK,
    first="new",
    states=(
        State("new"),
        State("answered", is_closed=True),
        State("counted", is_closed=True),
        State("taken_up", is_closed=True),
        State("closed", is_closed=True),
    ),
    transitions=(
        Transition("answer", ("new", "answered", "taken_up"), "answered", _STEWARDS, (Field("text"),)),
        Transition("count", ("new",), "counted", frozenset()),
        Transition("to_requirement", ("new", "answered"), "taken_up", _STEWARDS),
        Transition("to_case", ("new", "answered"), "taken_up", _STEWARDS),
        Transition("close", ("new",), "closed", _STEWARDS, _REASON),
    ),
    clocks=(Clock("answer", ("new",), hours=24),),
)
"""What somebody said on a page: answered, taken up as a requirement or a case, or only counted."""

TABLES: Mapping[str, CaseType] = {one.name: one for one in (REQUIREMENT, RETIREMENT, FEEDBACK)}
"""Every table, by sort."""

HOLDERS: Mapping[str, str] = {
    "asked": STEWARD,
    "later": STEWARD,
    "accepted": ANALYST,
    "building": "builder",
    "delivered": ASKER,
    "approved": STEWARD,
    "launched": STEWARD,
    "kept": STEWARD,
}
"""Who has to take the next step of a requirement in each open state."""


def diagram(table: CaseType) -> str:
    """Draw a table of states as a Mermaid state diagram; README.md holds it, and a test compares the two."""
    lines = ["stateDiagram-v2", f"    [*] --> {table.first}"]
    for one in table.transitions:
        if one.target is not None:
            who = ", ".join(sorted(one.roles)) or "platform"
            lines += [f"    {source} --> {one.target}: {one.action} ({who})" for source in one.sources]
    lines += [f"    {state.name} --> [*]" for state in table.states if state.is_closed]
    return "\n".join(lines)
