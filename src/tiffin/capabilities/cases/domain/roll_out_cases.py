"""Cases of roll-outs: laid out, agreed to by a second person, let go on wave by wave, and taken back."""

from tiffin.engines.cases.declaration import CaseType, Clock, Field, State, Transition

PLANNERS = frozenset({"analyst", "city_manager", "steward"})
AGREERS = frozenset({"city_manager", "steward"})
CITY_STATES = ("city_on", "city_held", "city_back")

_PLATFORM: frozenset[str] = frozenset()
_BEFORE = ("roll_out_drafted", "roll_out_submitted", "roll_out_agreed")
_UNDER_WAY = ("wave_running", "gate_passed", "gate_overdue", "roll_out_halted")
_TOUCHED = (*_UNDER_WAY, "roll_out_done", "roll_out_stopped")

ROLL_OUT = CaseType(
    name="remedy_roll_out",
    first="roll_out_drafted",
    states=(
        State("roll_out_drafted"),
        State("roll_out_submitted"),
        State("roll_out_agreed"),
        State("wave_running"),
        State("gate_passed"),
        State("gate_overdue"),
        State("roll_out_halted"),
        State("roll_out_done", is_closed=True),
        State("roll_out_stopped", is_closed=True),
        State("roll_out_taken_back", is_closed=True),
        State("roll_out_withdrawn", is_closed=True),
    ),
    transitions=(
        Transition("submit_roll_out", ("roll_out_drafted",), "roll_out_submitted", PLANNERS),
        Transition("send_roll_out_back", ("roll_out_submitted",), "roll_out_drafted", AGREERS, (Field("reason"),)),
        Transition(
            "approve_roll_out", ("roll_out_submitted",), "roll_out_agreed", AGREERS, four_eyes_with="submit_roll_out",
        ),
        Transition("start_wave", ("roll_out_agreed", "gate_passed"), "wave_running", AGREERS),
        Transition("begin_wave", ("gate_passed",), "wave_running", _PLATFORM),
        Transition("pass_gate", ("wave_running",), "gate_passed", _PLATFORM),
        Transition("stop_wave_for_harm", ("wave_running",), "roll_out_halted", _PLATFORM,
                   (Field("metric"), Field("reason"))),
        Transition("gate_runs_late", ("wave_running",), "gate_overdue", _PLATFORM),
        Transition("let_go_on", ("gate_overdue",), "gate_passed", AGREERS, (Field("reason"),)),
        Transition("complete_roll_out", ("gate_passed",), "roll_out_done", _PLATFORM),
        Transition("stop_roll_out", ("roll_out_agreed", *_UNDER_WAY), "roll_out_stopped", AGREERS, (Field("reason"),)),
        Transition("take_back", _TOUCHED, "roll_out_taken_back", PLANNERS, (Field("reason"),)),
        Transition("withdraw_roll_out", _BEFORE, "roll_out_withdrawn", PLANNERS, (Field("reason"),)),
        Transition("change_city", _TOUCHED, None, PLANNERS,
                   (Field("city"), Field("to", choices=CITY_STATES), Field("reason"))),
        Transition("note", (*_BEFORE, *_TOUCHED), None, PLANNERS, (Field("text"),)),
    ),
    clocks=(
        Clock("roll_out_approval", ("roll_out_submitted",), hours=40),
        Clock("gate_decision", ("gate_overdue", "roll_out_halted"), hours=16),
    ),
)  # fmt: skip
"""One remedy that goes from city to city. A gate's word alone lets the platform go on; taking back is one act."""

ROLL_OUT_ATTENTION = CaseType(
    name="roll_out_attention",
    first="attention_wanted",
    states=(State("attention_wanted"), State("attention_given", is_closed=True)),
    transitions=(
        Transition("give_attention", ("attention_wanted",), "attention_given", PLANNERS, (Field("text"),)),
        Transition("note", ("attention_wanted",), None, PLANNERS, (Field("text"),)),
        Transition("seen_again", ("attention_wanted", "attention_given"), None, _PLATFORM),
    ),
    clocks=(Clock("answer", ("attention_wanted",), hours=16),),
)
"""Something happened in a roll-out by itself that a person has to look at: cities went back, or a gate runs late."""
