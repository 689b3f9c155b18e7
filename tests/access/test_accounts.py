"""Accounts and grants: nothing is allowed unless a grant in force says so."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.accounts import check_grant, clean_name, scope
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, NotFound
from tiffin.runtime.actor import Actor, Grant, Role, SignInNeeded
from tiffin.runtime.context import Context
from tiffin.runtime.models import Account
from tiffin.runtime.sessions import session_actor

Acting = Callable[..., AbstractContextManager[Context]]


def test_an_account_without_a_grant_may_see_nothing(acting: Acting) -> None:
    with acting() as context:
        service.add_account(context, "omar")

    with acting(user="omar") as context:
        assert context.actor.grants == ()
        assert not context.actor.may_see_city(country="SA", city_id="riyadh")
        assert not context.actor.has_role(*Role)


def test_a_grant_covers_its_countries_and_cities_and_no_others(acting: Acting, nora: str) -> None:
    with acting() as context:
        service.grant(context, nora, Role.VIEWER, cities=["dubai"], terms=service.Terms("tests"))

    with acting(user=nora) as context:
        actor = context.actor
    assert actor.may_see_city(country="SA", city_id="jeddah")
    assert actor.may_see_city(country="AE", city_id="dubai")
    assert not actor.may_see_city(country="AE", city_id="sharjah")
    assert actor.has_role(Role.ANALYST)
    assert not actor.has_role(Role.STEWARD)


def test_an_administrator_has_every_role(acting: Acting) -> None:
    with acting() as context:
        assert context.actor.has_role(Role.STEWARD)


def test_a_grant_ends_by_itself(acting: Acting, now: datetime) -> None:
    with acting() as context:
        service.add_account(context, "omar")
        service.grant(
            context, "omar", Role.VIEWER, countries=["QA"], terms=service.Terms("tests", now + timedelta(days=1))
        )

    with acting(user="omar", now=now + timedelta(hours=23)) as context:
        assert context.actor.has_role(Role.VIEWER)
    with acting(user="omar", now=now + timedelta(hours=24)) as context:
        assert not context.actor.has_role(Role.VIEWER)
    with acting(now=now + timedelta(days=2)) as context:
        assert [held.state for held in service.find_account(context, "omar").grants] == ["expired"]


def test_a_revoked_grant_is_gone_at_once_and_stays_on_record(acting: Acting, nora: str) -> None:
    with acting() as context:
        (held,) = service.find_account(context, nora).grants
        assert service.revoke(context, held.grant_id).state == "revoked"
        assert service.revoke(context, held.grant_id).state == "revoked"

    with acting(user=nora) as context:
        assert context.actor.grants == ()
    with acting() as context:
        assert [held.state for held in service.find_account(context, nora).grants] == ["revoked"]
        assert [entry.action for entry in service.list_audit(context)].count("role_revoked") == 1


@pytest.mark.parametrize(
    "act",
    [
        service.list_accounts,
        lambda context: service.add_account(context, "eve"),
        lambda context: service.grant(context, "nora", Role.ADMIN, countries=["*"], terms=service.Terms("tests")),
        lambda context: service.revoke(context, 1),
        lambda context: service.disable_account(context, "nora"),
        lambda context: service.enable_account(context, "nora"),
        lambda context: service.set_password(context, "omar", "correct horse battery"),
        lambda context: service.make_sign_in_link(context, "omar"),
        lambda context: service.find_account(context, "omar"),
        service.list_audit,
    ],
)
def test_who_is_no_administrator_is_refused_and_the_refusal_is_audited(
    acting: Acting, nora: str, act: Callable[[Context], object]
) -> None:
    with acting() as context:
        service.add_account(context, "omar")

    with pytest.raises(Forbidden, match=r"no administrator|neither auditor"), acting(user=nora) as context:
        act(context)

    with acting() as context:
        newest = service.list_audit(context, actor=nora)[0]
    assert (newest.action, newest.outcome) == ("access_refused", "refused")


def test_everybody_may_look_at_his_own_account_and_set_his_own_password(acting: Acting, nora: str) -> None:
    with acting(user=nora) as context:
        service.set_password(context, nora, "another long password")
        assert service.find_account(context, nora).has_password
        assert service.make_sign_in_link(context, nora)


def test_an_administrator_of_one_country_hands_on_no_other(acting: Acting) -> None:
    with acting() as context:
        service.add_account(context, "omar")
        service.grant(context, "omar", Role.ADMIN, countries=["SA"], cities=["dubai"], terms=service.Terms("tests"))
        service.add_account(context, "sara")

    with acting(user="omar") as context:
        service.grant(context, "sara", Role.VIEWER, countries=["SA"], cities=["dubai"], terms=service.Terms("tests"))
    for wanted in ({"countries": ["AE"]}, {"countries": ["*"]}, {"cities": ["doha"]}, {"countries": ["SA", "QA"]}):
        with pytest.raises(Forbidden, match="may hand on only"), acting(user="omar") as context:
            service.grant(context, "sara", Role.VIEWER, **wanted, terms=service.Terms("tests"))
    with pytest.raises(Forbidden, match="of all countries"), acting(user="omar") as context:
        service.list_audit(context)


def test_an_administrator_of_all_cities_hands_on_any_city() -> None:
    admin = Actor("omar", (Grant(Role.ADMIN, (), ("*",)),))

    check_grant(admin, Grant(Role.VIEWER, (), ("doha",)))
    with pytest.raises(Forbidden):
        check_grant(admin, Grant(Role.VIEWER, ("QA",), ()))
    with pytest.raises(Forbidden):
        check_grant(Actor("eve"), Grant(Role.VIEWER, ("QA",), ()))


def test_the_owner_stays_administrator(acting: Acting) -> None:
    with acting() as context:
        owner = service.find_account(context, context.actor.name)

        with pytest.raises(Conflict, match="owns this workspace"):
            service.revoke(context, owner.grants[0].grant_id)
        with pytest.raises(Conflict, match="owns this workspace"):
            service.disable_account(context, owner.name)


def test_a_disabled_account_is_signed_out_everywhere_and_may_come_back(
    acting: Acting, nora: str, now: datetime
) -> None:
    with acting() as context:
        token = service.sign_in(context, nora, "correct horse battery")
        link = service.make_sign_in_link(context, nora)
        assert service.disable_account(context, nora).is_disabled
        assert service.disable_account(context, nora).is_disabled

    with acting() as context:
        with pytest.raises(SignInNeeded):
            session_actor(context.session, token, now=now)
        with pytest.raises(SignInNeeded):
            service.follow_sign_in_link(context, link)
        with pytest.raises(SignInNeeded):
            service.sign_in(context, nora, "correct horse battery")
        with pytest.raises(Forbidden, match="disabled"):
            service.make_sign_in_link(context, nora)
        assert not service.enable_account(context, nora).is_disabled
        assert not service.enable_account(context, nora).is_disabled
        assert service.sign_in(context, nora, "correct horse battery")


def test_what_is_not_there_is_named(acting: Acting) -> None:
    with acting() as context:
        with pytest.raises(NotFound, match="'eve'"):
            service.grant(context, "eve", Role.VIEWER, countries=["SA"], terms=service.Terms("tests"))
        with pytest.raises(NotFound, match="no grant 99"):
            service.revoke(context, 99)


def test_a_name_is_kept_in_one_form_and_taken_once(acting: Acting) -> None:
    with acting() as context:
        assert service.add_account(context, " Sara.K ").name == "sara.k"
        with pytest.raises(Conflict, match="already"):
            service.add_account(context, "SARA.K")


@pytest.mark.parametrize("name", ["", " ", "a b", "x" * 81, "a/b", "<b>", "a\u202eb", "a\n"[:1] + "\n" + "b"])
def test_a_name_that_could_deceive_is_refused(name: str) -> None:
    with pytest.raises(InvalidData, match="account's name"):
        clean_name(name)


def test_names_of_every_script_are_fine() -> None:
    assert clean_name("نورة") == "نورة"
    assert clean_name("王芳") == "王芳"


@pytest.mark.parametrize(("given", "kept"), [(["SA", "AE", "SA"], ("AE", "SA")), (["SA", "*"], ("*",)), ([" "], ())])
def test_a_scope_is_kept_in_one_form(given: list[str], kept: tuple[str, ...]) -> None:
    assert scope(given) == kept


def test_a_grant_of_nothing_or_of_the_past_is_refused(acting: Acting, nora: str, now: datetime) -> None:
    with acting() as context:
        with pytest.raises(InvalidData, match="needs a scope"):
            service.grant(context, nora, Role.VIEWER, terms=service.Terms("tests"))
        with pytest.raises(InvalidData, match="in the future"):
            service.grant(context, nora, Role.VIEWER, countries=["SA"], terms=service.Terms("tests", now))
        with pytest.raises(InvalidData, match="language"):
            service.add_account(context, "eve", locale="xx")


@pytest.mark.parametrize("password", ["short", "a" * 40, "ab" * 300])
def test_a_password_that_is_guessed_at_once_or_never_typed_is_refused(acting: Acting, password: str) -> None:
    with acting() as context, pytest.raises(InvalidData, match="password"):
        service.add_account(context, "eve", password=password)


def test_a_password_is_nowhere_in_the_database(acting: Acting, nora: str) -> None:
    with acting() as context:
        hashed = context.session.query(Account).filter_by(name=nora).one().password_hash

    assert hashed.startswith("$argon2id$")
    assert "correct" not in hashed


def test_guessing_a_password_costs_what_rfc_9106_asks_where_memory_is_scarce(full_hasher: PasswordHasher) -> None:
    assert full_hasher.memory_cost >= 64 * 1024
    assert full_hasher.time_cost >= 3
    assert full_hasher.parallelism >= 4
    assert full_hasher.salt_len >= 16
    assert full_hasher.hash_len >= 32
    assert full_hasher.hash("correct horse battery").startswith("$argon2id$")


def test_every_write_is_on_the_audit_trail_in_order(acting: Acting, nora: str) -> None:
    with acting() as context:
        service.set_password(context, nora, "another long password")
        service.disable_account(context, nora)
        service.enable_account(context, nora)
        service.make_sign_in_link(context, nora)

    with acting() as context:
        entries = service.list_audit(context)
        granted = service.list_audit(context, action="role_granted")
        older = service.list_audit(context, before=entries[-2].entry_id)
    assert [entry.action for entry in reversed(entries)] == [
        "account_added",
        "role_granted",
        "password_set",
        "account_disabled",
        "account_enabled",
        "sign_in_link_made",
    ]
    assert granted[0].details["countries"] == ["SA"]
    assert [entry.action for entry in older] == ["account_added"]


def test_looking_at_the_audit_trail_is_on_it(acting: Acting) -> None:
    with acting() as context:
        service.list_audit(context)

    with acting() as context:
        assert [(e.action, e.outcome) for e in service.list_audit(context)] == [("audit_trail_read", "read")]
