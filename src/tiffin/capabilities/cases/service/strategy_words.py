"""The words of strategies as cases."""

from tiffin.runtime.i18n import mark

STRATEGY_WORDS = {
    "strategy": mark("Strategy"),
    "strategy_drafted": mark("Being written"),
    "strategy_proposed": mark("Proposed, waits for a second person"),
    "strategy_agreed": mark("Agreed, not tried yet"),
    "strategy_on_trial": mark("On trial"),
    "strategy_kept": mark("Kept"),
    "strategy_rolled_out": mark("Rolled out"),
    "strategy_closed": mark("Concluded"),
    "strategy_dropped": mark("Not pursued"),
    "propose_strategy": mark("Propose it"),
    "send_strategy_back": mark("Send back"),
    "agree_strategy": mark("Agree"),
    "try_strategy": mark("Put on trial"),
    "keep_strategy": mark("Keep it"),
    "roll_strategy_out": mark("Say that it is rolled out"),
    "close_strategy": mark("Close it"),
    "drop_strategy": mark("Drop it"),
    "outcome": mark("What came of it"),
}

STRATEGY_CLOCKS = {
    "strategy_agreement": mark("The strategy is agreed to"),
    "strategy_start": mark("The strategy is tried"),
    "strategy_verdict": mark("The strategy is kept or dropped"),
}
