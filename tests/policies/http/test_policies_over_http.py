"""Policies over HTTP: what is in force, what it decides, each request once under its key."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tiffin.capabilities.access import service as access
from tiffin.capabilities.access.domain.auditing import AuditSearch
from tiffin.capabilities.access.service import auditing, tokens
from tiffin.capabilities.metrics.api import assistants
from tiffin.capabilities.policies.service.drafting_proposing import propose_files
from tiffin.capabilities.policies.service.publishing import publish_draft
from tiffin.kernel.errors import Forbidden
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context

ON = "2026-03-31"
DOORS = (
    ("GET", "/api/policies"),
    ("GET", "/api/policies/own-credit"),
    ("GET", "/api/policies/own-credit/proof"),
    ("GET", "/api/policies/own-credit/export?format=yaml"),
    ("POST", "/api/policies/own-credit/decide"),
    ("POST", "/api/policies/own-credit/explain"),
    ("POST", "/api/policies/own-credit/decide-batch"),
)


def a_case(minutes_late: object, **more: object) -> dict[str, Any]:
    return {"facts": {"minutes_late": minutes_late}, "market": "SA", "city": "riyadh", "on": ON, **more}


def decided(client: TestClient, cases: object, **headers: str) -> Any:
    body = cases if isinstance(cases, str) else json.dumps(cases)
    return client.post("/api/policies/own-credit/decide-batch", content=body, headers=headers)


def publish_today(root: Path, text: str) -> None:
    """Propose a version as one steward and publish it as another."""
    today = datetime.now(UTC).date()
    with open_context(root) as context:
        access.add_account(context, "second")
        access.grant(context, "second", Role.STEWARD, countries=["*"], cities=["*"], terms=access.Terms("tests"))
        draft = propose_files(context, "own-credit", {f"{today}.yaml": text})
    with open_context(root, user="second") as context:
        publish_draft(context, draft.draft_id)


def test_a_case_is_decided_with_row_reason_evidence_and_the_version_in_force(client: TestClient) -> None:
    asked = a_case(32, evidence={"minutes_late": "order:7"})

    found = client.post("/api/policies/own-credit/decide", json=asked).json()

    shown = client.get(f"/api/policies/own-credit?on={ON}").json()
    assert found == {
        "policy": "own-credit",
        "outcome": "decided",
        "row": "credit.some",
        "rows": ["credit.some"],
        "outputs": {"amount_minor": 500},
        "reason": "32 minutes late",
        "evidence": {"minutes_late": "order:7"},
        "version": shown["version"],
        "on": ON,
    }
    assert [one["name"] for one in shown["inputs"]] == ["minutes_late"]


def test_a_case_is_decided_by_what_was_published_by_a_moment(client: TestClient, root: Path) -> None:
    before = datetime.now(UTC)
    text = (root / "policies" / "own-credit" / "2026-01-01.yaml").read_text(encoding="utf-8")
    publish_today(root, text.replace("amount_minor: 500", "amount_minor: 800").replace("[15..300]", ">= 15"))

    def amount(**more: object) -> object:
        asked = a_case(32, on=datetime.now(UTC).date().isoformat(), **more)
        single = client.post("/api/policies/own-credit/decide", json=asked).json()["outputs"]
        (among,) = decided(client, [asked]).json()["answers"]
        assert among["outputs"] == single
        return single["amount_minor"]

    assert (amount(), amount(known_at=before.isoformat())) == (800, 500)


def test_a_gap_is_told_and_is_no_empty_answer(client: TestClient) -> None:
    found = client.post("/api/policies/own-credit/decide", json=a_case(301)).json()

    assert (found["outcome"], found["row"], found["outputs"]) == ("gap", None, {"amount_minor": None})
    assert found["reason"]


@pytest.mark.parametrize(
    ("asked", "status", "names"),
    [
        (a_case("late"), 422, "minutes_late"),
        (a_case(None), 422, "minutes_late"),
        ({**a_case(3), "facts": {"minute": 3}}, 422, "minute"),
        ({**a_case(3), "on": "2025-12-31"}, 404, "own-credit"),
        ({"on": ON}, 400, "facts"),
    ],
)
def test_what_cannot_be_decided_is_told_by_name(client: TestClient, asked: object, status: int, names: str) -> None:
    answer = client.post("/api/policies/own-credit/decide", json=asked)

    assert answer.status_code == status
    assert names in answer.json()["detail"]


def test_the_reason_is_in_the_readers_language(client: TestClient) -> None:
    client.cookies.set("tiffin_locale", "ar")

    found = client.post("/api/policies/own-credit/decide", json=a_case(32)).json()

    assert found["reason"].startswith("متأخر")


def test_a_proof_tells_the_gap_by_a_case(client: TestClient) -> None:
    found = client.get(f"/api/policies/own-credit/proof?on={ON}").json()

    assert not found["holds"]
    (gap,) = found["findings"]
    assert (
        client.post("/api/policies/own-credit/decide", json=a_case(gap["case"]["minutes_late"])).json()["outcome"]
        == "gap"
    )


def test_an_explanation_tells_every_row_and_what_would_have_led_elsewhere(client: TestClient) -> None:
    found = client.post("/api/policies/own-credit/explain", json=a_case(32)).json()

    assert [(one["row"], one["standing"], one["failed_by"]) for one in found["table"]] == [
        ("credit.none", "fails", "minutes_late"),
        ("credit.some", "decides", None),
    ]
    assert {"amount_minor": 0} in [one["outputs"] for one in found["otherwise"]]


@pytest.mark.parametrize("form", ["object", "array", "lines"])
def test_many_cases_are_answered_each_in_its_place_and_a_faulty_one_loses_no_other(
    client: TestClient, form: str
) -> None:
    cases = [a_case(3, id="a"), a_case("late", id="b"), a_case(32), {"facts": 1}, {**a_case(1), "on": "2025-01-01"}]
    body = {
        "object": json.dumps({"cases": cases}),
        "array": json.dumps(cases),
        "lines": "\n".join(map(json.dumps, cases)),
    }

    found = decided(client, body[form]).json()

    assert found["policy"] == "own-credit"
    told = [(one["number"], one.get("id"), one.get("row"), "error" in one) for one in found["answers"]]
    assert told == [
        (0, "a", "credit.none", False),
        (1, "b", None, True),
        (2, None, "credit.some", False),
        (3, None, None, True),
        (4, None, None, True),
    ]


def test_a_line_that_is_no_json_loses_no_other(client: TestClient) -> None:
    body = f"{json.dumps(a_case(3))}\n{{nothing\n{json.dumps(a_case(32))}\n"

    answer = decided(client, body, Accept="application/x-ndjson")

    assert answer.headers["content-type"].startswith("application/x-ndjson")
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [one.get("row") for one in found] == ["credit.none", None, "credit.some"]
    assert "JSON" in found[1]["error"]


def test_thousands_of_cases_are_one_whole_document(client: TestClient) -> None:
    found = decided(client, [a_case(number % 600) for number in range(2500)]).json()["answers"]

    assert [one["number"] for one in found] == list(range(2500))
    one_by_one = client.post("/api/policies/own-credit/decide", json=a_case(2499 % 600)).json()
    assert found[-1]["outputs"] == one_by_one["outputs"]


@pytest.mark.parametrize(("body", "status"), [("[]", 422), ("", 422), ("[" * 100_000, 200), ("1", 200)])
def test_a_body_without_cases_breaks_nothing(client: TestClient, body: str, status: int) -> None:
    answer = decided(client, body)

    assert answer.status_code == status
    assert status != 200 or all("error" in one for one in answer.json()["answers"])


def test_more_cases_than_a_request_may_have_are_refused(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tiffin.capabilities.policies.service.answering.MAX_CASES", 2)

    assert decided(client, [a_case(1)] * 3).status_code == 422


def test_the_same_request_under_its_key_is_answered_from_what_was_kept(client: TestClient, root: Path) -> None:
    first = decided(client, [a_case(32)], **{"Idempotency-Key": "batch-0001"})
    file = root / "policies" / "own-credit" / "2026-01-01.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("500", "900"), encoding="utf-8")

    again = decided(client, [a_case(32)], **{"Idempotency-Key": "batch-0001"})

    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    assert "Idempotency-Replayed" not in first.headers
    anew = decided(client, [a_case(32)], **{"Idempotency-Key": "batch-0002"}).json()
    assert anew["answers"][0]["outputs"] == {"amount_minor": 900}


def test_a_key_stands_for_one_request_and_one_sender_alone(client: TestClient) -> None:
    def once(minutes: int, policy: str = "own-credit") -> int:
        headers = {"Idempotency-Key": "order-0007"}
        return client.post(f"/api/policies/{policy}/decide", json=a_case(minutes), headers=headers).status_code

    assert (once(32), once(32), once(33)) == (200, 200, 409)


def test_what_was_refused_may_be_sent_again_under_its_key(client: TestClient) -> None:
    def once(asked: object) -> int:
        headers = {"Idempotency-Key": "order-0008"}
        return client.post("/api/policies/own-credit/decide", json=asked, headers=headers).status_code

    assert (once(a_case("late")), once(a_case(32))) == (422, 200)


def test_a_key_is_free_again_after_the_time_that_answers_are_kept(client: TestClient, root: Path) -> None:
    with open_context(root) as context:
        client.headers["Authorization"] = f"Bearer {tokens.make_token(context, 'script', days=30)[0]}"

    def at(moment: datetime, minutes: int) -> int:
        console = client.app.state.console  # type: ignore[attr-defined]
        client.app.state.console = type(console)(console.workspace, console.is_simulated, clock=lambda: moment)  # type: ignore[attr-defined]
        status: int = decided(client, [a_case(minutes)], **{"Idempotency-Key": "batch-0003"}).status_code
        return status

    now = datetime.now(UTC)

    assert (at(now, 32), at(now + timedelta(hours=23), 33), at(now + timedelta(hours=25), 33)) == (200, 409, 200)


@pytest.mark.parametrize(("method", "address"), DOORS)
def test_nothing_opens_without_a_grant_or_a_sign_in(browser: Any, method: str, address: str) -> None:
    stranger = browser("nobody-yet")
    body = None if method == "GET" else a_case(3)

    assert stranger.request(method, address, json=body).status_code == 403
    stranger.cookies.clear()
    assert stranger.request(method, address, json=body).status_code in (401, 403)


@pytest.mark.parametrize("tool", ["list_policies", "decide_policy", "explain_decision"])
def test_no_tool_of_assistants_answers_without_a_grant(browser: Any, root: Path, tool: str) -> None:
    browser("nobody-yet")
    arguments = {} if tool == "list_policies" else {"policy": "own-credit", **a_case(3)}

    with pytest.raises(Forbidden):
        assistants.called(lambda: open_context(root, user="nobody-yet"), tool, arguments)


def test_what_is_decided_over_http_is_on_the_trail(client: TestClient, root: Path) -> None:
    decided(client, [a_case(3), a_case("late")])

    with open_context(root) as context:
        (entry,) = auditing.search_audit(context, AuditSearch(action="policy_decided"))
    assert (entry.subject, entry.details["cases"], entry.details["refused"]) == ("own-credit", 1, 1)


def test_the_documentation_shows_an_example_of_each_request(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]

    for name in ("decide", "explain", "decide-batch"):
        told = paths[f"/api/policies/{{policy}}/{name}"]["post"]
        assert "example" in json.dumps(told["requestBody"])
        assert "example" in json.dumps(told["responses"]["200"])


def test_assistants_decide_and_explain_as_everybody_does(root: Path, client: TestClient) -> None:
    def asked(tool: str, **arguments: object) -> dict[str, Any]:
        return assistants.called(lambda: open_context(root), tool, arguments)

    found = asked("decide_policy", policy="own-credit", **a_case(32))

    assert found == client.post("/api/policies/own-credit/decide", json=a_case(32)).json()
    assert asked("explain_decision", policy="own-credit", **a_case(32))["row"] == "credit.some"
    assert "own-credit" in [one["name"] for one in asked("list_policies")["policies"]]
