"""A workspace with a small policy of its own, and who asks it over HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import create_workspace

POLICY = """policy: own-credit
title: {en: Credit, ar: رصيد}
question: {en: What does a customer get?}
owner: experience
source: Terms of service
inputs:
  - {name: minutes_late, label: {en: Minutes late}, type: number, required: true, values: "[0..600]"}
outputs:
  - {name: amount_minor, label: {en: Credit}, type: number}
rows:
  - id: credit.none
    when: {minutes_late: "< 15"}
    then: {amount_minor: 0}
    reason: {en: On time}
  - id: credit.some
    when: {minutes_late: "[15..300]"}
    then: {amount_minor: 500}
    reason: {en: "{minutes_late} minutes late", ar: "متأخر {minutes_late} دقيقة"}
"""

Signing = Callable[..., TestClient]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = create_workspace(tmp_path / "workspace").root
    folder = made / "policies" / "own-credit"
    folder.mkdir(parents=True)
    (folder / "2026-01-01.yaml").write_text(POLICY, encoding="utf-8")
    return made


@pytest.fixture
def browser(root: Path) -> Signing:
    """Sign somebody in: the owner of the workspace, or a new account without any grant."""

    def sign_in(name: str | None = None) -> TestClient:
        client = TestClient(create_app(root), follow_redirects=False, raise_server_exceptions=False)
        with open_context(root, now=datetime.now(UTC)) as context:
            if name is not None:
                access.add_account(context, name)
            link = access.make_sign_in_link(context, name or context.actor.name)
        client.get(f"/sign-in/{link}")
        return client

    return sign_in


@pytest.fixture
def client(browser: Signing) -> TestClient:
    return browser()
