"""What was decided is among the facts: once, with what superseded it, what was booked, and what became of appeals."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from tests.liability.appeals.conftest import NOW, Entering, Posting

from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.outcomes import Surroundings, liable_of, verdict_row
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.service.appeal_acting import act
from tiffin.capabilities.liability.service.appeals import lodge
from tiffin.capabilities.liability.service.outcomes import Published, publish_outcomes
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.facts.verdicts import VERDICTS
from tiffin.runtime.actor import Role


def rows(entering: Entering, table: str) -> list[Mapping[str, Any]]:
    with entering("ana", Role.STEWARD) as context:
        return context.warehouse.query_text(f"SELECT * FROM {table}").to_pylist()  # noqa: S608 - a name of ours


def published(entering: Entering, **changes: Any) -> Published:
    with entering("ana", Role.STEWARD, **changes) as context:
        return publish_outcomes(context)


def test_a_verdict_and_its_penalties_are_facts_once(entering: Entering, posted: Posting) -> None:
    verdict = posted(recovery_minor={Party.MERCHANT: 5000}, compensation_minor=6000)
    first, second = published(entering), published(entering)

    assert first == second
    (row,) = rows(entering, "verdicts")
    assert row["verdict_id"] == verdict.verdict_id
    assert (row["compensation_minor"], row["recovered_minor"], row["currency"]) == (6000, 5000, "SAR")
    booked = {(one["party"], one["kind"]): one["amount_minor"] or one["points"] for one in rows(entering, "penalties")}
    assert booked == {("rider", "points"): 4, ("merchant", "money"): 5000, ("customer", "compensation"): 6000}


@pytest.mark.usefixtures("reviewers")
def test_what_an_appeal_overturned_is_taken_back_among_the_facts(
    entering: Entering, as_rider: Entering, posted: Posting
) -> None:
    verdict = posted()
    with as_rider() as context:
        case_id = lodge(context, verdict.verdict_id, "The road was closed.").case_id
        act(context, case_id, "no_more_evidence")
    with entering("rita", Role.REVIEWER, now=NOW + timedelta(hours=1)) as context:
        act(context, case_id, "take_appeal")
        act(context, case_id, "overturn", {"reason": "The record shows the road was closed."})
    published(entering, now=NOW + timedelta(hours=2))

    by_name = {one["verdict_id"]: one for one in rows(entering, "verdicts")}
    assert len(by_name) == 2
    later = by_name[verdict.verdict_id]["superseded_by"]
    assert by_name[later]["supersedes"] == verdict.verdict_id
    assert by_name[later]["decided_by"] == "person"
    assert by_name[later]["decider_id"] not in (None, "rita")
    points = [one["points"] for one in rows(entering, "penalties") if one["party"] == "rider" and one["points"]]
    assert sum(points) == 0
    assert {one["reverses"] is None for one in rows(entering, "penalties") if one["kind"] == "reversal"} == {False}
    (appeal,) = rows(entering, "appeals")
    assert (appeal["outcome"], appeal["instance"], appeal["party"]) == ("overturned", 1, "rider")
    assert appeal["lodged_at"] <= appeal["acknowledged_at"] <= appeal["replied_at"] < appeal["due_at"]


def test_every_type_of_incident_is_known_to_the_facts() -> None:
    assert {one.value for one in IncidentType} <= set(VERDICTS.column("incident").values)


def test_who_bears_more_than_half_answers_and_circumstances_are_nobody(posted: Posting) -> None:
    halves = posted(shares={Party.RIDER: 5000, Party.MERCHANT: 5000})
    rain = posted("o-2", shares={Party.CIRCUMSTANCES: 10_000}, points={})

    assert liable_of(halves) == "shared"
    row = verdict_row(rain, Surroundings())
    assert (row["liable"], row["platform_share"], row["rider_share"]) == ("nobody", 1.0, 0.0)


def test_only_who_may_write_facts_publishes(entering: Entering) -> None:
    with entering("rita", Role.REVIEWER) as context, pytest.raises(Forbidden):
        publish_outcomes(context)
