"""Whoever wrote or published a policy is erased, and what was published stays."""

from functools import partial

from tests.runtime.policies.conftest import POLICY, a_policy, entering, proposed

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.erasing import SoughtPerson, State
from tiffin.capabilities.access.service import erasing, erasing_steps, people_scan
from tiffin.capabilities.policies.service.drafting import find_draft
from tiffin.capabilities.policies.service.ledger import altered, publications, texts_in_force
from tiffin.capabilities.policies.service.publishing import publish_draft
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace


def test_an_erased_author_leaves_a_mark_and_his_policy(workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        for name in ("officer-one", "officer-two", "farida"):
            service.add_account(context, name)
            service.grant(context, name, Role.PRIVACY_OFFICER, countries=["*"], terms=service.Terms("tests"))
    draft = proposed(workspace, {"": a_policy()}, by="farida")
    with entering(workspace, "ben") as context:
        made = publish_draft(context, draft.draft_id, comment="As farida says.")
    with open_context(workspace.root, user="officer-one") as context:
        number = erasing.ask_erasure(context, SoughtPerson("account", "farida"), "Left").erasure_id
    acting = partial(open_context, workspace.root, user="officer-two")
    with acting() as context:
        erasing.approve_erasure(context, number)

    done = erasing_steps.carry_out(acting, number)

    with acting() as context:
        clean = people_scan.scan_for(context, ["farida"]).is_clean
    with entering(workspace, "ben") as context:
        left, kept = find_draft(context, draft.draft_id), publications(context, POLICY)[0]
        held, told = texts_in_force(context, POLICY)[""], altered(context)

    assert (done.state, clean) == (State.ERASED, True)
    assert (left.author, left.saves[0].actor) == (f"erased-{number}",) * 2
    assert (kept.authors, kept.published_by) == ((f"erased-{number}",), "ben")
    assert (held.text, held.digest, told) == (a_policy(), made.digests[""], ())
