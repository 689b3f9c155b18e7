"""A version of a contract that breaks somebody takes effect when everybody has agreed, and not before."""

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from sqlalchemy import select

from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.catalog.domain.contracts import Answer
from tiffin.capabilities.catalog.service import contracts, contracts_known, contracts_silence, contracts_versions
from tiffin.capabilities.facts import service as facts
from tiffin.capabilities.scorecards.service.outbox import list_outbox
from tiffin.capabilities.scorecards.service.saving import save_question
from tiffin.engines.contracts.comparing import compare
from tiffin.kernel.errors import Conflict, Forbidden, InvalidDefinition, NotFound, WrongUse
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.contracts import effect
from tiffin.runtime.contracts.form import check_document, import_contract
from tiffin.runtime.contracts.plain_yaml import read_plain
from tiffin.runtime.edge import open_unit
from tiffin.runtime.models import Account, AuditEntry
from tiffin.runtime.workspace import Workspace, create_workspace, open_workspace

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
Entering = Callable[..., AbstractContextManager[Context]]


def enter(workspace: Workspace, name: str, role: Role | None, day: int) -> AbstractContextManager[Context]:
    grants = (Grant(role, ("*",), ("*",)),) if role else ()
    return open_unit(workspace, lambda _: Actor(name, grants), now=NOW + timedelta(days=day))


def entering_of(workspace: Workspace) -> Entering:
    @contextmanager
    def entered(name: str = "ana", role: Role | None = Role.STEWARD, *, day: int = 0) -> Iterator[Context]:
        with enter(workspace, name, role, day) as context:
            yield context

    return entered


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """A workspace that registered nothing yet."""
    return new_workspace(tmp_path / "workspace")


@pytest.fixture
def entering(workspace: Workspace) -> Entering:
    """Enter as somebody, some days after the first."""
    return entering_of(workspace)


def edited(edit: Callable[[dict[str, Any]], object], version: str, table: str = "orders") -> str:
    document = yaml.safe_load(contracts.shipped_text(table))
    document["version"] = version
    edit(document)
    return yaml.safe_dump(document, allow_unicode=True)


def column(document: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in document["schema"][0]["properties"] if one["name"] == name)


def without_delivery(document: dict[str, Any]) -> None:
    document["schema"][0]["properties"].remove(column(document, "delivered_at"))


BREAKING = edited(without_delivery, "3.0.0")
SAFE = edited(lambda document: document.update(tags=["core"]), "2.0.2")


@pytest.fixture(scope="module")
def once_announced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A breaking version that Ana registered and announced; Bo, who reads Arabic, saved a question that it breaks."""
    made = create_workspace(tmp_path_factory.mktemp("contracts") / "workspace")
    entered = entering_of(made)
    with entered("bo", Role.ANALYST) as context:
        row = {"is_owner": False, "created_at": NOW, "password_hash": None, "disabled_at": None}
        context.session.add(Account(name="bo", locale="ar", **row))
        context.session.add(Account(name="cy", locale="en", **row))
        save_question(context, name="Mine", address="metrics=late_share", role=None)
    with entered() as context:
        contracts_versions.register(context, "orders", BREAKING)
        contracts_versions.announce(context, "orders", "3.0.0")
    return made.root


@pytest.fixture
def announced(once_announced: Path, tmp_path: Path) -> Entering:
    """The same, to go on with."""
    shutil.copytree(once_announced, tmp_path / "announced")
    return entering_of(open_workspace(tmp_path / "announced"))


def agree_all(context: Context, *, but: str = "") -> None:
    for one in contracts_known.find_version(context, "orders", "3.0.0").consumers:
        if one.name not in {but, "bo"}:
            contracts_versions.answer(context, "orders", "3.0.0", one.name, Answer.AGREED)


def test_a_breaking_version_is_told_to_everybody_of_whom_something_breaks(announced: Entering) -> None:
    with announced() as context:
        version = contracts_known.find_version(context, "orders", "3.0.0")
        told = {one.name: one for one in version.consumers}
        messages = {one.recipient: one.subject for one in list_outbox(dataclasses.replace(context, actor=ADMIN))}

    assert version.is_breaking
    assert version.notice_ends_at == NOW + timedelta(days=28)
    assert {"bo", "city_operations"} <= set(told)
    assert any(name.startswith("metric:") for name in told["city_operations"].assets)
    assert set(messages) == set(told)
    assert "عقد" in messages["bo"]


ADMIN = Actor("root", (Grant(Role.ADMIN, ("*",), ("*",)),))


def test_it_takes_effect_only_when_everybody_agreed(announced: Entering) -> None:
    with announced("cy") as context:
        agree_all(context)
        with pytest.raises(Conflict, match="bo have not agreed"):
            contracts_versions.put_in_force(context, "orders", "3.0.0")
    with announced("bo", Role.ANALYST) as context:
        contracts_versions.answer(context, "orders", "3.0.0", "bo", Answer.AGREED)
    with announced("cy") as context:
        version = contracts_versions.put_in_force(context, "orders", "3.0.0")
        states = {one.version: one.state for one in contracts_known.list_versions(context, "orders")}
        forced = contracts.contract_in_force(context, "orders")

    assert version.state == "in_force"
    assert states == {"3.0.0": "in_force", TABLES["orders"].version: "replaced"}
    assert forced.version == "3.0.0"


def test_an_objection_holds_it_up_until_it_is_taken_back(announced: Entering) -> None:
    with announced("bo", Role.ANALYST) as context:
        with pytest.raises(WrongUse, match="needs a reason"):
            contracts_versions.answer(context, "orders", "3.0.0", "bo", Answer.OBJECTED, "  ")
        contracts_versions.answer(context, "orders", "3.0.0", "bo", Answer.OBJECTED, "My report needs it.")
    with announced("cy", day=40) as context:
        agree_all(context)
        version = contracts_known.find_version(context, "orders", "3.0.0")
        assert contracts_known.hindrances(context, version) == ("bo",)
    with announced("bo", Role.ANALYST, day=41) as context:
        version = contracts_versions.answer(context, "orders", "3.0.0", "bo", Answer.AGREED)
        assert contracts_known.hindrances(context, version) == ()


def test_silence_is_escalated_once_and_is_no_agreement(announced: Entering) -> None:
    with announced("cy", day=27) as context:
        agree_all(context)
        assert contracts_silence.escalate_silence(context) == ()
    with announced("cy", day=28) as context:
        assert contracts_silence.escalate_silence(context) == (("orders", "3.0.0", "bo"),)
        assert contracts_silence.escalate_silence(context) == ()
        with pytest.raises(Conflict, match="bo have not agreed"):
            contracts_versions.put_in_force(context, "orders", "3.0.0")
        contracts_versions.answer(context, "orders", "3.0.0", "bo", Answer.AGREED)
        assert contracts_versions.put_in_force(context, "orders", "3.0.0").state == "in_force"


def test_silence_opens_a_case_that_an_answer_settles_and_a_withdrawal_lapses(announced: Entering) -> None:
    with announced("cy", day=28) as context:
        silent = contracts_silence.escalate_silence(context)
        waiting = {one.values["consumer"]: one for one in cases.guided_cases(context, "contract_silence")}
    assert set(waiting) == {consumer for _, _, consumer in silent} > {"bo"}
    number = waiting["bo"].summary.case_id
    with announced("cy", day=29) as context:
        assert contracts_silence.table_of_case(context, number) == "orders"
        assert number in {one.case_id for one in cases.list_cases(context)}
        contracts_versions.answer(context, "orders", "3.0.0", "bo", Answer.OBJECTED, "Our report reads it.")
        settled = cases.guided_case(context, number)
    with announced("cy", day=30) as context:
        contracts_versions.withdraw(context, "orders", "3.0.0")
        left = cases.guided_cases(context, "contract_silence")
        closed = cases.guided_cases(context, "contract_silence", is_closed=True)

    assert (settled.summary.state, settled.trail[-1].values) == ("resolved", {"answer": "objected", "by": "cy"})
    assert left == ()
    assert {one.summary.state for one in closed} == {"resolved", "withdrawn"}
    with pytest.raises(Forbidden), announced("mallory", Role.VIEWER) as context:
        contracts_silence.table_of_case(context, number)


def test_silence_is_agreement_only_where_the_workspace_says_so(announced: Entering, tmp_path: Path) -> None:
    own = tmp_path / "announced" / "catalog" / "contract_notice.yaml"
    own.parent.mkdir()
    own.write_text(
        "notice:\n  - {from: 2026-01-01, days: 28, silence: agree, source: Decided by the board.}\n", encoding="utf-8"
    )
    with announced("cy", day=27) as context:
        agree_all(context)
        with pytest.raises(Conflict, match="have not agreed"):
            contracts_versions.put_in_force(context, "orders", "3.0.0")
    with announced("cy", day=29) as context:
        assert contracts_silence.escalate_silence(context) == ()
        assert contracts_versions.put_in_force(context, "orders", "3.0.0").state == "in_force"


def test_a_notice_without_an_end_is_refused(entering: Entering, workspace: Workspace) -> None:
    own = workspace.overlay("catalog") / "contract_notice.yaml"
    own.parent.mkdir()
    own.write_text("notice:\n  - {from: 2026-01-01, days: 0, silence: agree, source: x}\n", encoding="utf-8")
    with entering() as context:
        contracts_versions.register(context, "orders", BREAKING)
        with pytest.raises(InvalidDefinition, match="at least 1"):
            contracts_versions.announce(context, "orders", "3.0.0")


def test_four_eyes_see_every_version(announced: Entering) -> None:
    with announced() as context:
        with pytest.raises(Forbidden, match="may not answer"):
            contracts_versions.answer(context, "orders", "3.0.0", "city_operations", Answer.AGREED)
        with pytest.raises(Forbidden, match="four eyes"):
            contracts_versions.put_in_force(context, "orders", "3.0.0")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
def test_only_stewards_of_everything_keep_contracts(announced: Entering, role: Role | None) -> None:
    acts: list[Callable[[Context], object]] = [
        lambda context: contracts_versions.register(context, "orders", SAFE),
        lambda context: contracts_versions.announce(context, "orders", "3.0.0"),
        lambda context: contracts_versions.put_in_force(context, "orders", "3.0.0"),
        lambda context: contracts_versions.withdraw(context, "orders", "3.0.0"),
        contracts_silence.escalate_silence,
        lambda context: contracts_versions.answer(context, "orders", "3.0.0", "bo", Answer.AGREED),
    ]
    for act in acts:
        with pytest.raises(Forbidden), announced("mallory", role) as context:
            act(context)


def test_without_a_grant_nothing_is_shown(announced: Entering) -> None:
    for act in (
        contracts_known.list_versions,
        lambda context: contracts_known.version_text(context, "orders", "3.0.0"),
        lambda context: contracts.contract_in_force(context, "orders"),
        lambda context: contracts.export_table(context, "orders"),
    ):
        with pytest.raises(Forbidden), announced("mallory", None) as context:
            act(context)


def test_a_version_that_breaks_nobody_needs_a_second_steward_and_no_announcement(entering: Entering) -> None:
    with entering() as context:
        version = contracts_versions.register(context, "orders", SAFE)
        assert (version.severity, version.state) == ("safe", "registered")
        with pytest.raises(Conflict, match="breaks nobody"):
            contracts_versions.announce(context, "orders", "2.0.2")
    with entering("cy") as context:
        assert contracts_versions.put_in_force(context, "orders", "2.0.2").state == "in_force"


def test_a_number_that_promises_too_much_is_refused(entering: Entering) -> None:
    with entering() as context, pytest.raises(InvalidDefinition, match=r"delivered_at.*least honest number is 3\.0\.0"):
        contracts_versions.register(context, "orders", edited(without_delivery, "2.1.0"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (contracts.shipped_text("orders"), "says the same"),
        (contracts.shipped_text("cities"), "one table orders was expected"),
        ("kind: DataContract\n", "apiVersion"),
    ],
)
def test_what_is_no_next_version_is_refused(entering: Entering, text: str, told: str) -> None:
    with entering() as context, pytest.raises(InvalidDefinition, match=told):
        contracts_versions.register(context, "orders", text)


def test_a_version_is_registered_once_and_may_be_withdrawn(entering: Entering) -> None:
    with entering() as context:
        contracts_versions.register(context, "orders", BREAKING)
        with pytest.raises(Conflict, match="registered already"):
            contracts_versions.register(context, "orders", BREAKING)
        assert contracts_versions.withdraw(context, "orders", "3.0.0").state == "withdrawn"
        with pytest.raises(Conflict, match="is withdrawn"):
            contracts_versions.announce(context, "orders", "3.0.0")
        with pytest.raises(NotFound, match=r"No version 9\.9\.9"):
            contracts_known.find_version(context, "orders", "9.9.9")


def test_every_act_is_audited_with_its_version(announced: Entering) -> None:
    with announced("cy") as context:
        agree_all(context)
    with announced() as context:
        entries = context.session.scalars(select(AuditEntry).where(AuditEntry.subject == "orders")).all()
        acts = {(entry.action, entry.actor, entry.details["version"]) for entry in entries}

    assert acts == {
        ("contract_registered", "ana", "3.0.0"),
        ("contract_announced", "ana", "3.0.0"),
        ("contract_answered", "cy", "3.0.0"),
    }


def rows() -> pa.RecordBatchReader:
    return pa.table({"city_id": ["testville"], "name": ["Testville"]}).to_reader()


def load(context: Context) -> None:
    facts.write_facts(context, "cities", rows(), "test")


def test_facts_are_not_loaded_under_a_version_that_is_not_in_force(
    entering: Entering, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = dataclasses.replace(TABLES["cities"], version="2.0.0")
    carried = {**TABLES, "cities": newer}
    broken = edited(
        lambda document: document["schema"][0]["properties"].remove(column(document, "name")), "2.0.0", "cities"
    )
    with entering() as context:
        load(context)
        contracts_versions.register(context, "cities", broken)
        load(context)
    monkeypatch.setattr(effect, "TABLES", carried)
    with (
        entering() as context,
        pytest.raises(Conflict, match=r"version 2\.0\.0 of its contract, which is not in force"),
    ):
        load(context)


def test_facts_are_not_loaded_under_a_breaking_version_that_nobody_announced(
    entering: Entering, monkeypatch: pytest.MonkeyPatch
) -> None:
    with entering() as context:
        contracts_versions.register(
            context, "cities", edited(lambda document: document.update(tags=["x"]), "1.9.0", "cities")
        )
    monkeypatch.setattr(effect, "TABLES", {**TABLES, "cities": dataclasses.replace(TABLES["cities"], version="3.0.0")})
    with entering() as context, pytest.raises(Conflict, match="nobody has announced it"):
        load(context)
    monkeypatch.setattr(effect, "TABLES", {**TABLES, "cities": dataclasses.replace(TABLES["cities"], version="1.10.0")})
    with entering() as context:
        load(context)


def test_a_table_is_handed_on_with_what_a_consumer_needs(entering: Entering, workspace: Workspace) -> None:
    with entering() as context:
        text = contracts.export_table(context, "orders")
    document = read_plain(text, "orders")
    check_document(document, "orders")

    assert document["servers"] == [
        {"server": "workspace", "type": "local", "path": str(workspace.tables / "orders"), "format": "delta"}
    ]
    promises = {one["property"] for one in document["slaProperties"]}
    assert {"retention", "timeOfAvailability", "agreement", "settlement"} <= promises
    assert [one["name"] for one in document["schema"][0]["quality"]][-1] == "key_is_unique"
    assert len(document["schema"][0]["properties"]) == len(TABLES["orders"].columns)


def test_what_stands_on_a_change_is_named(entering: Entering) -> None:
    with entering() as context:
        before = contracts.contract_in_force(context, "orders")
        comparison = compare(before, import_contract(BREAKING, "new"))
        touched = contracts.touched_by(context, comparison.changes)

    assert any(asset.text.startswith("metric:") for asset in touched["orders.delivered_at"])
    assert any(asset.text.startswith("tile:") for asset in touched["orders.delivered_at"])
