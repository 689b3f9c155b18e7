"""Cases of misses: supply fell short of demand by so much that somebody of the city has to say what follows."""

from tiffin.capabilities.cases.domain.roles import READERS
from tiffin.engines.cases.declaration import CaseType, Clock, Field, State, Transition

DECIDERS = frozenset({"city_manager", "steward"})
_OPEN = ("open", "investigating")
_CLOSED = ("resolved", "dismissed")

SUPPLY_MISS = CaseType(
    name="supply_miss",
    first="open",
    states=(
        State("open"),
        State("investigating"),
        State("resolved", is_closed=True),
        State("dismissed", is_closed=True),
    ),
    transitions=(
        Transition("take", _OPEN, "investigating", READERS, assigns=True),
        Transition("note", (*_OPEN, *_CLOSED), None, READERS, (Field("text"),)),
        Transition("answer_miss", _OPEN, "resolved", DECIDERS, (Field("done"),)),
        Transition("dismiss", _OPEN, "dismissed", DECIDERS, (Field("reason"),)),
        Transition("reopen", _CLOSED, "investigating", DECIDERS, (Field("reason"),)),
        Transition("seen_again", (*_OPEN, *_CLOSED), None, frozenset()),
    ),
    clocks=(Clock("answer", ("open",), hours=4), Clock("miss_settled", _OPEN, hours=16)),
)
"""One large miss of one day in one city that nothing answers yet; whoever closes it says what was done, or why not."""
