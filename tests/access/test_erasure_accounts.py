"""Whoever worked with Tiffin is erased: the name goes from trail and ledger too, and both still prove what was done."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from alembic import command, config
from sqlalchemy import select, text

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.erasing import ErasureView, SoughtPerson, State
from tiffin.capabilities.access.service import erasing, erasing_steps, people_scan
from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.service.log_checking import check_log
from tiffin.capabilities.cases.service.projecting import rebuild_all
from tiffin.capabilities.metrics.service import ledger, ledger_checking, reproducing
from tiffin.engines.cases.chain import Damage
from tiffin.engines.metrics.request import MetricRequest
from tiffin.runtime.actor import Role
from tiffin.runtime.actor_codes import code_of
from tiffin.runtime.audit_checking import check_trail
from tiffin.runtime.database import engine_for
from tiffin.runtime.edge import open_context
from tiffin.runtime.models import Account, AuditEntry
from tiffin.runtime.schema import MIGRATIONS, migrate, ready_engine
from tiffin.runtime.workspace import Workspace

REQUEST = MetricRequest(("orders",))

Opening = Callable[..., Any]


@pytest.fixture
def shop(workspace: Workspace) -> Workspace:
    """A workspace with two who answer for personal data, in which a number was published."""
    with open_context(workspace.root) as context:
        for name in ("ana", "ben"):
            service.add_account(context, name)
            service.grant(context, name, Role.PRIVACY_OFFICER, countries=["*"], terms=service.Terms("tests"))
        ledger.publish(context, REQUEST, title="Orders of February")
    return workspace


def officer(workspace: Workspace, name: str = "ben") -> Opening:
    return partial(open_context, workspace.root, user=name)


def erased(workspace: Workspace, person: SoughtPerson) -> ErasureView:
    with officer(workspace, "ana")() as context:
        number = erasing.ask_erasure(context, person, f"The wish of {person.identifier}").erasure_id
    with officer(workspace)() as context:
        erasing.approve_erasure(context, number)
    return erasing_steps.carry_out(officer(workspace), number)


def published(workspace: Workspace) -> list[tuple[object, ...]]:
    """What the ledger holds, and whether it is computed again."""
    with open_context(workspace.root) as context:
        entries = ledger.list_published(context)
        return [(one.rows, one.entry_hash, reproducing.reproduce(context, one).is_equal) for one in entries]


@pytest.fixture
def farida(shop: Workspace) -> tuple[str, str]:
    """Somebody who granted, published and typed here: the code under which she acts, and a link to sign in."""
    with open_context(shop.root) as context:
        service.add_account(context, "farida")
        service.grant(context, "farida", Role.ADMIN, countries=["*"], terms=service.Terms("tests"))
        link = service.make_sign_in_link(context, "farida")
    with open_context(shop.root, user="farida") as context:
        service.add_account(context, "guest")
        service.grant(context, "guest", Role.VIEWER, countries=["SA"], terms=service.Terms("as Farida told me"))
        ledger.publish(context, REQUEST, title="The numbers of farida", note="For the board")
        return code_of(context.unit, "farida"), link


def test_an_account_is_closed_and_its_name_stands_nowhere(shop: Workspace, farida: tuple[str, str]) -> None:
    done = erased(shop, SoughtPerson("account", "farida"))

    assert done.state is State.ERASED
    assert {*done.steps["database"]["evidence"]} == {"audit_entries", "published_numbers", "actor_codes"}
    with officer(shop)() as context:
        assert people_scan.scan_for(context, ["farida"]).is_clean
    with open_context(shop.root) as context:
        assert not {"farida"} & {*context.session.scalars(select(Account.name))}
        assert service.find_account(context, "guest").grants[0].granted_by == "erased-1"
    with pytest.raises(Exception, match="link"), open_context(shop.root) as context:
        service.follow_sign_in_link(context, farida[1])


def test_the_trail_keeps_one_code_for_whoever_was_erased_and_proves_the_rest(
    shop: Workspace, farida: tuple[str, str]
) -> None:
    before = check_trail(ready_engine(shop.database_url))

    done = erased(shop, SoughtPerson("account", "farida"))

    check = check_trail(ready_engine(shop.database_url), anchors=[before.anchor])
    assert check.faults == ()
    assert {*check.removals} == {done.erasure_id}
    with open_context(shop.root) as context:
        acted = context.session.scalars(select(AuditEntry).where(AuditEntry.actor_code == farida[0])).all()
        service.add_account(context, "farida")
    assert {"account_added", "role_granted", "number_published"} <= {one.action for one in acted}
    assert {one.actor for one in acted} == {"erased-1"}
    with open_context(shop.root, user="farida") as context:
        assert code_of(context.unit, "farida") != farida[0]  # another person of the same name is another one


@pytest.mark.usefixtures("farida")
def test_published_numbers_stay_whole_and_computable_without_the_name(shop: Workspace) -> None:
    before = published(shop)

    erased(shop, SoughtPerson("account", "farida"))

    assert published(shop) == before
    with open_context(shop.root) as context:
        check = ledger_checking.verify_ledger(context)
        newest, *_ = ledger.list_published(context)
    assert (check.broken, check.removed) == ((), 1)
    assert (newest.title, newest.note, newest.published_by) == ("erased-1", "For the board", "erased-1")
    assert newest.receipt["asked_by"] == "erased-1"


@pytest.mark.usefixtures("farida")
def test_a_changed_remainder_of_a_published_number_is_found(shop: Workspace) -> None:
    erased(shop, SoughtPerson("account", "farida"))

    with engine_for(shop.database_url).begin() as connection:
        connection.execute(text("update published_numbers set body = replace(body, 'For the board', 'For nobody')"))

    with open_context(shop.root) as context:
        assert "not what was written" in " ".join(ledger_checking.verify_ledger(context).broken)


def carried_over(workspace: Workspace) -> None:
    """Write trail and ledger as they were written before, and carry them over."""
    engine = engine_for(workspace.database_url)
    with engine.begin() as connection:
        settings = config.Config(attributes={"connection": connection})
        settings.set_main_option("script_location", str(MIGRATIONS))
        command.downgrade(settings, "0021")
    migrate(engine)


@pytest.mark.usefixtures("farida")
def test_numbers_published_before_are_carried_over_and_lose_a_name_like_others(shop: Workspace) -> None:
    values = [rows for rows, *_ in published(shop)]

    carried_over(shop)

    with open_context(shop.root) as context:
        check = ledger_checking.verify_ledger(context)
        assert (check.broken, check.entries) == ((), 2)
        assert {one.published_by for one in ledger.list_published(context)} >= {"farida"}
    assert [(rows, is_equal) for rows, _, is_equal in published(shop)] == [(rows, True) for rows in values]
    before = published(shop)

    done = erased(shop, SoughtPerson("account", "farida"))

    assert done.state is State.ERASED
    assert published(shop) == before
    with open_context(shop.root) as context:
        assert ledger_checking.verify_ledger(context).broken == ()
        hashes = select(AuditEntry.details).where(AuditEntry.action == "number_published")
        assert {one["entry_hash"] for one in context.session.scalars(hashes)} == {"erased-1"}
    assert check_trail(ready_engine(shop.database_url)).faults == ()


@pytest.mark.usefixtures("farida")
def test_a_published_number_that_was_changed_before_it_was_carried_over_stays_told(shop: Workspace) -> None:
    engine = engine_for(shop.database_url)
    with engine.begin() as connection:
        settings = config.Config(attributes={"connection": connection})
        settings.set_main_option("script_location", str(MIGRATIONS))
        command.downgrade(settings, "0021")
        connection.execute(text("update published_numbers set body = replace(body, 'For the board', 'For nobody')"))
    migrate(engine)

    with open_context(shop.root) as context:
        assert "when it was carried over" in " ".join(ledger_checking.verify_ledger(context).broken)


@pytest.mark.usefixtures("farida")
def test_the_log_of_cases_loses_the_name_and_proves_all_the_rest(shop: Workspace) -> None:
    with open_context(shop.root, user="farida") as context:
        values = {"what": "orders", "said": "Farida saw it first", "day": "Monday"}
        opened = NewCase("data_incident", "late|farida", "{what}: {said}", values, country="SA", subject="orders")
        number = cases.open_case(context, opened).case_id
        cases.act(context, number, "take")
        cases.act(context, number, "note", {"text": "I, farida, look into it"})

    done = erased(shop, SoughtPerson("account", "farida"))

    assert done.state is State.ERASED
    assert done.steps["database"]["evidence"]["case_events"] == 2
    with open_context(shop.root) as context:
        found, check = cases.show_case(context, number), check_log(context)
        assert rebuild_all(context) == 0
    assert (check.faults, check.removed) == ((), 3)
    assert [one.actor for one in found.trail] == ["platform", "erased-1", "erased-1"]
    assert (found.summary.assignee, found.trail[-1].values) == ("erased-1", {"text": "erased-1"})
    assert found.values == {"what": "orders", "said": "erased-1", "day": "Monday"}
    with engine_for(shop.database_url).begin() as connection:
        connection.execute(text("drop trigger case_events_stay_update"))
        connection.execute(text("update case_events set details = replace(details, 'erased-1', 'erased-2')"))
    with open_context(shop.root) as context:
        assert {one.fault.kind for one in check_log(context).faults} >= {Damage.REMOVED_UNTOLD}
