"""The words of roll-outs as cases."""

from tiffin.runtime.i18n import mark

ROLL_OUT_WORDS = {
    "remedy_roll_out": mark("Roll-out"),
    "roll_out_drafted": mark("Being laid out"),
    "roll_out_submitted": mark("Waits for a second person"),
    "roll_out_agreed": mark("Agreed, not begun"),
    "wave_running": mark("A wave runs"),
    "gate_passed": mark("Its gate let it go on"),
    "gate_overdue": mark("Its gate said nothing in time"),
    "roll_out_halted": mark("Halted: a wave went back by itself"),
    "roll_out_done": mark("Done everywhere"),
    "roll_out_stopped": mark("Stopped where it was"),
    "roll_out_taken_back": mark("Taken back everywhere"),
    "roll_out_withdrawn": mark("Withdrawn before it began"),
    "submit_roll_out": mark("Ask a second person to agree"),
    "send_roll_out_back": mark("Send the plan back"),
    "approve_roll_out": mark("Agree to the plan"),
    "start_wave": mark("Begin the next wave"),
    "begin_wave": mark("The next wave began by itself"),
    "pass_gate": mark("The gate let it go on"),
    "stop_wave_for_harm": mark("The gate stopped it, and the wave's cities went back"),
    "gate_runs_late": mark("The gate said nothing in time"),
    "let_go_on": mark("Let it go on all the same"),
    "complete_roll_out": mark("The last gate let it go on"),
    "stop_roll_out": mark("Stop here: the running wave goes back, earlier waves stay"),
    "take_back": mark("Take it back everywhere"),
    "withdraw_roll_out": mark("Withdraw the plan"),
    "change_city": mark("Change one city"),
    "city": mark("City"),
    "to": mark("From now on"),
    "city_on": mark("On"),
    "city_held": mark("Held: off for a while"),
    "city_back": mark("Back as it was"),
    "city_waiting": mark("Waits for its wave"),
    "roll_out_attention": mark("A roll-out wants a person"),
    "attention_wanted": mark("Wants somebody to look"),
    "attention_given": mark("Looked into"),
    "give_attention": mark("Say what was found and done"),
}

ROLL_OUT_CLOCKS = {
    "roll_out_approval": mark("The roll-out is agreed to"),
    "gate_decision": mark("A person decides how the roll-out goes on"),
}
