"""Cases of customer, merchant and rider who do not agree about an order: they talk, settle, or let a person decide."""

from tiffin.engines.cases.declaration import CaseType, Clock, Field, State, Transition

IN_DISPUTE = frozenset({"party"})
"""Whoever the capability finds to be one of the parties, or support on his behalf; no grant carries this role."""

OPENER = frozenset({"opener"})
"""The party that began it."""

_JUDGES = frozenset({"adjudicator", "reviewer", "experience_manager"})
_PLATFORM: frozenset[str] = frozenset()
_TALKING = ("talking", "proposed")
_OPEN = (*_TALKING, "with_person")

_TERMS = (
    Field("party"),
    Field("customer_gets_minor"),
    Field("merchant_pays_minor"),
    Field("rider_pays_minor"),
    Field("text", is_required=False),
)

DISPUTE = CaseType(
    name="dispute",
    first="talking",
    states=(
        State("talking"),
        State("proposed"),
        State("with_person"),
        State("settled", is_closed=True),
        State("dispute_decided", is_closed=True),
        State("dropped", is_closed=True),
    ),
    transitions=(
        Transition("say", _OPEN, None, IN_DISPUTE, (Field("party"), Field("text"))),
        Transition("propose", _TALKING, "proposed", IN_DISPUTE, _TERMS, effects=("tell",)),
        Transition("accept", ("proposed",), None, IN_DISPUTE, (Field("party"),)),
        Transition("settle_dispute", ("proposed",), "settled", _PLATFORM, effects=("book", "tell")),
        Transition("reject", ("proposed",), "talking", IN_DISPUTE, (Field("party"), Field("text")), effects=("tell",)),
        Transition("proposal_lapsed", ("proposed",), "talking", _PLATFORM, effects=("tell",)),
        Transition("ask_person", _TALKING, "with_person", IN_DISPUTE, (Field("party"), Field("text"))),
        Transition("talks_ended", _TALKING, "with_person", _PLATFORM, effects=("tell",)),
        Transition("take", ("with_person",), None, _JUDGES, assigns=True, is_independent=True),
        Transition(
            "decide_dispute",
            ("with_person",),
            "dispute_decided",
            _JUDGES,
            (*_TERMS[1:4], Field("reason")),
            excludes=True,
            is_independent=True,
            effects=("book", "tell"),
        ),
        Transition("drop", _OPEN, "dropped", OPENER, effects=("tell",)),
        Transition("note", _OPEN, None, _JUDGES, (Field("text"),)),
    ),
    clocks=(
        Clock("proposal", ("proposed",), days=3, in_business_hours=False, on_expiry="proposal_lapsed"),
        Clock("talks", _TALKING, days=10, in_business_hours=False, on_expiry="talks_ended"),
        Clock("decision", ("with_person",), hours=40),
    ),
    reserved=frozenset({"suspend"}),
)
"""Who is to pay what for an order that went wrong, in one thread of all parties."""
