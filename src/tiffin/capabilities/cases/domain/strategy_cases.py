"""Cases of strategies: proposed, agreed to by a second person, tried, kept or dropped, rolled out, closed."""

from tiffin.engines.cases.declaration import CaseType, Clock, Field, State, Transition

STRATEGISTS = frozenset({"analyst", "city_manager", "steward"})
STRATEGY_AGREERS = frozenset({"city_manager", "steward"})

_NOT_TRIED = ("strategy_drafted", "strategy_proposed", "strategy_agreed")
_OPEN = (*_NOT_TRIED, "strategy_on_trial", "strategy_kept", "strategy_rolled_out")

STRATEGY = CaseType(
    name="strategy",
    first="strategy_drafted",
    states=(
        State("strategy_drafted"),
        State("strategy_proposed"),
        State("strategy_agreed"),
        State("strategy_on_trial"),
        State("strategy_kept"),
        State("strategy_rolled_out"),
        State("strategy_closed", is_closed=True),
        State("strategy_dropped", is_closed=True),
    ),
    transitions=(
        Transition("propose_strategy", ("strategy_drafted",), "strategy_proposed", STRATEGISTS),
        Transition(
            "send_strategy_back", ("strategy_proposed",), "strategy_drafted", STRATEGY_AGREERS, (Field("reason"),),
        ),
        Transition(
            "agree_strategy", ("strategy_proposed",), "strategy_agreed", STRATEGY_AGREERS,
            four_eyes_with="propose_strategy",
        ),
        Transition("try_strategy", ("strategy_agreed",), "strategy_on_trial", STRATEGISTS, (Field("trial"),)),
        Transition("keep_strategy", ("strategy_on_trial",), "strategy_kept", STRATEGY_AGREERS, (Field("reason"),)),
        Transition(
            "roll_strategy_out", ("strategy_kept",), "strategy_rolled_out", STRATEGY_AGREERS, (Field("reason"),),
        ),
        Transition(
            "close_strategy", ("strategy_kept", "strategy_rolled_out"), "strategy_closed", STRATEGY_AGREERS,
            (Field("outcome"),),
        ),
        Transition(
            "drop_strategy", (*_NOT_TRIED, "strategy_on_trial", "strategy_kept"), "strategy_dropped",
            STRATEGY_AGREERS, (Field("reason"),),
        ),
        Transition("note", _OPEN, None, STRATEGISTS, (Field("text"),)),
    ),
    clocks=(
        Clock("strategy_agreement", ("strategy_proposed",), hours=16),
        Clock("strategy_start", ("strategy_agreed",), hours=80),
        Clock("strategy_verdict", ("strategy_on_trial",), in_business_hours=False, days=42),
    ),
)  # fmt: skip
"""One answer to one miss. Whoever proposed it last does not agree to it; it is kept only after a trial."""
