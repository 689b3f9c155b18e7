"""Masks are changed by people: stricter at once, looser with a second person, and at every door from then on."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.access.domain.accounts import Limits
from tiffin.capabilities.access.domain.masks import ChangeState, RuleKey
from tiffin.capabilities.access.service import masks as service
from tiffin.capabilities.access.service.mask_examples import EXAMPLES, masked_examples
from tiffin.capabilities.access.service.mask_words import SHIPPED_REASONS
from tiffin.capabilities.access.service.rules import stated_masks
from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.scorecards.service.outbox import list_outbox, post
from tiffin.cli.composition import compose
from tiffin.engines.metrics.protection.masking import DIGITS
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, NotFound
from tiffin.kernel.masks import Mask, MaskKind, Shape
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.mask_key import mask_key
from tiffin.runtime.workspace import Workspace

Acting = Callable[..., AbstractContextManager[Context]]
Granted = Callable[..., str]

PEOPLE = Classification.PERSONAL
MANAGER = RuleKey(Role.CITY_MANAGER, PEOPLE, Shape.TEXT)
ANALYST = RuleKey(Role.ANALYST, PEOPLE, Shape.TEXT)
PLACES = RuleKey(Role.ANALYST, PEOPLE, Shape.PLACE)
BY_RIDER = MetricRequest(("orders",), ("rider_id",))
LAST = {f"…{number:04}" for number in range(5)}
NOW = datetime(2026, 2, 20, 10, 0, tzinfo=UTC)
WHY = "Agreed with the privacy office"
HEADERS = {"origin": "http://localhost"}


def let_in(context: Context) -> None:
    """Two stewards, a privacy officer and an analyst of all countries, and one who is told people masked."""
    roles = {"sara": Role.STEWARD, "omar": Role.STEWARD, "pia": Role.PRIVACY_OFFICER, "nils": Role.ANALYST}
    for name, role in roles.items():
        access.add_account(context, name)
        access.grant(context, name, role, countries=["*"], terms=access.Terms("tests"))
    access.add_account(context, "mona")
    limits = Limits(opens=("none",), masked=("personal",))
    access.grant(context, "mona", Role.ANALYST, countries=["*"], limits=limits, terms=access.Terms("tests"))


@pytest.fixture
def people(acting: Acting) -> None:
    with acting() as context:
        let_in(context)


@pytest.fixture
def people_today(acting: Acting) -> None:
    with acting(now=None) as context:
        let_in(context)


@pytest.fixture
def browser(workspace: Workspace) -> Iterator[Callable[[str], TestClient]]:
    """Sign somebody in; the same console serves one after the other."""
    with TestClient(create_app(workspace), base_url="http://localhost") as client:

        def signed_in(name: str) -> TestClient:
            with open_context(workspace.root) as context:
                link = access.make_sign_in_link(context, name)
            client.cookies.clear()
            client.get(f"/sign-in/{link}")
            return client

        yield signed_in


def told(acting: Acting, name: str) -> set[str]:
    with acting(user=name) as context:
        return {row[0] for row in metrics.query(context, BY_RIDER).rows}


def sent(acting: Acting, name: str) -> int:
    with acting(user=name) as context:
        return len(list_outbox(context))


def masks_of(acting: Acting, key: RuleKey) -> Mask | None:
    with acting() as context:
        return service.mask_rules(context).get((key.role, key.kind), {}).get(key.shape)


def test_a_change_reaches_whoever_is_told_masked_with_his_next_question(
    in_two_cities: Acting, granted: Granted
) -> None:
    manager = granted(role=Role.CITY_MANAGER, masked=("personal",))
    second = granted(role=Role.STEWARD, countries=("*",), opens=None)
    before = told(in_two_cities, manager)
    with in_two_cities() as context:
        stricter = service.propose(context, MANAGER, "hash", reason=WHY)
    coded = told(in_two_cities, manager)
    with in_two_cities() as context:
        looser = service.propose(context, MANAGER, "last_four", reason=WHY)
    waiting = told(in_two_cities, manager)
    with in_two_cities(user=second) as context:
        service.decide(context, looser.number, agrees=True)
    after = told(in_two_cities, manager)
    new = told(in_two_cities, granted(role=Role.CITY_MANAGER, masked=("personal",)))

    assert (stricter.state, looser.state) == (ChangeState.SETTLED, ChangeState.WAITING)
    assert before == after == new == LAST
    assert not coded & LAST
    assert waiting == coded


def test_what_is_closed_is_told_no_more_and_again_after_it_was_undone(in_two_cities: Acting, granted: Granted) -> None:
    analyst = granted(masked=("personal",))
    second = granted(role=Role.STEWARD, countries=("*",), opens=None)
    codes = told(in_two_cities, analyst)
    with in_two_cities() as context:
        closed = service.propose(context, ANALYST, "closed", reason=WHY)
    with pytest.raises(Forbidden):
        told(in_two_cities, analyst)
    with in_two_cities() as context:
        former = closed.former.text if closed.former else ""
        back = service.propose(context, ANALYST, former, reason=WHY)
    with in_two_cities(user=second) as context:
        service.decide(context, back.number, agrees=True)

    assert told(in_two_cities, analyst) == codes


def test_a_running_console_goes_by_the_new_mask_at_the_next_request(two_cities: Workspace) -> None:
    limits = Limits(masked=("personal",))
    with open_context(two_cities.root) as context:
        access.add_account(context, "lina")
        access.grant(context, "lina", Role.VIEWER, countries=["SA"], limits=limits, terms=access.Terms("tests"))
        link = access.make_sign_in_link(context, "lina")
    with TestClient(create_app(two_cities), base_url="http://localhost") as client:
        client.get(f"/sign-in/{link}")
        before = client.get("/api/metrics/query?metrics=orders&by=rider_id")
        with open_context(two_cities.root) as context:
            service.propose(context, RuleKey(Role.VIEWER, PEOPLE, Shape.TEXT), "closed", reason=WHY)
        after = client.get("/api/metrics/query?metrics=orders&by=rider_id")

    assert (before.status_code, len(before.json()["rows"])) == (200, 5)
    assert after.status_code == 403


@pytest.mark.usefixtures("people")
def test_a_looser_mask_needs_a_second_person_of_the_right_role(acting: Acting) -> None:
    with acting(user="sara") as context:
        asked = service.propose(context, ANALYST, "last_four", reason=WHY)
        with pytest.raises(Forbidden):
            service.decide(context, asked.number, agrees=True)
        with pytest.raises(Conflict):
            service.propose(context, ANALYST, "last_four", reason=WHY)
    with acting(user="nils") as context, pytest.raises(Forbidden):
        service.decide(context, asked.number, agrees=True)
    held = masks_of(acting, ANALYST)
    with acting(user="pia") as context:
        agreed = service.decide(context, asked.number, agrees=True)
        with pytest.raises(Conflict):
            service.decide(context, asked.number, agrees=False)

    assert held == Mask(MaskKind.HASH)
    assert (agreed.state, agreed.decided_by) == (ChangeState.SETTLED, "pia")
    assert masks_of(acting, ANALYST) == Mask(MaskKind.LAST_FOUR)


@pytest.mark.usefixtures("people")
def test_a_stricter_mask_overtakes_a_looser_one_that_waits(acting: Acting) -> None:
    with acting(user="sara") as context:
        asked = service.propose(context, PLACES, "coarse:200", reason=WHY)
    with acting(user="omar") as context:
        service.propose(context, PLACES, "coarse:10", reason=WHY)
        with pytest.raises(Conflict):
            service.decide(context, asked.number, agrees=True)

    assert masks_of(acting, PLACES) == Mask(MaskKind.COARSE, 10)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("who", "state"), [("omar", ChangeState.DECLINED), ("sara", ChangeState.WITHDRAWN)])
def test_what_is_not_agreed_to_changes_nothing(acting: Acting, who: str, state: ChangeState) -> None:
    before = masks_of(acting, PLACES)
    with acting(user="sara") as context:
        asked = service.propose(context, PLACES, "coarse:200", reason=WHY)
    with acting(user=who) as context:
        assert service.decide(context, asked.number, agrees=False).state is state

    assert masks_of(acting, PLACES) == before


@pytest.mark.usefixtures("people")
def test_a_grant_that_shows_less_of_old_keeps_it_until_two_people_agree(acting: Acting, workspace: Workspace) -> None:
    path = workspace.root / "access" / "masks.yaml"
    path.parent.mkdir(exist_ok=True)
    entry = "{role: analyst, class: personal, from: 2026-01-01, source: test, text: last_four, place: 0.01}"
    path.write_text(f"masks:\n  - {entry}\n", encoding="utf-8")
    with acting(user="sara") as context:
        finer = service.propose(context, PLACES, "coarse:50", reason=WHY)
    with acting(user="mona") as context:
        held = {(shape, mask.text) for _, shape, mask in context.actor.grants[0].masks}

    assert finer.state is ChangeState.SETTLED
    assert held == {(Shape.TEXT, "hash"), (Shape.PLACE, "coarse:50"), (Shape.TIME, "month")}
    assert masks_of(acting, ANALYST) == Mask(MaskKind.LAST_FOUR)


@pytest.mark.usefixtures("people")
def test_what_was_sent_before_is_closed_to_whoever_is_told_masked(acting: Acting) -> None:
    earlier = NOW - timedelta(minutes=1)
    with acting(now=earlier) as context:
        for name in ("mona", "nils"):
            post(context, key="d", recipient=name, kind="dashboard", subject="Cities", text="one", html="<p>one</p>")
    before = {name: sent(acting, name) for name in ("mona", "nils")}
    with acting(user="sara") as context:
        service.propose(context, PLACES, "coarse:10", reason=WHY)

    assert before == {"mona": 1, "nils": 1}
    assert {name: sent(acting, name) for name in before} == {"mona": 0, "nils": 1}


@pytest.mark.usefixtures("people")
def test_what_does_not_fit_is_refused(acting: Acting) -> None:
    with acting(user="sara") as context:
        ask = partial(service.propose, context)
        for key, mask, why, refusal in (
            (ANALYST, "month", WHY, InvalidData),
            (PLACES, "coarse:5000", WHY, InvalidData),
            (ANALYST, "closed", "so", InvalidData),
            (ANALYST, "hash", WHY, Conflict),
            (RuleKey(Role.STEWARD, PEOPLE, Shape.TEXT), "hash", WHY, Conflict),
            (RuleKey(Role.ANALYST, Classification.PUBLIC, Shape.TEXT), "hash", WHY, Conflict),
        ):
            with pytest.raises(refusal):
                ask(key, mask, reason=why)
        with pytest.raises(NotFound):
            service.decide(context, 404, agrees=True)
    for name in ("mona", "nils", "pia"):
        with acting(user=name) as context, pytest.raises(Forbidden):
            service.propose(context, ANALYST, "closed", reason=WHY)
    with acting(user="nils") as context:
        for look in (service.list_rules, service.list_changes, service.list_masked_columns):
            with pytest.raises(Forbidden):
                look(context)


@pytest.mark.usefixtures("people")
def test_every_act_is_on_the_trail_with_its_reason(acting: Acting) -> None:
    with acting(user="sara") as context:
        service.propose(context, ANALYST, "closed", reason=WHY)
        asked = service.propose(context, ANALYST, "hash", reason=WHY)
        service.decide(context, asked.number, agrees=False)
    with acting() as context:
        found = {name: access.list_audit(context, action=name) for name in ("mask_changed", "looser_mask_asked")}
        kept = access.list_audit(context, action="mask_kept")

    assert [one.details["grants"] for one in found["mask_changed"]] == [1]
    assert all(one.details["reason"] == WHY for listed in found.values() for one in listed)
    assert [one.subject for one in kept] == [ANALYST.text]


def test_examples_are_masked_as_answers_are_and_under_no_key_of_the_workspace(acting: Acting) -> None:
    wanted = [(Shape.TEXT, Mask(MaskKind.LAST_FOUR)), (Shape.TIME, Mask(MaskKind.MONTH))]
    hashed, coarse = (Shape.TEXT, Mask(MaskKind.HASH)), (Shape.PLACE, Mask(MaskKind.COARSE, 20))
    with acting() as context:
        found = masked_examples(context, [*wanted, hashed, coarse])
        mask_key(context)
        again = masked_examples(context, [hashed])

    assert [found[one] for one in wanted] == [f"…{EXAMPLES[Shape.TEXT][-4:]}", EXAMPLES[Shape.TIME][:-2] + "01"]
    assert float(found[coarse]) <= float(EXAMPLES[Shape.PLACE]) < float(found[coarse]) + 1 / 20
    assert found[hashed] == again[hashed]
    assert len(found[hashed]) == DIGITS


def test_every_shipped_reason_has_words(acting: Acting) -> None:
    with acting() as context:
        assert {one.source for one in stated_masks(context).values()} == {*SHIPPED_REASONS}


@pytest.mark.usefixtures("people_today")
def test_the_page_shows_proposes_decides_and_undoes(browser: Callable[[str], TestClient]) -> None:
    form = {"role": "analyst", "class": "personal", "shape": "text", "mask": "last_four", "reason": WHY}
    sara = browser("sara")
    first, empty = sara.get("/access/masks"), sara.get("/access/masks?show=history")
    short = sara.post("/access/masks", data=form | {"reason": "so"}, headers=HEADERS)
    asked = sara.post("/access/masks", data=form, headers=HEADERS)
    own = sara.post("/access/masks/decide", data={"number": 1, "answer": "agree"}, headers=HEADERS)
    pia = browser("pia")
    waits, columns = pia.get("/access/masks"), pia.get("/access/masks?show=columns&q=riders.")
    agreed = pia.post("/access/masks/decide", data={"number": 1, "answer": "agree"}, headers=HEADERS)
    omar = browser("omar")
    undone = omar.post("/access/masks", data=form | {"mask": "hash"}, headers=HEADERS)
    history = omar.get("/access/masks?show=history")
    none = browser("mona").get("/access/masks")

    assert "Accounts: <bdi>1</bdi>" in first.text
    assert "No mask was changed yet." in empty.text
    assert short.status_code == 422
    assert "Take back" in asked.text
    assert own.status_code == 403
    assert "Agree" in waits.text
    assert "riders.rider_id" in columns.text
    assert "orders.rider_id" not in columns.text
    assert "Change <bdi>1</bdi>, by" in agreed.text
    assert "Another mask" not in agreed.text  # a privacy officer decides and does not propose
    assert "Change <bdi>2</bdi>, by" in undone.text
    assert history.text.count("put in force") == 2
    assert none.status_code == 403


@pytest.mark.usefixtures("people_today")
def test_the_commands_list_propose_and_decide(workspace: Workspace) -> None:
    def run(*words: str, user: str = "sara") -> str:
        told = CliRunner().invoke(
            compose(), ["access", "masks", *words, "--workspace", str(workspace.root), "--user", user]
        )
        assert told.exit_code == 0, told.output
        return told.stdout

    asked = run("propose", "analyst", "personal", "text", "last_four", "--reason", WHY, "--json")
    number = str(json.loads(asked)["change"]["number"])
    decided = run("decide", number, user="omar")
    rules = json.loads(run("list", "--json"))["rules"]

    assert json.loads(asked)["change"]["state"] == "waiting"
    assert "put in force" in decided
    assert "a code in its place" in run("list")
    held = [one for one in rules if (one["role"], one["class"], one["shape"]) == ("analyst", "personal", "text")]
    assert [(one["mask"], one["holders"]) for one in held] == [("last_four", ["mona"])]
