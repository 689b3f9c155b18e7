"""Teams own assets, and their people act for them, as long as the personnel file says that they are."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.requesting import Ask
from tiffin.capabilities.access.service import movers, requests
from tiffin.capabilities.catalog.domain.contracts import Answer
from tiffin.capabilities.catalog.domain.saying import Field, Saying
from tiffin.capabilities.catalog.service import contracts, contracts_known, contracts_versions, visible
from tiffin.capabilities.catalog.service.saying import may_say, say
from tiffin.capabilities.scorecards.service.outbox import list_outbox
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.teams import is_of, members_of

Acting = Callable[..., AbstractContextManager[Context]]

ORDERS = AssetId(AssetKind.METRIC, "orders")
HEADER = "employee_id,account,name,job,country,city,team,manager,from,to\n"
PEOPLE = (
    "e1,olga,Olga,dispatcher,SA,riyadh,City operations,,2026-01-01,\n"
    "e2,omar,Omar,dispatcher,SA,riyadh,city_operations,e1,2026-01-01,2026-03-01\n"
    "e3,fay,Fay,dispatcher,SA,riyadh,Fleet,,2026-01-01,\n"
)


@pytest.fixture
def teams(acting: Acting, tmp_path: Path) -> None:
    """Olga and Omar of city operations, who own the metric orders; Fay of the fleet; all see everything."""
    file = tmp_path / "people.csv"
    file.write_text(HEADER + PEOPLE, encoding="utf-8")
    with acting() as context:
        movers.bring_people(context, file, is_applied=True)
    with acting() as context:
        for name in ("nora", "una"):
            service.add_account(context, name)
        for name in ("olga", "omar", "fay", "una"):
            service.grant(context, name, Role.ANALYST, countries=["*"], terms=service.Terms("tests"))


def asked(acting: Acting, who: str = "nora") -> int:
    wanted = Ask(Grant(Role.VIEWER, ("SA",), (), opens=()), "Weekly review", 30, asset=ORDERS.text)
    with acting(user=who) as context:
        return requests.ask_for(context, wanted).request_id


@pytest.mark.usefixtures("teams")
def test_a_member_of_the_owning_team_decides_on_its_asset_and_nobody_of_another(acting: Acting) -> None:
    number = asked(acting)

    with acting(user="fay") as context, pytest.raises(NotFound):
        requests.approve(context, number)
    with acting(user="olga") as context:
        assert [one.request_id for one in requests.waiting_requests(context)] == [number]
        assert requests.approve(context, number).state == "granted"


@pytest.mark.usefixtures("teams")
def test_a_member_does_not_decide_on_his_own_request(acting: Acting) -> None:
    number = asked(acting, "olga")

    with acting(user="olga") as context, pytest.raises(Forbidden):
        requests.approve(context, number)
    with acting(user="omar") as context:
        assert requests.approve(context, number).state == "granted"


@pytest.mark.usefixtures("teams")
def test_whom_people_name_as_owner_counts_before_the_definition(acting: Acting) -> None:
    number = asked(acting)
    with acting() as context:
        say(context, visible(context)[ORDERS], [Saying(Field.OWNER, "fleet", "")])

    with acting(user="olga") as context, pytest.raises(NotFound):
        requests.approve(context, number)
    with acting(user="fay") as context:
        assert requests.approve(context, number).state == "granted"


@pytest.mark.usefixtures("teams")
def test_who_left_the_team_or_is_disabled_acts_for_it_no_longer(acting: Acting, now: datetime) -> None:
    with acting() as context:
        assert members_of(context, "city_operations") == ("olga", "omar")
        service.disable_account(context, "olga")
    with acting(now=now + timedelta(days=30)) as context:
        assert members_of(context, "City Operations") == ()
    with acting(user="omar") as context:
        assert is_of(context, "city_operations")
        assert not is_of(context, "fleet")
        assert not is_of(context, "")


@pytest.mark.usefixtures("teams")
def test_the_people_of_a_team_write_about_what_it_owns(acting: Acting) -> None:
    for name, may in (("olga", True), ("fay", False)):
        with acting(user=name) as context:
            assert may_say(context, visible(context)[ORDERS]) is may


@pytest.mark.usefixtures("teams")
def test_a_breaking_contract_is_told_to_each_of_a_team_and_agreed_to_by_one_of_them(acting: Acting) -> None:
    document = yaml.safe_load(contracts.shipped_text("orders"))
    document["version"] = "3.0.0"
    document["schema"][0]["properties"] = [
        one for one in document["schema"][0]["properties"] if one["name"] != "delivered_at"
    ]
    with acting() as context:
        contracts_versions.register(context, "orders", yaml.safe_dump(document, allow_unicode=True))
        contracts_versions.announce(context, "orders", "3.0.0")

    for name in ("olga", "omar"):
        with acting(user=name) as context:
            assert "orders" in " ".join(one.subject for one in list_outbox(context))
    for name in ("fay", "una"):  # of another team, and with the same role
        with acting(user=name) as context, pytest.raises(Forbidden, match="may not answer"):
            contracts_versions.answer(context, "orders", "3.0.0", "city_operations", Answer.AGREED)
    with acting(user="omar") as context:
        contracts_versions.answer(context, "orders", "3.0.0", "city_operations", Answer.AGREED)
        told = contracts_known.find_version(context, "orders", "3.0.0").consumers
    assert {one.name: one.answer for one in told}["city_operations"] == Answer.AGREED
