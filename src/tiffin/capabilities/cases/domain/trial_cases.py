"""Cases of trials: proposed, agreed to by a second person, run, ended, and judged by whoever has to decide."""

from tiffin.engines.cases.declaration import CaseType, Clock, Field, State, Transition

TRIERS = frozenset({"analyst", "city_manager", "steward"})
AGREERS = frozenset({"city_manager", "steward"})
JUDGEMENTS = ("roll_out", "keep_as_it_was", "try_again")

_PLATFORM: frozenset[str] = frozenset()
_BEFORE = ("trial_designed", "trial_submitted", "trial_approved")
_OPEN = (*_BEFORE, "trial_running", "trial_ended")

TRIAL = CaseType(
    name="trial",
    first="trial_designed",
    states=(
        State("trial_designed"),
        State("trial_submitted"),
        State("trial_approved"),
        State("trial_running"),
        State("trial_ended"),
        State("trial_judged", is_closed=True),
        State("trial_withdrawn", is_closed=True),
    ),
    transitions=(
        Transition("submit_trial", ("trial_designed",), "trial_submitted", TRIERS),
        Transition("send_trial_back", ("trial_submitted",), "trial_designed", AGREERS, (Field("reason"),)),
        Transition(
            "approve_trial", ("trial_submitted",), "trial_approved", AGREERS, four_eyes_with="submit_trial",
        ),
        Transition("start_trial", ("trial_approved",), "trial_running", TRIERS),
        Transition("begin_trial", ("trial_approved",), "trial_running", _PLATFORM),
        Transition("stop_trial", ("trial_running",), "trial_ended", TRIERS, (Field("reason"),)),
        Transition("stop_for_harm", ("trial_running",), "trial_ended", _PLATFORM, (Field("metric"), Field("reason"))),
        Transition("complete_trial", ("trial_running",), "trial_ended", _PLATFORM),
        Transition(
            "judge_trial", ("trial_ended",), "trial_judged", AGREERS,
            (Field("judgement", choices=JUDGEMENTS), Field("reason")),
        ),
        Transition("withdraw_trial", _BEFORE, "trial_withdrawn", TRIERS, (Field("reason"),)),
        Transition("note", _OPEN, None, TRIERS, (Field("text"),)),
    ),
    clocks=(
        Clock("trial_approval", ("trial_submitted",), hours=40),
        Clock("trial_judgement", ("trial_ended",), hours=40),
    ),
    reserved=frozenset({"roll_out"}),
)  # fmt: skip
"""One trial of one intervention. Whoever submitted it does not approve it; only people judge it."""
