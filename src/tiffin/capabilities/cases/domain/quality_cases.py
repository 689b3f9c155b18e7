"""Cases of the quality of judgement: judged again by people who do not know what was decided, nor by whom."""

from tiffin.engines.cases.declaration import CaseType, Clock, State, Transition

JUDGES = frozenset({"adjudicator", "reviewer", "experience_manager"})
_PLATFORM: frozenset[str] = frozenset()

INSPECTION = CaseType(
    name="inspection",
    first="second_judgement",
    states=(
        State("second_judgement"),
        State("compared"),
        State("third_judgement"),
        State("same_answer", is_closed=True),
        State("settled_by_third", is_closed=True),
    ),
    transitions=(
        Transition("take_look", ("second_judgement",), None, JUDGES, assigns=True, is_independent=True),
        Transition("take_third", ("third_judgement",), None, JUDGES, assigns=True, is_independent=True),
        Transition("judge_again", ("second_judgement",), "compared", JUDGES, excludes=True, is_independent=True),
        Transition("same_as_known", ("compared",), "same_answer", _PLATFORM),
        Transition("otherwise", ("compared",), "third_judgement", _PLATFORM),
        Transition("judge_third", ("third_judgement",), "settled_by_third", JUDGES, is_independent=True),
    ),
    clocks=(Clock("look", ("second_judgement", "third_judgement"), hours=40),),
    reserved=frozenset({"suspend"}),
)
"""A verdict drawn by chance, or a case whose answer is known, is judged by somebody who sees the facts alone.

Where his answer differs, a third person settles it. The answers stand apart, so that whoever settles it reads none of
them in the trail. Nothing here changes a verdict.
"""
