"""The words of disputes between customer, merchant and rider."""

from tiffin.runtime.i18n import mark

DISPUTE_WORDS = {
    "dispute": mark("Dispute"),
    "talking": mark("The parties talk"),
    "with_person": mark("Waits for a person"),
    "settled": mark("Settled"),
    "dispute_decided": mark("Decided by a person"),
    "dropped": mark("Dropped"),
    "say": mark("Said"),
    "propose": mark("Propose a settlement"),
    "accept": mark("Accept the proposal"),
    "settle_dispute": mark("Settled"),
    "reject": mark("Reject the proposal"),
    "proposal_lapsed": mark("Nobody answered the proposal in time"),
    "ask_person": mark("Ask for a person"),
    "talks_ended": mark("The time to talk ran out"),
    "decide_dispute": mark("Decide"),
    "drop": mark("Drop the dispute"),
    "customer_gets_minor": mark("The customer gets"),
    "merchant_pays_minor": mark("The merchant pays"),
    "rider_pays_minor": mark("The rider pays"),
}

DISPUTE_CLOCKS = {
    "proposal": mark("The proposal is answered"),
    "talks": mark("The parties agree"),
}
