"""Cases of orders that went wrong: judged at once by a policy, or by a person where the policy asks him."""

from tiffin.engines.cases.declaration import CaseType, Clock, Field, State, Transition

_PLATFORM: frozenset[str] = frozenset()
_JUDGES = frozenset({"adjudicator", "reviewer", "experience_manager"})
_SUPPORT = frozenset({"support", *_JUDGES})
_MANAGERS = frozenset({"experience_manager"})

_DECISION = (
    Field("option"),
    Field("reason_code", is_required=False),
    Field("note", is_required=False),
    Field("seconds", is_required=False),
)
_PARTIES = ("customer", "merchant", "rider", "platform")

DELIVERY_INCIDENT = CaseType(
    name="delivery_incident",
    first="reported",
    states=(
        State("reported"),
        State("with_person"),
        State("waiting_for_evidence"),
        State("second_look"),
        State("decided", is_closed=True),
    ),
    transitions=(
        Transition("close", ("reported",), "decided", _PLATFORM, effects=("post", "notify")),
        Transition("ask", ("reported",), "with_person", _PLATFORM),
        Transition("note", ("with_person", "waiting_for_evidence", "second_look"), None, _SUPPORT, (Field("text"),)),
        Transition("take", ("with_person",), None, _JUDGES, assigns=True),
        Transition(
            "ask_for_evidence",
            ("with_person",),
            "waiting_for_evidence",
            _SUPPORT,
            (Field("party", choices=_PARTIES), Field("text")),
        ),
        Transition("evidence_came", ("waiting_for_evidence",), "with_person", _SUPPORT, (Field("text"),)),
        Transition("no_evidence_came", ("waiting_for_evidence",), "with_person", _PLATFORM),
        Transition(
            "decide", ("with_person",), "decided", _JUDGES, _DECISION, excludes=True, effects=("post", "notify")
        ),
        Transition("decide_first", ("with_person",), "second_look", _JUDGES, _DECISION, excludes=True),
        Transition(
            "confirm_decision",
            ("second_look",),
            "decided",
            _JUDGES,
            (Field("note", is_required=False),),
            four_eyes_with="decide_first",
            is_independent=True,
            effects=("post", "notify"),
        ),
        Transition("send_back", ("second_look",), "with_person", _JUDGES, (Field("reason"),)),
        Transition("undo", ("decided",), "with_person", _JUDGES, effects=("reverse",)),
        Transition("reopen", ("decided",), "with_person", _MANAGERS, (Field("reason"),)),
        Transition("superseded", ("decided",), None, _PLATFORM),
    ),
    clocks=(
        Clock(
            "decision",
            ("reported", "with_person", "waiting_for_evidence", "second_look"),
            hours=16,
            paused_in=("waiting_for_evidence",),
        ),
        Clock("evidence", ("waiting_for_evidence",), hours=48, in_business_hours=False, on_expiry="no_evidence_came"),
    ),
    reserved=frozenset({"suspend"}),
)
"""Something is wrong with an order. What is sure closes by itself; nothing here suspends anybody."""
