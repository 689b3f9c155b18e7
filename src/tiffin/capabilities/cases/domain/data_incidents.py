"""Cases of something wrong with data."""

from tiffin.capabilities.cases.domain.roles import HANDLERS, READERS, STEWARDS
from tiffin.capabilities.cases.domain.severity import SEVERITIES
from tiffin.engines.cases.declaration import CaseType, Clock, Field, State, Transition

_RATE = (Field("severity", choices=SEVERITIES), Field("reason"))

_OPEN = ("open", "investigating", "repaired")

CAUSES = ("late_feed", "doubled_load", "wrong_currency", "edited_source", "wrong_time_zone", "missing_rows", "other")
"""What was wrong with the data, as whoever repaired it says."""

DATA_INCIDENT = CaseType(
    name="data_incident",
    first="open",
    states=(
        State("open"),
        State("investigating"),
        State("repaired"),
        State("resolved", is_closed=True),
        State("dismissed", is_closed=True),
    ),
    transitions=(
        Transition("take", _OPEN, "investigating", HANDLERS, assigns=True),
        Transition("note", (*_OPEN, "resolved", "dismissed"), None, READERS, (Field("text"),)),
        Transition("repair", ("investigating",), "repaired", HANDLERS, (Field("cause", choices=CAUSES), Field("done"))),
        Transition("confirm", ("repaired",), "resolved", HANDLERS, four_eyes_with="repair"),
        Transition("dismiss", ("open", "investigating"), "dismissed", STEWARDS, (Field("reason"),)),
        Transition("reopen", ("resolved", "dismissed", "repaired"), "investigating", HANDLERS, (Field("reason"),)),
        Transition("rate", _OPEN, None, HANDLERS, _RATE, rates=True),
        Transition("seen_again", (*_OPEN, "resolved", "dismissed"), None, frozenset()),
        Transition("escalated", _OPEN, None, frozenset()),
    ),
    clocks=(Clock("answer", ("open",), hours=4), Clock("repair", ("open", "investigating"), hours=16)),
)
"""Something wrong with data: found by a check, repaired by one person, confirmed by another."""

_BROKEN = ("open", "investigating", "repaired", "confirmed")

BROKEN_DATA = CaseType(
    name="broken_data",
    first="open",
    states=(
        State("open"),
        State("investigating"),
        State("repaired"),
        State("confirmed"),
        State("resolved", is_closed=True),
        State("dismissed", is_closed=True),
    ),
    transitions=(
        Transition("take", _BROKEN[:3], "investigating", HANDLERS, assigns=True),
        Transition("note", (*_BROKEN, "resolved", "dismissed"), None, READERS, (Field("text"),)),
        Transition("repair", ("investigating",), "repaired", HANDLERS, (Field("cause", choices=CAUSES), Field("done"))),
        Transition("confirm", ("repaired",), "confirmed", HANDLERS, four_eyes_with="repair"),
        Transition("dismiss", ("open", "investigating"), "dismissed", STEWARDS, (Field("reason"),)),
        Transition("rate", _BROKEN, None, HANDLERS, _RATE, rates=True),
        Transition("rated_anew", _BROKEN, None, frozenset(), rates=True),
        Transition("escalated", _BROKEN, None, frozenset()),
        Transition("seen_again", _BROKEN, None, frozenset()),
        Transition("passes_again", _BROKEN, None, frozenset()),
        Transition("fails_again", ("repaired", "confirmed"), "investigating", frozenset()),
        Transition("close", ("confirmed",), "resolved", frozenset()),
    ),
    clocks=(Clock("answer", ("open",), hours=4), Clock("repair", ("open", "investigating"), hours=16)),
)
"""A check of a table fails; it closes by itself once the check passes again and a second person has confirmed it."""
