"""A person is erased from the operational tables of either kind of database, and nobody else is."""

from functools import partial

from sqlalchemy import select

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.erasing import SoughtPerson, State
from tiffin.capabilities.access.service import erasing, erasing_steps, people_scan
from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.metrics.service import ledger, ledger_checking
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.people import PersonKind
from tiffin.runtime import people
from tiffin.runtime.actor import Role
from tiffin.runtime.audit_checking import check_trail
from tiffin.runtime.edge import open_context
from tiffin.runtime.models import Setting
from tiffin.runtime.workspace import Workspace

HIM, NAME = "rider-771", "أحمد سالم"


def test_a_person_is_erased_from_every_table_and_nobody_else(workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        for name in ("ana", "ben"):
            service.add_account(context, name)
            service.grant(context, name, Role.PRIVACY_OFFICER, countries=["*"], terms=service.Terms("tests"))
        told = {"note": f"رسالة من {NAME} ({HIM})", "others": ["rider-7712"]}
        cases.open_case(context, NewCase("data_incident", "complaint.1", NAME, told, subject=HIM))
        context.session.add(Setting(name="x", value={HIM: [NAME]}, changed_at=context.now, changed_by="platform"))
        people.pseudonyms(context.unit, PersonKind.RIDER, [HIM, "rider-7712"])
    workspace.state.mkdir(exist_ok=True)
    (workspace.state / "note.txt").write_text(f"{NAME} and rider-7712", encoding="utf-8")
    acting = partial(open_context, workspace.root, user="ben")
    with open_context(workspace.root, user="ana") as context:
        number = erasing.ask_erasure(context, SoughtPerson("rider", HIM, (NAME,)), "Own wish").erasure_id
    with acting() as context:
        assert len(people_scan.scan(context, SoughtPerson("rider", HIM, (NAME,)).sought).mentions) >= 4
        erasing.approve_erasure(context, number)

    done = erasing_steps.carry_out(acting, number)

    assert done.state is State.ERASED
    with acting() as context:
        found = people_scan.scan_for(context, [HIM, NAME])
        assert found.is_clean
        assert people.is_forgotten(context.unit, PersonKind.RIDER, HIM)
        assert people.find(context.unit, PersonKind.RIDER, "rider-7712") is not None
        assert context.session.scalar(select(Setting.value).where(Setting.name == "x")) == {"erased-1": ["erased-1-2"]}
    with open_context(workspace.root) as context:
        (case,) = cases.list_cases(context)
        assert cases.show_case(context, case.case_id).values["others"] == ["rider-7712"]
    assert (workspace.state / "note.txt").read_text(encoding="utf-8") == "erased-1-2 and rider-7712"


def test_somebody_who_worked_here_is_erased_from_trail_and_ledger_too(workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        for name in ("ana", "ben", "farida"):
            service.add_account(context, name)
            service.grant(context, name, Role.PRIVACY_OFFICER, countries=["*"], terms=service.Terms("tests"))
        service.grant(context, "farida", Role.ADMIN, countries=["*"], terms=service.Terms("For farida: stand-in"))
    with open_context(workspace.root, user="farida") as context:
        service.add_account(context, "guest")
        ledger.publish(context, MetricRequest(("orders",)), title="The numbers of farida")
    with open_context(workspace.root, user="ana") as context:
        number = erasing.ask_erasure(context, SoughtPerson("account", "farida"), "Left").erasure_id
    acting = partial(open_context, workspace.root, user="ben")
    with acting() as context:
        erasing.approve_erasure(context, number)

    done = erasing_steps.carry_out(acting, number)

    assert done.state is State.ERASED
    with acting() as context:
        assert people_scan.scan_for(context, ["farida"]).is_clean
        check = ledger_checking.verify_ledger(context)
        assert (check.broken, check.removed) == ((), 1)
        engine = context.unit.engine
    trail = check_trail(engine)
    assert (trail.faults, {*trail.removals}) == ((), {number})
