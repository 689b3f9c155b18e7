"""Numbers and texts that few systems send lose no other case, and one case is decided as it is among many."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tiffin.capabilities.policies.service.idempotency import answered_once
from tiffin.kernel.errors import Conflict, Forbidden
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.edge import open_context, open_unit
from tiffin.runtime.workspace import open_workspace

PLAIN = '{"facts": {"minutes_late": 20}, "market": "SA", "on": "2026-03-31"}'
NUMBERS = (
    "1e999999999",
    "-1e999999999",
    "1e99999999999999999999999",
    "1e-99999999999999999999999",
    "1e400",
    "1e-400",
    "300.00000000000000001",
    "14.99999999999999999999",
    "20.0",
    "2e1",
    "NaN",
    "Infinity",
    "123456789012345678901234567890",
)
JSON_TYPE = {"Content-Type": "application/json"}
HALF = r"\ud800"


def test_no_number_of_a_case_loses_another(client: TestClient) -> None:
    numbers = (*NUMBERS, "1" * 5000)
    body = f"[{','.join(PLAIN.replace('20', one, 1) for one in numbers)}, {PLAIN}]"

    answer = client.post("/api/policies/own-credit/decide-batch", content=body)

    assert answer.status_code == 200
    *_, last = answer.json()["answers"]
    assert (last["number"], last["row"]) == (len(numbers), "credit.some")


@pytest.mark.parametrize("door", ["decide", "explain"])
def test_a_number_means_alone_what_it_means_among_many(client: TestClient, door: str) -> None:
    cases = [PLAIN.replace("20", one, 1) for one in NUMBERS]
    answers = client.post("/api/policies/own-credit/decide-batch", content=f"[{','.join(cases)}]").json()["answers"]

    for case, among in zip(cases, answers, strict=True):
        alone = client.post(f"/api/policies/own-credit/{door}", content=case, headers=JSON_TYPE)
        if "error" in among:
            assert (alone.status_code, alone.json()["detail"]) == (422, among["error"])
        else:
            told = {key: alone.json()[key] for key in ("outcome", "row", "reason")}
            assert told == {key: among[key] for key in told}


@pytest.mark.parametrize(
    "case",
    [
        PLAIN.replace("{", f'{{"id": "{HALF}", ', 1),
        PLAIN.replace("20", f'"{HALF}"', 1),
        PLAIN.replace("minutes_late", HALF, 1),
        PLAIN.replace("{", f'{{"{HALF}": 1, ', 1),
        PLAIN.replace("{", f'{{"evidence": {{"minutes_late": "{HALF}"}}, ', 1),
        PLAIN.replace("20", "[" * 500 + "]" * 500, 1),
    ],
)
def test_a_text_that_no_answer_can_hold_is_refused_in_its_place(client: TestClient, case: str) -> None:
    answer = client.post("/api/policies/own-credit/decide-batch", content=f"[{case}, {PLAIN}]")
    alone = client.post("/api/policies/own-credit/decide", content=case, headers={"Content-Type": "application/json"})

    refused, decided = answer.json()["answers"]
    assert "error" in refused
    assert decided["row"] == "credit.some"
    assert alone.status_code in (400, 422)


def test_a_whole_sign_beyond_the_basic_ones_is_a_text(client: TestClient) -> None:
    case = {**json.loads(PLAIN), "evidence": {"minutes_late": "\U0001f35c \u0645\u062a\u0623\u062e\u0631"}}

    (found,) = client.post("/api/policies/own-credit/decide-batch", json=[case]).json()["answers"]

    assert found["evidence"] == case["evidence"]


def test_an_answer_that_was_kept_is_given_in_its_language_alone(root: Path) -> None:
    with open_context(root, locale="en") as context:
        first = answered_once(context, "batch-0001", b"asked", lambda: "late")
        assert answered_once(context, "batch-0001", b"asked", lambda: "anew").text == first.text
    with open_context(root, locale="ar") as context, pytest.raises(Conflict):
        answered_once(context, "batch-0001", b"asked", lambda: "anew")


def test_who_lost_every_grant_is_not_given_what_was_kept(root: Path) -> None:
    workspace, reader = open_workspace(root), Grant(Role.VIEWER, ("*",), ())
    with open_unit(workspace, lambda _: Actor("script", (reader,)), now=datetime.now(UTC)) as context:
        answered_once(context, "batch-0001", b"asked", lambda: "late")
    with (
        open_unit(workspace, lambda _: Actor("script", ()), now=datetime.now(UTC)) as context,
        pytest.raises(Forbidden),
    ):
        answered_once(context, "batch-0001", b"asked", lambda: "anew")
