"""Signing in: who has the password or the link comes in, and nobody learns anything else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from tiffin.capabilities.access import service
from tiffin.runtime import sessions
from tiffin.runtime.actor import SignInNeeded
from tiffin.runtime.backoff import FORGET_AFTER, lock_after
from tiffin.runtime.context import Context
from tiffin.runtime.models import SignInFailure, SignInLink, SignInSession
from tiffin.runtime.sessions import LINK_LIFE, SESSION_IDLE, SESSION_LIFE, session_actor

RIGHT = "correct horse battery"

Acting = Callable[..., AbstractContextManager[Context]]


def fail(acting: Acting, name: str, *, times: int, now: datetime) -> list[str]:
    said = []
    for _ in range(times):
        with pytest.raises(SignInNeeded) as refusal, acting(now=now) as context:
            service.sign_in(context, name, "wrong")
        said.append(str(refusal.value))
    return said


def test_the_right_password_gives_a_session_with_the_accounts_grants(acting: Acting, nora: str, now: datetime) -> None:
    with acting() as context:
        token = service.sign_in(context, " Nora ", RIGHT)

    with acting() as context:
        actor = session_actor(context.session, token, now=now)
        assert actor.name == nora
        assert actor.may_see_city(country="SA", city_id="riyadh")


def test_tokens_are_kept_as_digests_only(acting: Acting, nora: str) -> None:
    with acting() as context:
        session_token = service.sign_in(context, nora, RIGHT)
        link_token = service.make_sign_in_link(context, nora)

    with acting() as context:
        kept = set(context.session.scalars(select(SignInSession.token_hash)))
        kept |= set(context.session.scalars(select(SignInLink.token_hash)))
    assert session_token not in kept
    assert link_token not in kept
    assert len(session_token) > 40


def test_a_wrong_name_and_a_wrong_password_look_the_same(acting: Acting, nora: str, now: datetime) -> None:
    known = fail(acting, nora, times=7, now=now)
    unknown = fail(acting, "nobody-here", times=7, now=now)
    impossible = fail(acting, "<no name>", times=7, now=now)

    assert known == unknown == impossible
    assert "Too many attempts" in known[-1]


def test_an_account_without_a_password_cannot_be_guessed(acting: Acting) -> None:
    with acting() as context:
        service.add_account(context, "omar")

    for guess in ("", "None", "nobody has this password"):
        with pytest.raises(SignInNeeded), acting() as context:
            service.sign_in(context, "omar", guess)


def test_after_five_failures_even_the_right_password_waits(acting: Acting, nora: str, now: datetime) -> None:
    fail(acting, nora, times=5, now=now)

    with pytest.raises(SignInNeeded, match="Too many"), acting(now=now + timedelta(seconds=29)) as context:
        service.sign_in(context, nora, RIGHT)
    with acting(now=now + timedelta(seconds=31)) as context:
        assert service.sign_in(context, nora, RIGHT)


def test_success_makes_failures_forgotten(acting: Acting, nora: str, now: datetime) -> None:
    fail(acting, nora, times=4, now=now)
    with acting() as context:
        service.sign_in(context, nora, RIGHT)
    fail(acting, nora, times=4, now=now)

    with acting() as context:
        assert service.sign_in(context, nora, RIGHT)


def test_the_lock_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert [lock_after(n).total_seconds() for n in (1, 4, 5, 6, 7, 9, 10, 500)] == [0, 0, 30, 60, 120, 480, 900, 900]


def test_failures_are_not_kept_for_ever(acting: Acting, now: datetime) -> None:
    fail(acting, "nobody-1", times=1, now=now)
    fail(acting, "nobody-2", times=1, now=now + FORGET_AFTER + timedelta(minutes=1))

    with acting() as context:
        assert context.session.scalar(select(func.count()).select_from(SignInFailure)) == 1


def test_a_failed_sign_in_is_on_the_audit_trail(acting: Acting, nora: str, now: datetime) -> None:
    fail(acting, nora, times=1, now=now)

    with acting() as context:
        (entry,) = service.list_audit(context, action="sign_in_refused")
    assert (entry.actor, entry.subject, entry.outcome) == ("nobody", nora, "refused")


def test_a_link_signs_in_once(acting: Acting, nora: str, now: datetime) -> None:
    with acting() as context:
        link = service.make_sign_in_link(context, nora)

    with acting() as context:
        token = service.follow_sign_in_link(context, link)
        assert session_actor(context.session, token, now=now).name == nora
    with pytest.raises(SignInNeeded, match="used already"), acting() as context:
        service.follow_sign_in_link(context, link)


def test_a_link_runs_out(acting: Acting, nora: str, now: datetime) -> None:
    with acting() as context:
        link = service.make_sign_in_link(context, nora)

    with pytest.raises(SignInNeeded, match="run out"), acting(now=now + LINK_LIFE) as context:
        service.follow_sign_in_link(context, link)


def test_a_made_up_link_or_token_is_nothing(acting: Acting, now: datetime) -> None:
    with acting() as context:
        with pytest.raises(SignInNeeded):
            service.follow_sign_in_link(context, "made-up")
        for token in ("made-up", "", None):
            with pytest.raises(SignInNeeded):
                session_actor(context.session, token, now=now)


def test_a_session_ends_when_unused_and_at_the_latest_after_a_week(acting: Acting, nora: str, now: datetime) -> None:
    with acting() as context:
        unused = service.sign_in(context, nora, RIGHT)
        used = service.sign_in(context, nora, RIGHT)

    step = SESSION_IDLE - timedelta(minutes=1)
    at = now
    while at + step < now + SESSION_LIFE:
        at += step
        with acting(now=at) as context:
            assert session_actor(context.session, used, now=at).name == nora
    with acting(now=at) as context, pytest.raises(SignInNeeded):
        session_actor(context.session, unused, now=at)
    late = now + SESSION_LIFE
    with acting(now=late) as context, pytest.raises(SignInNeeded):
        session_actor(context.session, used, now=late)


def test_signing_out_ends_this_session_and_no_other(acting: Acting, nora: str, now: datetime) -> None:
    with acting() as context:
        here, there = service.sign_in(context, nora, RIGHT), service.sign_in(context, nora, RIGHT)
        service.sign_out(context, here)
        service.sign_out(context, here)
        service.sign_out(context, None)

    with acting() as context:
        assert session_actor(context.session, there, now=now).name == nora
        with pytest.raises(SignInNeeded):
            session_actor(context.session, here, now=now)


def test_a_new_password_ends_every_session(acting: Acting, nora: str, now: datetime) -> None:
    with acting() as context:
        token = service.sign_in(context, nora, RIGHT)
        service.set_password(context, nora, "another long password")

    with acting() as context, pytest.raises(SignInNeeded):
        session_actor(context.session, token, now=now)


def test_a_revoked_grant_is_gone_from_open_sessions_too(acting: Acting, nora: str, now: datetime) -> None:
    with acting() as context:
        token = service.sign_in(context, nora, RIGHT)
        service.revoke(context, service.find_account(context, nora).grants[0].grant_id)

    with acting() as context:
        assert session_actor(context.session, token, now=now).grants == ()


def test_sessions_and_links_are_not_kept_for_ever(acting: Acting, nora: str, now: datetime) -> None:
    with acting() as context:
        service.sign_in(context, nora, RIGHT)
        service.make_sign_in_link(context, nora)

    with acting(now=now + SESSION_LIFE + sessions.FORGOTTEN_AFTER + timedelta(days=1)) as context:
        service.sign_in(context, nora, RIGHT)
        service.make_sign_in_link(context, nora)
        counts = [context.session.scalar(select(func.count()).select_from(t)) for t in (SignInSession, SignInLink)]
    assert counts == [1, 1]


def test_a_token_cannot_be_turned_back() -> None:
    assert len(sessions.token_hash("x")) == 64
    assert sessions.token_hash("x") != sessions.token_hash("y")
