"""Appeals and incidents are looked through whole, planted faults are found, and effects are those of the service."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.liability.appeals.conftest import NOW, Entering, Posting

from tiffin.capabilities.cases.domain.appeal_cases import APPEAL
from tiffin.capabilities.liability.domain.appeal_effects import EFFECTS, PENALTY_MOVES, Followed, PenaltyStanding
from tiffin.capabilities.liability.domain.appeal_proof import INVARIANTS, PEOPLE, world_of_appeals
from tiffin.capabilities.liability.domain.incident_proof import INVARIANTS as OF_INCIDENTS
from tiffin.capabilities.liability.domain.incident_proof import world_of_incidents
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.appeals import AppealRecord
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.appeal_effects import PERFORMED
from tiffin.capabilities.liability.service.appeal_records import record_of
from tiffin.capabilities.liability.service.appeals import lodge
from tiffin.engines.cases.declaration import CaseType, Transition
from tiffin.engines.cases.model_checking import prove
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

Change = Callable[[Transition], Transition | None]
NEVER_SUSPENDS = "no machine suspends or varies"
NO_PENALTY = "no penalty acts during an open appeal"
WINS = "whoever wins has the penalty reversed and gets back what it took"
NOT_HIMSELF = "nobody who judged, wrote the rule, lodged or decided before decides an appeal"


def changed(action: str, **changes: object) -> CaseType:
    """Give the appeal with a planted fault in one of its actions."""
    assert any(one.action == action for one in APPEAL.transitions)
    found = [replace(one, **changes) if one.action == action else one for one in APPEAL.transitions]  # type: ignore[arg-type]
    return replace(APPEAL, transitions=tuple(found))


def test_no_penalty_acts_nobody_reviews_himself_and_no_machine_suspends_in_any_reachable_appeal() -> None:
    found = prove(world_of_appeals(), INVARIANTS)

    assert found.is_sound, "\n".join(map(str, (*found.found, *found.stuck)))
    assert found.situations > 100
    assert found.steps > 400


def test_no_incident_is_posted_undecided_or_confirmed_by_its_judge() -> None:
    found = prove(world_of_incidents(), OF_INCIDENTS)

    assert found.is_sound, "\n".join(map(str, (*found.found, *found.stuck)))


@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        (changed("acknowledge", effects=("notify",)), NO_PENALTY),
        (changed("vary", effects=("vary", "notify")), NO_PENALTY),
        (changed("uphold", effects=("lift", "notify")), NO_PENALTY),
        (changed("reply_overdue", effects=("lift", "escalate")), NO_PENALTY),
        (changed("uphold", is_independent=False), NOT_HIMSELF),
        (changed("overturn", is_independent=False), NOT_HIMSELF),
        (changed("vary", excludes=False), NOT_HIMSELF),
        (changed("uphold_second", is_independent=False), NOT_HIMSELF),
        (changed("reply_overdue", effects=("suspend", "escalate")), NEVER_SUSPENDS),
        (changed("vary", roles=frozenset({"platform"})), NEVER_SUSPENDS),
        (changed("uphold", roles=frozenset()), "no machine decides against the party"),
        (changed("reply_overdue", target="final"), "no machine decides against the party"),
        (changed("overturn", effects=("reverse", "notify")), WINS),
        (changed("grant_by_silence", effects=("notify",)), WINS),
        (changed("withdraw_appeal", effects=("notify",)), "no stay outlives its appeal"),
        (changed("become_final", effects=("notify",)), "no stay outlives its appeal"),
        (replace(APPEAL, clocks=APPEAL.clocks[:2]), "every open appeal has a clock that runs, or is marked as overdue"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found_and_told_as_a_way(fault: CaseType, broken: str) -> None:
    found = prove(world_of_appeals(fault), INVARIANTS)

    told = {one.invariant: str(one) for one in found.found}
    assert broken in told
    assert "-> " in told[broken]


def test_an_appeal_that_nobody_may_decide_is_still_closed_by_silence_or_withdrawn() -> None:
    alone = tuple(one for one in PEOPLE if one.name in ("judge", "author", "party"))

    assert prove(world_of_appeals(people=alone), INVARIANTS).is_sound


def test_the_service_performs_exactly_the_effects_that_are_proven() -> None:
    used = {effect for one in APPEAL.transitions for effect in one.effects}

    assert used == EFFECTS == set(PERFORMED)


@pytest.mark.usefixtures("reviewers")
@pytest.mark.parametrize(
    ("effect", "before"),
    [(effect, before) for effect, moves in PENALTY_MOVES.items() for before in moves],
)
def test_what_an_effect_does_in_the_ledger_is_what_the_model_says(
    entering: Entering, as_rider: Entering, posted: Posting, effect: str, before: str
) -> None:
    verdict = posted()
    with as_rider() as context:
        case_id = lodge(context, verdict.verdict_id, "It was the kitchen.").case_id
    with entering("rita", Role.REVIEWER) as context:
        record = record_of(context, case_id)
        if before == PenaltyStanding.ACTING:
            ledger.lift_stay(context, verdict.verdict_id)
        assert standing(context, record) == before

        PERFORMED[effect](context, record, Followed(9, effect, "rita", NOW, {"reason": "Why", "share": "30"}))

        assert standing(context, record) == PENALTY_MOVES[effect][before]


def standing(context: Context, record: AppealRecord) -> str:
    """Read from the ledger where the rider's points stand."""
    found = ledger.balance(context, Party.RIDER, record.party_id, record.city_id).of("points")
    if found.stayed:
        return PenaltyStanding.STAYED
    return PenaltyStanding.ACTING if found.counted else PenaltyStanding.REVERSED
