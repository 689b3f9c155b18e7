"""Roll-ups, and whatever a process remembers of earlier answers, tell each asker what the facts would tell him."""

import random
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tiffin.capabilities.metrics.service import query, rollup_answers, rollups
from tiffin.engines.metrics import rollup_plan
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import Workspace

METRICS = ("orders", "delivered_orders", "basket_value")
SPLITS = (("country",), ("city_id",), ("country", "business_date"), ("city_id", "zone_id"), ("merchant_id", "city_id"))
COLUMNS = ("city_id", "country", "business_date", "zone_id", "merchant_id", "status", "basket_minor")
MONEY = Classification.CONFIDENTIAL
OWNER = Actor("owner", (Grant(Role.STEWARD, ("*",), ("*",)),))

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run met."""

    told: int
    refused: int
    withheld: int
    from_rollups: int


@pytest.fixture(scope="module")
def rolled(small: Workspace, tmp_path_factory: pytest.TempPathFactory, entering: Any) -> Workspace:
    """A copy of the small workspace with roll-ups, of whose answers one in three is checked against the facts."""
    folder = tmp_path_factory.mktemp("caches") / "workspace"
    shutil.copytree(small.root, folder)
    settings = {"rollups": {"values": 60_000, "checked_one_in": 3}}
    workspace = replace(small, root=folder, config={**small.config, **settings})
    with pytest.MonkeyPatch.context() as patch, entering(workspace) as context:
        patch.setattr(rollup_plan, "LEAST_SAVING", 0)
        assert rollups.build_rollups(context)
    return workspace


def random_grant(dice: random.Random) -> Grant:
    """Make a grant over some countries or cities, perhaps of some rows, some columns, and no small groups."""
    places = dice.choice([(("SA",), ()), (("KW", "ZZ"), ()), ((), ("jeddah",)), (("KW",), ("riyadh",)), (("*",), ())])
    rows = dice.choice([(), (), (("zone_id", ("n",)),), (("merchant_id", ("m0", "m1")), ("zone_id", ("s", "n")))])
    opens = dice.choice([(), (MONEY,), (MONEY,)])
    return Grant(Role.VIEWER, *places, rows, opens, dice.choice([1, 1, 4, 12]))


def opens_row(grant: Grant, row: Row) -> bool:
    """Tell whether a grant opens a row of orders."""
    is_there = "*" in grant.countries or row["country"] in grant.countries or row["city_id"] in grant.cities
    return is_there and all(row[name] in values for name, values in grant.rows)


def added_up(rows: Iterable[Row], by: Sequence[str]) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """Give orders, delivered orders and their baskets of each group."""
    found: dict[tuple[Any, ...], tuple[int, int, int]] = {}
    for row in rows:
        key = tuple(row[name] for name in by)
        orders, delivered, basket = found.get(key, (0, 0, 0))
        is_done = row["status"] == "delivered"
        found[key] = (orders + 1, delivered + is_done, basket + is_done * row["basket_minor"])
    return found


def check(
    context: Context, facts: Sequence[Row], grants: tuple[Grant, ...], request: MetricRequest
) -> tuple[bool, int]:
    """Compare an answer with the facts that are opened; tell whether there is one, and how many values are withheld."""
    with_money = tuple(grant for grant in grants if MONEY in grant.opened)
    used = with_money or grants
    asker = replace(context, actor=Actor("asker", grants))
    if not used:
        with pytest.raises(Forbidden):
            query(asker, request)
        return False, 0
    result, width = query(asker, request), len(request.by)
    expected = added_up((row for row in facts if any(opens_row(grant, row) for grant in used)), request.by)
    told = METRICS if with_money else METRICS[:2]
    withheld, least = {*result.receipt.withheld}, result.receipt.minimum_size or 1
    assert {row[:width] for row in result.rows} == expected.keys()
    for index, row in enumerate(result.rows):
        wanted = expected[row[:width]]
        for column, name in enumerate(METRICS):
            is_told = name in told and (index, width + column) not in withheld
            assert row[width + column] == (wanted[column] if is_told else None)
            assert not is_told or wanted[0] >= least
    assert least in {grant.minimum_size for grant in used}
    assert least > 1 or not withheld
    return True, len(withheld)


def prove(workspace: Workspace, entering: Any, policies: int, monkeypatch: pytest.MonkeyPatch) -> Tally:
    """Ask under so many random policies, each between questions of the owner, and again once its first grant ended."""
    read: list[tuple[str, ...]] = []
    real = rollup_answers.fetch

    def noted(*arguments: Any) -> Any:
        answer = real(*arguments)
        read.append(answer.compiled.rollups)
        return answer

    monkeypatch.setattr("tiffin.capabilities.metrics.service.answering.fetch", noted)
    dice, outcomes = random.Random(20260301), []  # noqa: S311 - not a secret
    with entering(workspace) as context:
        facts = context.warehouse.query_text(f"SELECT {', '.join(COLUMNS)} FROM orders").to_pylist()  # noqa: S608 - ours
        for _ in range(policies):
            request = MetricRequest(METRICS, dice.choice(SPLITS))
            grants = tuple(random_grant(dice) for _ in range(dice.choice([1, 1, 2, 3])))
            query(replace(context, actor=OWNER), request)
            outcomes += [check(context, facts, held, request) for held in (grants, grants[1:])]
    told = [withheld for is_told, withheld in outcomes if is_told]
    return Tally(len(told), len(outcomes) - len(told), sum(told), sum(map(bool, read)))


def test_nobody_learns_through_rollups_or_caches_what_his_grants_do_not_open(
    rolled: Workspace, entering: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally = prove(rolled, entering, 60, monkeypatch)

    assert min(tally.told, tally.refused, tally.withheld, tally.from_rollups) > 20


@pytest.mark.full
def test_thousands_of_askers_learn_nothing_through_rollups_or_caches(
    rolled: Workspace, entering: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert prove(rolled, entering, 3000, monkeypatch).from_rollups > 3000
