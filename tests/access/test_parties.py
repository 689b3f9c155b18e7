"""Accounts of riders, merchants and customers: their own page opens to them, and no other one does."""

import re

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.erasing import SoughtPerson
from tiffin.capabilities.access.service import tokens
from tiffin.capabilities.access.service.parties import close_party
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData
from tiffin.kernel.people import PersonKind
from tiffin.runtime import people
from tiffin.runtime.actor import Party, Role, SignInNeeded
from tiffin.runtime.auth import active_account, effective_actor
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import RIDER_LOCALES
from tiffin.runtime.party_accounts import choose_locale, locales_of_parties
from tiffin.runtime.workspace import Workspace

RIDER = Party("rider", "riyadh", "rider-00001")


def a_browser(workspace: Workspace, party: Party = RIDER, *, locale: str = "ur") -> TestClient:
    """Sign a party in by a link."""
    with open_context(workspace.root) as context:
        made = service.add_party(context, party, locale=locale)
        link = service.make_sign_in_link(context, made.name)
    client = TestClient(create_app(workspace.root), follow_redirects=False, raise_server_exceptions=False)
    found = client.get(f"/sign-in/{link}")
    assert (found.status_code, found.headers["location"]) == (303, "/me")
    return client


def test_an_account_is_its_partys_and_has_no_grants(workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        made = service.add_party(context, RIDER, locale="ne")
        actor = effective_actor(context.unit, active_account(context.unit, made.name), now=context.now)

        assert (actor.party, actor.grants, made.locale) == (RIDER, (), "ne")
        assert RIDER.party_id not in made.name
        assert [one.party_id for one in service.list_parties(context)] == [RIDER.party_id]


def test_a_party_is_granted_nothing(workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        made = service.add_party(context, RIDER)
        with pytest.raises(Conflict, match="granted nothing"):
            service.grant(context, made.name, Role.VIEWER, countries=["*"], terms=service.Terms("tests"))


def test_a_party_has_one_account(workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        service.add_party(context, RIDER)
        with pytest.raises(Conflict, match="already"):
            service.add_party(context, RIDER)


@pytest.mark.parametrize(
    ("party", "locale"),
    [
        (Party("employee", "riyadh", "x"), "en"),
        (Party("rider", "", "x"), "en"),
        (Party("rider", "riyadh", " "), "en"),
        (RIDER, "fr"),
    ],
)
def test_an_account_that_cannot_be_is_refused(workspace: Workspace, party: Party, locale: str) -> None:
    with open_context(workspace.root) as context, pytest.raises(InvalidData):
        service.add_party(context, party, locale=locale)


def test_a_person_is_named_as_the_facts_name_him(workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        pseudonym = people.pseudonyms(context.unit, PersonKind.RIDER, ["R123"])["R123"]

        made = service.add_party(context, Party("rider", "riyadh", "R123"))

        assert made.party_id == pseudonym


def test_pages_of_those_who_work_here_refuse_a_party_kindly_in_his_language(workspace: Workspace) -> None:
    for locale in RIDER_LOCALES:
        client = a_browser(workspace, Party("rider", "riyadh", f"rider-{locale}"), locale=locale)

        refused = client.get("/metrics", headers={"Accept": "text/html"})

        assert refused.status_code == 403
        assert f'lang="{locale.replace("_", "-")}"' in refused.text
        assert 'href="/me"' in refused.text
        assert ("own page" in refused.text) is (locale == "en")


def test_programs_are_refused_and_no_token_is_made(workspace: Workspace) -> None:
    client = a_browser(workspace)

    assert client.get("/api/metrics", headers={"Accept": "application/json"}).status_code == 403
    with open_context(workspace.root) as context:
        (made,) = service.list_parties(context)
    with open_context(workspace.root, user=made.name) as context, pytest.raises(Forbidden):
        tokens.make_token(context, "script", days=1)


def test_a_party_chooses_the_language_of_what_is_written_to_him(workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        made = service.add_party(context, RIDER, locale="en")
    with open_context(workspace.root, user=made.name) as context:
        assert choose_locale(context.session, context.actor, "bn")
        assert locales_of_parties(context.unit, [RIDER]) == {RIDER: "bn"}
        with pytest.raises(InvalidData):
            choose_locale(context.session, context.actor, "fr")
    with open_context(workspace.root) as context, pytest.raises(Forbidden):
        choose_locale(context.session, context.actor, "bn")


def test_the_account_ends_with_the_person(workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        people.pseudonyms(context.unit, PersonKind.RIDER, ["R123"])
        made = service.add_party(context, Party("rider", "riyadh", "R123"))
        link = service.make_sign_in_link(context, made.name)

        told = close_party(context, SoughtPerson("rider", "R123"))

        assert told == {"accounts": 1}
        with pytest.raises(SignInNeeded):
            service.follow_sign_in_link(context, link)
        assert service.list_parties(context)[0].is_disabled


def test_the_trail_tells_of_the_account_and_not_whose_it_is(workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        made = service.add_party(context, RIDER)
    with open_context(workspace.root) as context:
        found = service.list_audit(context)

    (entry,) = [one for one in found if one.action == "account_added" and one.subject == made.name]

    assert not re.search(RIDER.party_id, f"{entry.subject} {entry.details}")
