"""Cases of coaching: a rider missed a standard of conduct, and somebody helps him to meet it."""

from tiffin.engines.cases.declaration import CaseType, Clock, Field, State, Transition

COACHES = frozenset({"city_manager", "experience_manager"})

COACHED = frozenset({"coached"})
"""The rider himself; no grant carries this role."""

_PLATFORM: frozenset[str] = frozenset()
_OPEN = ("coaching_due", "coaching_told", "coaching_contested")

COACHING = CaseType(
    name="coaching",
    first="coaching_due",
    states=(
        State("coaching_due"),
        State("coaching_told"),
        State("coaching_contested"),
        State("coaching_done", is_closed=True),
        State("coaching_lapsed", is_closed=True),
    ),
    transitions=(
        Transition("take", _OPEN, None, COACHES, assigns=True),
        Transition("tell_rider", ("coaching_due",), "coaching_told", COACHES, (Field("text", is_required=False),)),
        Transition("done_by_rider", ("coaching_due", "coaching_told"), "coaching_done", COACHED),
        Transition("coached", ("coaching_told",), "coaching_done", COACHES, (Field("text"),)),
        Transition("verdict_contested", ("coaching_due", "coaching_told"), "coaching_contested", _PLATFORM),
        Transition("verdict_stands", ("coaching_contested", "coaching_lapsed"), "coaching_due", _PLATFORM),
        Transition("coaching_lapses", _OPEN, "coaching_lapsed", _PLATFORM, (Field("reason"),)),
        Transition("note", _OPEN, None, COACHES, (Field("text"),)),
    ),
    clocks=(
        Clock("telling", ("coaching_due",), hours=40),
        Clock("coaching", ("coaching_told",), days=14, in_business_hours=False),
    ),
    reserved=frozenset({"suspend", "fine", "end"}),
)
"""One step of coaching after one breach; while a verdict behind it is appealed nothing is done, and if it falls,
neither is the step. Nothing at all follows from such a case but that somebody talked with somebody."""
