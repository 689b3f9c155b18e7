"""Access tokens: a program acts as its owner, within his grants, until the token ends."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tiffin.app import create_app
from tiffin.capabilities.access import service
from tiffin.capabilities.access.service import tokens
from tiffin.kernel.errors import Forbidden, InvalidData, NotFound
from tiffin.runtime.actor import SignInNeeded
from tiffin.runtime.context import Context
from tiffin.runtime.models import AccessToken
from tiffin.runtime.tokens import numbered_actor, token_actor, wire_digests, wire_hash
from tiffin.runtime.workspace import Workspace

Acting = Callable[..., AbstractContextManager[Context]]


def test_a_token_opens_what_its_owner_may_and_nothing_more(acting: Acting, nora: str, now: datetime) -> None:
    with acting(user=nora) as context:
        token, view = tokens.make_token(context, "notebook", days=30)
        assert token_actor(context.session, token, now=now) == context.actor
        assert numbered_actor(context.session, view.token_id, now=now) == context.actor
        assert wire_digests(context.session, nora, now=now) == {view.token_id: wire_hash(token)}


def test_the_database_keeps_no_token(acting: Acting, nora: str) -> None:
    with acting(user=nora) as context:
        token, _ = tokens.make_token(context, "notebook", days=30)
        row = context.session.scalars(select(AccessToken)).one()
        assert token not in str(vars(row))


def test_a_token_ends_with_its_time_its_account_or_at_a_word(acting: Acting, nora: str, now: datetime) -> None:
    with acting(user=nora) as context:
        token, view = tokens.make_token(context, "notebook", days=30)
        other, _ = tokens.make_token(context, "dashboard", days=90)
    with acting() as context:
        with pytest.raises(SignInNeeded):
            token_actor(context.session, token, now=now + timedelta(days=30))
        assert tokens.revoke_token(context, view.token_id).state == "revoked"
        with pytest.raises(SignInNeeded):
            token_actor(context.session, token, now=now)
        service.disable_account(context, nora)
        for ended in (other, "tiffin_nothing"):
            with pytest.raises(SignInNeeded):
                token_actor(context.session, ended, now=now)


def test_tokens_are_ones_own_business(acting: Acting, nora: str) -> None:
    with acting() as context:
        _, owners = tokens.make_token(context, "backup", days=1)
    with acting(user=nora) as context:
        _, noras = tokens.make_token(context, "notebook", days=1)
        assert [view.token_id for view in tokens.list_tokens(context)] == [noras.token_id]
        with pytest.raises(Forbidden):
            tokens.revoke_token(context, owners.token_id)
        with pytest.raises(NotFound):
            tokens.revoke_token(context, 999)
        for name, days in (("", 1), ("x", 0), ("x", 400)):
            with pytest.raises(InvalidData):
                tokens.make_token(context, name, days=days)
    with acting() as context:
        assert len(tokens.list_tokens(context)) == 2
        done = [(entry.actor, entry.action) for entry in service.list_audit(context)]
        assert (nora, "token_made") in done


def test_a_program_shows_its_token_instead_of_signing_in(workspace: Workspace, acting: Acting, nora: str) -> None:
    with acting(user=nora) as context:
        token, _ = tokens.make_token(context, "notebook", days=3650 // 10)
    client = TestClient(create_app(workspace))
    shown = client.get("/api/access/me", headers={"authorization": f"Bearer {token}"}).json()
    assert shown["name"] == nora
    assert client.get("/api/access/me", headers={"authorization": "Bearer tiffin_no"}).status_code == 401
    assert client.get("/api/access/me").status_code == 401


def test_tokens_from_the_command_line(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    from tiffin.cli.entry import main  # noqa: PLC0415 - imports every capability

    at = ["--workspace", str(workspace.root)]
    assert main(["tokens", "add", "notebook", *at]) == 0
    assert capsys.readouterr().out.startswith("tiffin_")
    assert main(["tokens", "list", *at]) == 0
    assert "notebook" in capsys.readouterr().out
    assert main(["tokens", "revoke", "1", *at]) == 0
    assert "revoked" in capsys.readouterr().out
