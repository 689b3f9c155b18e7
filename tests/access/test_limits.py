"""Grants that open some rows, some columns, and no small groups: how they are given, read, held back and ended."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.accounts import Limits, check_grant, row_filters
from tiffin.cli import main
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden, InvalidData
from tiffin.runtime.actor import GUARDED, Actor, Grant, Role
from tiffin.runtime.workspace import Workspace

Acting = Any
SHOP = Limits(("merchant_id=m1", "merchant_id=m0"), ("confidential",), 5)


def test_a_grant_keeps_its_limits(acting: Acting, nora: str) -> None:
    with acting() as context:
        view = service.grant(context, nora, Role.VIEWER, cities=["riyadh"], limits=SHOP, terms=service.Terms("tests"))

    assert (view.rows, view.opens, view.minimum_size) == ({"merchant_id": ("m0", "m1")}, ("confidential",), 5)
    with acting(user=nora) as context:
        held = context.actor.grants[-1]
    assert held.rows == (("merchant_id", ("m0", "m1")),)
    assert (held.opened, held.minimum_size, held.is_narrow) == ((Classification.CONFIDENTIAL,), 5, True)


@pytest.mark.parametrize(
    ("role", "opened"), [(Role.VIEWER, ()), (Role.ANALYST, ("confidential",)), (Role.ADMIN, GUARDED)]
)
def test_a_grant_that_does_not_say_opens_what_its_role_does(
    role: Role, opened: tuple[str, ...], acting: Acting
) -> None:
    with acting() as context:
        service.add_account(context, "omar")

        assert service.grant(context, "omar", role, countries=["SA"], terms=service.Terms("tests")).opens == opened


def test_the_limits_of_a_grant_are_audited(acting: Acting, nora: str) -> None:
    with acting() as context:
        service.grant(context, nora, Role.VIEWER, cities=["riyadh"], limits=SHOP, terms=service.Terms("tests"))
    with acting() as context:
        newest = next(e for e in service.list_audit(context) if e.action == "role_granted")

    assert newest.details["rows"] == {"merchant_id": ["m0", "m1"]}
    assert (newest.details["opens"], newest.details["minimum_size"]) == (["confidential"], 5)


def test_a_narrow_grant_reaches_into_a_city_and_does_not_open_it() -> None:
    riyadh = {"country": "SA", "city_id": "riyadh"}
    shop = Actor("shop", (Grant(Role.VIEWER, ("SA",), (), (("merchant_id", ("m1",)),)),))
    crowd = Actor("crowd", (Grant(Role.VIEWER, ("SA",), (), minimum_size=10),))

    assert not shop.may_see_city(**riyadh)
    assert shop.may_ask_about_city(**riyadh)
    assert not crowd.may_see_city(**riyadh)
    assert Actor("whole", (Grant(Role.VIEWER, ("SA",), ()),)).may_see_city(**riyadh)


def test_an_ended_grant_is_none(acting: Acting, nora: str, now: datetime) -> None:
    with acting() as context:
        tomorrow = now + timedelta(days=1)
        narrow = service.grant(
            context, nora, Role.VIEWER, cities=["doha"], limits=SHOP, terms=service.Terms("tests", tomorrow)
        )
        wide = service.grant(context, nora, Role.VIEWER, cities=["dubai"], terms=service.Terms("tests"))
    with acting(user=nora) as context:
        before = len(context.actor.grants)
    with acting() as context:
        service.revoke(context, wide.grant_id)
    with acting(user=nora) as context:
        revoked = len(context.actor.grants)
    with acting(user=nora, now=narrow.expires_at) as context:
        expired = len(context.actor.grants)

    assert (before, revoked, expired) == (3, 2, 1)


@pytest.mark.parametrize("text", ["basket_minor=1", "merchant_id", "merchant_id=", "1=1", "city_id=x or 1=1", "'"])
def test_only_declared_dimensions_narrow_a_grant(text: str) -> None:
    with pytest.raises(InvalidData, match="merchant_id"):
        row_filters([text])


@pytest.mark.parametrize(
    "limits", [Limits(opens=("everything",)), Limits(minimum_size=0), Limits(minimum_size=-3), Limits(("city=x",))]
)
def test_limits_that_cannot_be_are_refused(acting: Acting, nora: str, limits: Limits) -> None:
    with acting() as context, pytest.raises(InvalidData):
        service.grant(context, nora, Role.VIEWER, countries=["SA"], limits=limits, terms=service.Terms("tests"))


@pytest.mark.parametrize("role", [Role.STEWARD, Role.ADMIN])
@pytest.mark.parametrize("limits", [SHOP, Limits(minimum_size=2), Limits(opens=("personal",))])
def test_who_works_with_the_facts_themselves_is_not_held_back_by_halves(
    acting: Acting, nora: str, role: Role, limits: Limits
) -> None:
    with acting() as context, pytest.raises(InvalidData, match="works with the facts"):
        service.grant(context, nora, role, countries=["SA"], limits=limits, terms=service.Terms("tests"))


def test_rows_of_one_grant_and_columns_of_another_cannot_be_handed_on_together() -> None:
    money = Grant(Role.ADMIN, ("SA",), (), opens=(Classification.CONFIDENTIAL,))
    people = Grant(Role.ADMIN, ("AE",), (), opens=(Classification.PERSONAL,))
    omar = Actor("omar", (money, people))

    check_grant(omar, Grant(Role.VIEWER, ("SA",), (), opens=(Classification.CONFIDENTIAL,)))
    for country, opens in (("AE", Classification.CONFIDENTIAL), ("SA", Classification.PERSONAL)):
        with pytest.raises(Forbidden):
            check_grant(omar, Grant(Role.VIEWER, (country,), (), opens=(opens,)))


def test_the_command_grants_and_shows_limits(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--workspace", str(workspace.root)]
    assert main(["users", "add", "shop", *where]) == 0
    words = ["--city", "riyadh", "--rows", "merchant_id=m1", "--opens", "none", "--minimum-size", "5"]
    assert main(["users", "grant", "shop", "viewer", "--purpose", "tests", *words, *where]) == 0
    told = capsys.readouterr().out
    assert main(["users", "list", "--json", *where]) == 0
    listed = json.loads(capsys.readouterr().out)

    assert "merchant_id = m1" in told
    grants = {account["name"]: account["grants"] for account in listed["accounts"]}["shop"]
    assert [(g["rows"], g["opens"], g["minimum_size"]) for g in grants] == [({"merchant_id": ["m1"]}, [], 5)]
