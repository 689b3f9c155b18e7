"""The words of disputes on their pages: how one stands, and what somebody did in it."""

from collections.abc import Mapping

from tiffin.runtime.i18n import mark

STATES: Mapping[str, str] = {
    "talking": mark("The parties talk"),
    "proposed": mark("A proposal is on the table"),
    "with_person": mark("Waits for a person"),
    "settled": mark("Settled"),
    "dispute_decided": mark("Decided by a person"),
    "dropped": mark("Dropped"),
}
"""How a dispute stands."""

DEEDS: Mapping[str, str] = {
    "propose": mark("proposed a settlement"),
    "accept": mark("accepted the proposal"),
    "reject": mark("rejected the proposal"),
    "ask_person": mark("asked for a person"),
    "decide_dispute": mark("decided it"),
    "drop": mark("dropped the dispute"),
    "settle_dispute": mark("Settled"),
    "proposal_lapsed": mark("Nobody answered the proposal in time"),
    "talks_ended": mark("The time to talk ran out"),
}
"""What somebody did in the thread of a dispute; what is merely said needs no word."""
