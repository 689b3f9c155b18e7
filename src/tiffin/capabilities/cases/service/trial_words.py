"""The words of trials as cases."""

from tiffin.runtime.i18n import mark

TRIAL_WORDS = {
    "trial": mark("Trial"),
    "trial_designed": mark("Being designed"),
    "trial_submitted": mark("Waits for approval"),
    "trial_approved": mark("Approved"),
    "trial_running": mark("Running"),
    "trial_ended": mark("Ended, to be judged"),
    "trial_judged": mark("Judged"),
    "trial_withdrawn": mark("Withdrawn"),
    "submit_trial": mark("Ask for approval"),
    "send_trial_back": mark("Send back"),
    "approve_trial": mark("Approve"),
    "start_trial": mark("Start now"),
    "begin_trial": mark("Started on its first day"),
    "stop_trial": mark("Stop"),
    "stop_for_harm": mark("Stopped by itself: a guardrail was broken"),
    "complete_trial": mark("Ended on its last day"),
    "judge_trial": mark("Judge"),
    "withdraw_trial": mark("Withdraw"),
    "judgement": mark("Judgement"),
    "roll_out": mark("Roll it out"),
    "keep_as_it_was": mark("Leave things as they were"),
    "try_again": mark("Try again with another design"),
    "metric": mark("Metric"),
}

TRIAL_CLOCKS = {"trial_approval": mark("The trial is approved"), "trial_judgement": mark("The trial is judged")}
