"""Definitions are drafted by one person, published by another, numbered, locked, and nothing of them is ever lost."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from tiffin.capabilities.metrics.service import authoring, find_metric, publishing, query
from tiffin.capabilities.metrics.service.authoring_texts import (
    form_of,
    published_plain,
    read_text,
    text_from_form,
    text_of,
)
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.metrics.service.trial import check_text, consumers_of, duplicates_of, trial_values
from tiffin.cli.composition import compose
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.drafts import Act, DraftState
from tiffin.kernel.errors import Conflict, FailedCheck, Forbidden, InvalidDefinition, NotFound, WrongUse
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.workspace import Workspace

STEWARD = (Grant(Role.STEWARD, ("*",), ("*",)),)
Entering = Callable[..., AbstractContextManager[Context]]


@pytest.fixture
def as_person(empty: Workspace, metric_yaml: str, now: Any) -> Entering:
    """Enter a workspace with one metric of its own, as a steward unless told otherwise."""
    (empty.root / "metrics" / "own_orders.yaml").write_text(metric_yaml, encoding="utf-8")

    @contextmanager
    def entered(name: str, *, grants: tuple[Grant, ...] = STEWARD, days: int = 0) -> Iterator[Context]:
        moment = now + timedelta(days=days)
        with open_unit(empty, lambda _: Actor(name, grants), now=moment) as context:
            yield context

    return entered


@pytest.fixture
def now() -> Any:
    return datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


def edited(text: str, **changes: Any) -> str:
    """Write a draft's text with some entries changed."""
    found = read_text(text)
    return text_from_form(found.name, form_of(found.plain | changes))


def drafted(as_person: Entering, name: str = "own_orders", **changes: Any) -> int:
    """Draft a change as Amal and submit it."""
    with as_person("amal") as context:
        draft = authoring.begin_draft(context, name)
        authoring.save_draft(context, draft.draft_id, edited(draft.text, **changes))
        authoring.submit_draft(context, draft.draft_id, "please read")
    return draft.draft_id


def published(
    as_person: Entering, name: str = "own_orders", *, days: int = 0, **changes: Any
) -> publishing.Publication:
    """Draft a change as Amal and publish it as Basim."""
    draft_id = drafted(as_person, name, **changes)
    with as_person("basim", days=days) as context:
        return publishing.publish_draft(context, draft_id, "read")


def test_a_published_change_of_the_formula_is_a_new_dated_version_and_keeps_the_former(as_person: Entering) -> None:
    found = published(as_person, where="status <> 'placed'")
    assert (found.version, str(found.since), found.published_by, found.authors) == (2, "2026-03-01", "basim", ("amal",))
    with as_person("amal") as context:
        metric = find_metric(context, "own_orders")
        assert (metric.version.number, metric.formula.where) == (2, "status <> 'placed'")
        assert [(one.number, str(one.since), one.formula.where) for one in metric.earlier] == [
            (1, "2026-01-01", "status = 'delivered'")
        ]
        assert publishing.broken_locks(context) == ()


def test_mended_words_make_no_new_version(as_person: Entering) -> None:
    found = published(as_person, owner="city_operations")
    assert (found.version, str(found.since)) == (1, "2026-01-01")


def test_an_author_cannot_publish_what_he_wrote_on(as_person: Entering) -> None:
    draft_id = drafted(as_person, where="status <> 'placed'")
    with pytest.raises(Forbidden, match="wrote on this draft"), as_person("amal") as context:
        publishing.publish_draft(context, draft_id)
    with as_person("basim") as context:  # Basim writes on it too, and is no second person any more
        text = authoring.find_draft(context, draft_id).text
        authoring.save_draft(context, draft_id, edited(text, where="status in ('delivered', 'returned')"))
        authoring.submit_draft(context, draft_id)
    with pytest.raises(Forbidden, match="wrote on this draft"), as_person("basim") as context:
        publishing.publish_draft(context, draft_id)
    with as_person("carla") as context:
        assert publishing.publish_draft(context, draft_id).authors == ("amal", "basim")


def test_a_text_that_changed_after_its_submission_must_be_submitted_again(as_person: Entering) -> None:
    draft_id = drafted(as_person, where="status <> 'placed'")
    with as_person("amal") as context:
        text = authoring.find_draft(context, draft_id).text
        assert authoring.save_draft(context, draft_id, edited(text, where="true")).state is DraftState.DRAFT
    with pytest.raises(Conflict, match="draft cannot take the act publish"), as_person("basim") as context:
        publishing.publish_draft(context, draft_id)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST, Role.CITY_MANAGER])
def test_only_stewards_of_every_country_write(as_person: Entering, role: Role) -> None:
    with pytest.raises(Forbidden), as_person("vera", grants=(Grant(role, ("*",), ("*",)),)) as context:
        authoring.begin_draft(context, "own_orders")
    local = (Grant(Role.STEWARD, ("SA",), ()),)
    with pytest.raises(Forbidden), as_person("local", grants=local) as context:
        authoring.begin_draft(context, "own_orders")


def test_a_viewer_reads_no_drafts(as_person: Entering) -> None:
    with pytest.raises(Forbidden), as_person("vera", grants=(Grant(Role.VIEWER, ("*",), ("*",)),)) as context:
        authoring.list_drafts(context)


def test_a_draft_is_sent_back_with_what_to_mend(as_person: Entering) -> None:
    draft_id = drafted(as_person, where="status <> 'placed'")
    with pytest.raises(WrongUse), as_person("basim") as context:
        authoring.send_back(context, draft_id, "  ")
    with as_person("basim") as context:
        found = authoring.send_back(context, draft_id, "Returned orders too?")
    assert found.state is DraftState.SENT_BACK
    assert [(one.actor, one.act, one.comment) for one in found.events][-1] == (
        "basim",
        Act.SEND_BACK,
        "Returned orders too?",
    )


def test_a_withdrawn_draft_is_finished(as_person: Entering) -> None:
    draft_id = drafted(as_person)
    with as_person("amal") as context:
        authoring.withdraw_draft(context, draft_id)
        assert authoring.list_drafts(context) == ()
        assert len(authoring.list_drafts(context, everything=True)) == 1
        text = authoring.find_draft(context, draft_id).text
    with pytest.raises(Conflict), as_person("amal") as context:
        authoring.save_draft(context, draft_id, edited(text, owner="other_team"))


def test_one_draft_of_a_metric_is_open_at_a_time(as_person: Entering) -> None:
    drafted(as_person)
    with pytest.raises(Conflict, match="open already"), as_person("basim") as context:
        authoring.begin_draft(context, "own_orders")


def test_what_was_published_meanwhile_is_never_overwritten(as_person: Entering, empty: Workspace) -> None:
    draft_id = drafted(as_person, where="status <> 'placed'", owner="team_a")
    file = empty.root / "metrics" / "own_orders.yaml"
    file.write_text(file.read_text().replace("owner: me", "owner: team_b").replace("level: team", "level: management"))
    with pytest.raises(Conflict, match="Something else was published"), as_person("basim") as context:
        publishing.publish_draft(context, draft_id)
    with as_person("amal") as context:
        draft = authoring.find_draft(context, draft_id)
        assert publishing.has_moved(context, draft)
        found = {item.path: item.is_conflict for item in publishing.differences(context, draft)}
        assert found == {"where": False, "owner": True, "level": False}
        rebased = publishing.rebase(context, draft_id, mine=frozenset({"owner"}))
        plain = read_text(rebased.text).plain
        assert (plain["owner"], plain["level"], plain["where"]) == ("team_a", "management", "status <> 'placed'")
        authoring.submit_draft(context, draft_id)
    with as_person("basim") as context:
        assert publishing.publish_draft(context, draft_id).version == 2


def test_a_failed_unit_of_work_leaves_the_file_as_it_was(as_person: Entering, empty: Workspace) -> None:
    draft_id = drafted(as_person, where="status <> 'placed'")
    file = empty.root / "metrics" / "own_orders.yaml"
    before = file.read_bytes()
    with suppress(RuntimeError), as_person("basim") as context:
        publishing.publish_draft(context, draft_id)
        assert file.read_bytes() != before
        raise RuntimeError
    assert file.read_bytes() == before
    assert list(file.parent.glob(".*.writing")) == []
    with as_person("basim") as context:
        assert publishing.publish_draft(context, draft_id).number == 1


def test_a_changed_text_of_a_published_version_is_reported(as_person: Entering, empty: Workspace) -> None:
    published(as_person, where="status <> 'placed'")
    file = empty.root / "metrics" / "own_orders.yaml"
    file.write_text(file.read_text().replace("status <> 'placed'", "status in ('delivered', 'returned')"))
    with as_person("amal") as context:
        assert "computes something else now" in publishing.broken_locks(context)[0]
    file.unlink()
    with as_person("amal") as context:
        assert "is gone" in publishing.broken_locks(context)[0]


def test_taking_back_publishes_the_former_anew(as_person: Entering) -> None:
    first = published(as_person, where="status <> 'placed'")
    with as_person("carla", days=1) as context:
        found = publishing.take_back(context, first.publication_id, "wrong rows")
        assert (found.version, found.takes_back) == (3, first.publication_id)
        assert find_metric(context, "own_orders").formula.where == "status = 'delivered'"
        assert publishing.broken_locks(context) == ()
        actions = {entry.action for entry in context.session.query(AuditEntry)}
    assert {"metric_draft_saved", "metric_draft_submitted", "metric_published"} <= actions
    with pytest.raises(Conflict, match="published again since"), as_person("carla") as context:
        publishing.take_back(context, first.publication_id)


def test_a_shipped_metric_is_overlaid_and_its_publication_taken_back(as_person: Entering) -> None:
    with as_person("amal") as context:
        shipped = published_plain(context.workspace, "delivered_orders")
    found = published(
        as_person,
        "delivered_orders",
        where="status in ('delivered', 'returned')",
        examples=None,
        example={"rows": {"orders": [{"status": "delivered"}, {"status": "returned"}]}, "gives": 2},
    )
    assert found.version == shipped["version"] + 1
    with as_person("carla") as context:
        publishing.take_back(context, found.publication_id)
        assert find_metric(context, "delivered_orders").formula.where == shipped["where"]


def test_the_first_publication_of_a_new_metric_cannot_be_taken_back(as_person: Entering) -> None:
    words = {
        "en": "Orders of cars.",
        "ar": "طلبات السيارات.",
        "zh_Hans": "汽车订单。",
        "zh_Hant": "汽車訂單。",
        "pt_BR": "Pedidos de carro.",
    }
    example = {"rows": {"orders": [{"vehicle": "car"}, {"vehicle": "van"}]}, "gives": 1}
    found = published(
        as_person,
        "car_orders",
        label=words,
        meaning=words,
        where="vehicle = 'car'",
        owner="fleet_team",
        example=example,
    )
    assert found.version == 1
    with pytest.raises(Conflict, match="Deprecate it instead"), as_person("carla") as context:
        publishing.take_back(context, found.publication_id)


def test_nothing_wrong_is_published(as_person: Entering) -> None:
    wrong_example = {"rows": {"orders": [{"status": "delivered"}]}, "gives": 7}
    draft_id = drafted(as_person, example=wrong_example)
    with pytest.raises(FailedCheck, match="worked example"), as_person("basim") as context:
        publishing.publish_draft(context, draft_id)
    with as_person("amal") as context:
        text = authoring.find_draft(context, draft_id).text
        authoring.save_draft(context, draft_id, edited(text, where="stauts = 'delivered'"))
        authoring.submit_draft(context, draft_id)
    with pytest.raises(FailedCheck, match="Did you mean status"), as_person("basim") as context:
        publishing.publish_draft(context, draft_id)


def test_a_certified_definition_keeps_every_standard(as_person: Entering) -> None:
    draft_id = drafted(as_person, tier="certified")
    with pytest.raises(FailedCheck, match="targets"), as_person("basim") as context:
        publishing.publish_draft(context, draft_id)


def test_a_definition_in_a_file_with_others_is_not_rewritten(as_person: Entering, empty: Workspace) -> None:
    file = empty.root / "metrics" / "own_orders.yaml"
    file.write_text(file.read_text() + "\n" + file.read_text().partition("\n")[2].replace("own_orders", "own_other"))
    draft_id = drafted(as_person, where="status <> 'placed'")
    with pytest.raises(Conflict, match="file of its own"), as_person("basim") as context:
        publishing.publish_draft(context, draft_id)


def test_a_version_cannot_begin_ahead_or_before_the_former(as_person: Entering) -> None:
    for since, said in ((date(2026, 4, 1), "lies ahead"), (date(2025, 1, 1), "cannot begin before")):
        with pytest.raises(WrongUse, match=said):
            drafted(as_person, where="true", since=since)


def test_a_deprecated_metric_names_its_successor(as_person: Entering) -> None:
    with as_person("amal") as context:
        draft = authoring.begin_deprecation(context, "own_orders", successor="delivered_orders")
        plain = read_text(draft.text).plain
    assert (plain["tier"], plain["successor"], plain["version"]) == ("deprecated", "delivered_orders", 1)
    with pytest.raises(NotFound), as_person("amal") as context:
        authoring.begin_deprecation(context, "own_orders", successor="nothing")


@pytest.mark.parametrize("name", ["Orders", "own orders", "1st", "x; drop table"])
def test_a_name_that_is_none_is_refused(as_person: Entering, name: str) -> None:
    with pytest.raises(WrongUse), as_person("amal") as context:
        authoring.begin_draft(context, name)


def test_every_shipped_definition_survives_the_way_through_its_form(as_person: Entering) -> None:
    with as_person("amal") as context:
        names = [name for name, metric in library_of(context.workspace).model.metrics.items() if metric.place]
        for name in names:
            plain = published_plain(context.workspace, name)
            again = read_text(text_from_form(name, form_of(plain))).plain
            kept = {key: value for key, value in plain.items() if key not in ("version", "earlier")}
            assert again == {key: value for key, value in kept.items() if value not in (None, "", [], {})}, name


def test_a_problem_is_told_at_its_field_and_line(as_person: Entering) -> None:
    with as_person("amal") as context:
        text = authoring.begin_draft(context, "own_orders").text
        found = check_text(context, text.replace("status = 'delivered'", "stauts = 'delivered'"))
        assert [(one.field, "Did you mean status" in one.message) for one in found.problems] == [("where", True)]
        assert text.splitlines()[found.problems[0].line - 1].strip().startswith("where:")
        unit = check_text(context, text.replace("unit: orders", "unit: furlongs"))
        assert unit.problems[0].field == "unit"
        assert check_text(context, "metrics: [").problems[0].message.startswith("the draft could not be read")
        assert check_text(context, "sources: {}").problems[0].field == ""


def test_values_stand_old_beside_new_on_the_real_facts(small: Workspace, entering: Any) -> None:
    with entering(small, grants=STEWARD) as context:
        plain = published_plain(context.workspace, "delivered_orders") | {"where": "status = 'cancelled'"}
        checked = check_text(context, text_of("delivered_orders", plain))
        assert checked.problems == ()
        days = trial_values(context, checked)
        asked = query(context, MetricRequest(("delivered_orders", "cancelled_orders"), ("business_date",))).rows
        assert [(one.day, one.old, one.new) for one in days] == [tuple(row) for row in asked]
        assert duplicates_of(context, checked.metric)[0].is_duplicate
        touched = consumers_of(context, "delivered_orders")
    assert "completion_rate" in touched.made_of_it
    assert "ended_orders" in touched.parents
    assert any(name.endswith("daybook.yaml") for name, _ in touched.files)


def test_a_draft_keeps_its_metrics_name(as_person: Entering) -> None:
    with as_person("amal") as context:
        draft = authoring.begin_draft(context, "own_orders")
    with pytest.raises(InvalidDefinition, match="keeps its name"), as_person("amal") as context:
        authoring.save_draft(context, draft.draft_id, draft.text.replace("own_orders", "other_orders"))


def test_the_check_command_fails_on_a_changed_version(as_person: Entering, empty: Workspace) -> None:
    published(as_person, where="status <> 'placed'")
    file = empty.root / "metrics" / "own_orders.yaml"
    file.write_text(file.read_text().replace("<> 'placed'", "= 'returned'"))
    told = CliRunner().invoke(
        compose(), ["metrics", "check", "orders", "--engine", "duckdb", "--workspace", str(empty.root), "--json"]
    )
    assert (told.exit_code, "computes something else now" in told.stdout) == (3, True)


def test_of_two_who_publish_at_once_one_is_refused(as_person: Entering) -> None:
    draft_id = drafted(as_person, where="status <> 'placed'")
    start = threading.Barrier(2)

    def publish(name: str) -> str:
        start.wait()
        try:
            with as_person(name) as context:
                publishing.publish_draft(context, draft_id)
        except Conflict:
            return "refused"
        return "published"

    with ThreadPoolExecutor(2) as people:
        outcomes = sorted(people.map(publish, ("basim", "carla")))
    assert outcomes == ["published", "refused"]
    with as_person("amal") as context:
        assert [one.number for one in publishing.publications(context)] == [1]
        assert find_metric(context, "own_orders").version.number == 2
