"""Cases of somebody who stayed silent about a breaking version of a contract."""

from tiffin.engines.cases.declaration import CaseType, Clock, State, Transition

CONTRACT_SILENCE = CaseType(
    name="contract_silence",
    first="open",
    states=(State("open"), State("resolved", is_closed=True), State("withdrawn", is_closed=True)),
    transitions=(
        Transition("settle", ("open",), "resolved", frozenset()),
        Transition("lapse", ("open",), "withdrawn", frozenset()),
        Transition("seen_again", ("open",), None, frozenset()),
    ),
    clocks=(Clock("decision", ("open",), hours=16),),
)
"""Somebody stayed silent about a breaking version of a contract; a steward answers for him, which closes it."""
