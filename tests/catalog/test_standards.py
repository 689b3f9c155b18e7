"""Standards are held by machine, each of them bites, and a waiver is over by itself."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tiffin.capabilities.catalog import service
from tiffin.capabilities.catalog.domain.assets import Asset, LifeCycle
from tiffin.capabilities.catalog.domain.standards import Severity, checked
from tiffin.capabilities.catalog.service.standard_rules import read_standards
from tiffin.capabilities.catalog.service.standards import compliance_of, standards
from tiffin.capabilities.catalog.service.waivers import end_waiver, waive, waivers_in_force
from tiffin.cli.composition import compose
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import LOCALES, Classification
from tiffin.kernel.errors import Forbidden, InvalidDefinition, NotFound, WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import Workspace

Entering = Callable[..., AbstractContextManager[Context]]
STATUS = "column:orders.status"
WHAT = "A column that nobody may call status."


def changed(asset: Asset, **traits: Any) -> Asset:
    """Give an asset with other traits."""
    return replace(asset, traits={**asset.traits, **traits})


def named(asset: Asset, name: str) -> Asset:
    """Give an asset by another name."""
    return replace(asset, id=AssetId(asset.kind, name))


BROKEN: Mapping[str, tuple[str, Callable[[Asset], Asset]]] = {
    "name_form": (STATUS, lambda one: named(one, "orders.Status")),
    "name_length": ("table:orders", lambda one: named(one, "o" * 61)),
    "name_lasts": (STATUS, lambda one: named(one, "orders.status_new")),
    "instant_name": ("column:orders.placed_at", lambda one: named(one, "orders.placed_on")),
    "instant_type": ("column:orders.placed_at", lambda one: changed(one, type="string")),
    "truth_name": ("column:orders.is_asap", lambda one: named(one, "orders.asap")),
    "identifier_type": ("column:orders.order_id", lambda one: changed(one, type="integer")),
    "money_type": ("column:orders.basket_minor", lambda one: changed(one, type="number")),
    "measure_unit": ("column:orders.distance_m", lambda one: changed(one, unit="")),
    "number_unit": ("column:orders.distance_m", lambda one: changed(one, unit="")),
    "table_key": ("table:orders", lambda one: changed(one, key=())),
    "key_required": ("column:orders.order_id", lambda one: changed(one, required=False)),
    "business_day": ("table:orders", lambda one: changed(one, columns=("order_id", "source"))),
    "origin": ("table:orders", lambda one: changed(one, columns=("order_id", "business_date"))),
    "retention": ("table:orders", lambda one: changed(one, retention_months=0)),
    "classified": (STATUS, lambda one: replace(one, classification=None)),
    "person_class": (
        "column:orders.dropoff_latitude",
        lambda one: replace(one, classification=Classification.INTERNAL),
    ),
    "table_tests": ("table:orders", lambda one: changed(one, tests=0)),
    "feed_tests": ("feed:wolt-2020", lambda one: changed(one, tests=0)),
    "feed_licence": ("feed:wolt-2020", lambda one: changed(one, licence="")),
    "documented": ("table:orders", lambda one: replace(one, meaning={})),
    "translated": ("table:orders", lambda one: replace(one, meaning={**one.meaning, "ar": ""})),
    "feed_translated": ("feed:simulated", lambda one: replace(one, meaning={"en": "Facts."})),
    "labelled": ("dimension:city_id", lambda one: replace(one, label={"en": "City"})),
    "sentence": ("table:orders", lambda one: replace(one, meaning={**one.meaning, "en": "Orders and such"})),
    "owned": ("metric:orders", lambda one: replace(one, owner="")),
    "kept_running": ("table:orders", lambda one: replace(one, technical_owner="")),
    "successor": ("table:orders", lambda one: replace(one, life_cycle=LifeCycle.DEPRECATED)),
}


def test_what_ships_breaks_no_standard_that_must_be_kept(entering: Entering) -> None:
    with entering() as context:
        found = compliance_of(context, service.assets(context))

    assert [(one.asset.text, one.standard.name, one.detail) for one in found.open] == []
    assert found.checked > 4000
    assert found.share > 0.99


def test_every_shipped_standard_is_told_in_every_language_and_planted_against(seeing: Entering) -> None:
    with seeing() as context:
        held = standards(context)

    assert {one.name for one in held if not one.by} == set(BROKEN)
    assert all(one.says[language] for one in held for language in LOCALES)
    assert len({one.topic for one in held}) == 11


@pytest.mark.parametrize("name", BROKEN)
def test_a_standard_finds_what_breaks_it_and_nothing_else(seeing: Entering, name: str) -> None:
    planted, breaking = BROKEN[name]
    with seeing() as context:
        asset = service.find_asset(context, AssetId.parse(planted))
        held = [one for one in standards(context) if one.name == name]
    sound, broken = (checked([one], held) for one in (asset, breaking(asset)))

    assert not sound.findings
    assert [one.standard.name for one in broken.findings] == [name]


def test_a_metric_is_held_to_the_standards_of_metrics(inside: Entering, empty: Workspace) -> None:
    said = ", ".join(f"{language}: Tips" for language in LOCALES)
    text = (
        f"metrics:\n  tips_new:\n    label: {{{said}}}\n    meaning: {{{said}}}\n    kind: simple\n    unit: money\n"
        "    direction: up\n    level: operations\n    owner: commercial\n    tier: draft\n    version: 1\n"
        "    since: 2026-01-01\n    source: orders\n    aggregate: sum\n    of: tip_minor\n"
        "    example:\n      rows:\n        orders: [{order_id: a, business_date: 2026-01-05, tip_minor: 5}]\n"
        "      gives: [[5]]\n"
    )
    (empty.overlay("metrics") / "tips.yaml").write_text(text, encoding="utf-8")
    with inside() as context:
        found = [one for one in compliance_of(context, service.assets(context)).open if one.asset.name == "tips_new"]
        known = [one.name for one in service.assets(context) if one.kind is AssetKind.METRIC]

    assert "tips_new" in known
    assert {one.standard.name for one in found} == {"metric_definition"}
    assert any("new" in one.detail for one in found)


def own_standard(workspace: Workspace) -> Path:
    """Write a standard of the workspace's own that one shipped column breaks."""
    folder = workspace.overlay("catalog")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "standards.yaml"
    says = ", ".join(f"{language}: {WHAT}" for language in LOCALES)
    path.write_text(
        "standards:\n  no_status:\n    topic: naming\n    severity: must\n    kinds: [column]\n"
        "    when: {type: {equals: string}}\n    must: {name: {lacks: ^status$}}\n    since: 2026-02-01\n"
        f"    says: {{{says}}}\n",
        encoding="utf-8",
    )
    return path


def test_a_waiver_has_a_reason_and_an_owner_and_ends_by_itself(inside: Entering, empty: Workspace) -> None:
    own_standard(empty)
    with inside() as context:
        today, asset = context.now.date(), service.find_asset(context, AssetId.parse(STATUS))
        assert [one.standard.name for one in compliance_of(context, [asset]).open] == ["no_status"]
        waive(context, asset, "no_status", reason="The word is the industry's.", owner="sana", ends_on=today)
    with inside() as context:
        held = compliance_of(context, [asset])
        tomorrow = context.now + timedelta(days=1)
    with inside(now=tomorrow) as context:
        over = compliance_of(context, [asset])

    assert held.open == ()
    assert [(one.waiver.owner, one.waiver.ends_on) for one in held.findings if one.waiver] == [("sana", today)]
    assert [one.standard.name for one in over.open] == ["no_status"]


def test_a_waiver_is_ended_before_its_day_and_replaced_by_a_newer_one(inside: Entering, empty: Workspace) -> None:
    own_standard(empty)
    with inside() as context:
        asset, end = service.find_asset(context, AssetId.parse(STATUS)), context.now.date() + timedelta(days=9)
        waive(context, asset, "no_status", reason="The first reason.", owner="sana", ends_on=end)
        second = waive(context, asset, "no_status", reason="The second reason.", owner="otto", ends_on=end)
        assert [one.number for one in waivers_in_force(context)] == [second.number]
        end_waiver(context, second.number)
        assert waivers_in_force(context) == ()
        with pytest.raises(NotFound):
            end_waiver(context, second.number)


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"reason": "short"}, WrongUse),
        ({"owner": " "}, WrongUse),
        ({"ends_on": date(2026, 2, 21)}, WrongUse),
        ({"ends_on": date(2028, 1, 1)}, WrongUse),
        ({"rule": "no_such_standard"}, NotFound),
    ],
)
def test_a_waiver_without_reason_owner_or_end_is_refused(
    seeing: Entering, said: dict[str, Any], refused: type[Exception]
) -> None:
    stated = {"rule": "documented", "reason": "A whole reason.", "owner": "sana", "ends_on": date(2026, 3, 1)} | said
    with seeing() as context:
        asset = service.find_asset(context, AssetId.parse(STATUS))
    with pytest.raises(refused), seeing() as context:
        waive(context, asset, stated.pop("rule"), **stated)


def test_only_a_steward_of_everything_waives(seeing: Entering) -> None:
    with seeing() as context:
        asset = service.find_asset(context, AssetId.parse(STATUS))
    for role, countries in ((Role.VIEWER, ("*",)), (Role.STEWARD, ("SA",))):
        with pytest.raises(Forbidden), seeing("vic", role, countries=countries) as context:
            waive(context, asset, "documented", reason="A whole reason.", owner="vic", ends_on=date(2026, 3, 1))


def test_a_standard_holds_from_its_day_on(empty: Workspace) -> None:
    own_standard(empty)

    before, after = (read_standards(empty, day) for day in (date(2026, 1, 31), date(2026, 2, 1)))

    assert {one.name for one in after} - {one.name for one in before} == {"no_status"}


@pytest.mark.parametrize(
    "edit",
    [
        ("naming", "poetry"),
        ("must:", "must_not:"),
        ("lacks", "loves"),
        ("[column]", "[planet]"),
        ("2026-02-01", "soon"),
    ],
)
def test_a_faulty_standard_is_told_with_its_place(empty: Workspace, edit: tuple[str, str]) -> None:
    path = own_standard(empty)
    path.write_text(path.read_text(encoding="utf-8").replace(*edit), encoding="utf-8")

    with pytest.raises(InvalidDefinition, match=r"standards\.yaml, line 2: no_status"):
        read_standards(empty, date(2026, 2, 22))


def test_the_command_fails_on_a_broken_standard_and_passes_with_a_waiver(inside: Entering, empty: Workspace) -> None:
    own_standard(empty)
    command = ["catalog", "standards", STATUS, "--json", "--workspace", str(empty.root)]
    broken = CliRunner().invoke(compose(), command)
    with inside() as context:
        asset = service.find_asset(context, AssetId.parse(STATUS))
    with inside(now=context.now.replace(year=2099)) as context:
        end = context.now.date() + timedelta(days=300)
        waive(context, asset, "no_status", reason="The word is the industry's.", owner="sana", ends_on=end)
    waived = CliRunner().invoke(compose(), command)

    assert (broken.exit_code, '"open": 1' in broken.stdout, WHAT in broken.stdout) == (1, True, True)
    assert (waived.exit_code, '"waived": 1' in waived.stdout) == (0, True)


def test_what_should_be_kept_fails_the_strict_command_only(empty: Workspace) -> None:
    own = empty.overlay("catalog")
    own.mkdir(exist_ok=True)
    (own / "feeds.yaml").write_text("feeds: {wolt-2020: {}}\n", encoding="utf-8")  # in English alone
    at = ["catalog", "standards", "feed:wolt-2020", "--workspace", str(empty.root)]

    assert CliRunner().invoke(compose(), at).exit_code == 0
    assert CliRunner().invoke(compose(), [*at, "--strict"]).exit_code == 1


def test_what_is_retired_is_held_to_nothing(seeing: Entering) -> None:
    with seeing() as context:
        asset = replace(service.find_asset(context, AssetId.parse(STATUS)), meaning={}, owner="")
        held = standards(context)

    assert [one for one in checked([asset], held).findings if one.standard.severity is Severity.MUST]
    assert checked([replace(asset, life_cycle=LifeCycle.RETIRED)], held).checked == 0
