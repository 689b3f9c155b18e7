"""The page of one metric, for readers from whom some of it is withheld."""

from collections.abc import Callable
from datetime import date

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.access.domain.accounts import Limits
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

HOURS = (12,) * 6 + (20,)


@pytest.fixture
def evening(empty: Workspace, writing: Callable[..., None]) -> Workspace:
    """One city with two days, each with six orders at noon and one in the evening."""
    row = {"city_id": "riyadh", "country": "SA", "currency": "SAR", "status": "delivered", "source": "f"}
    rows = [
        {**row, "order_id": f"{day}-{n}", "business_date": date(2026, 2, day), "local_hour": hour}
        for day in (1, 2)
        for n, hour in enumerate(HOURS)
    ]
    city = {"city_id": "riyadh", "name": "Riyadh", "country": "SA", "currency": "SAR", "source": "f"}
    writing(empty, cities=[city], orders=rows)
    return empty


def page_of(workspace: Workspace, *, minimum_size: int) -> str:
    with open_context(workspace.root) as context:
        access.add_account(context, "nora", password="a long password")  # noqa: S106 - of a test
        limits = Limits(rows=(), opens=None, minimum_size=minimum_size)
        access.grant(context, "nora", Role.VIEWER, cities=["riyadh"], limits=limits, terms=access.Terms("tests"))
        token = access.make_sign_in_link(context, "nora")
    with TestClient(create_app(workspace)) as client:
        client.get(f"/sign-in/{token}")
        return client.get("/metrics/orders?city=riyadh&by=local_hour").text


def test_groups_that_are_withheld_are_counted_under_the_chart(evening: Workspace) -> None:
    said = page_of(evening, minimum_size=5)

    assert "days are withheld" not in said
    assert "withheld from you" in said
    assert "count fewer than <bdi>5</bdi> rows" in said or "counts fewer than <bdi>5</bdi> rows" in said


def test_nothing_is_said_of_withholding_where_every_group_is_told(evening: Workspace) -> None:
    assert "withheld from you" not in page_of(evening, minimum_size=2)
