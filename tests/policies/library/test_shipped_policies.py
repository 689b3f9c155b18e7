"""The policies that ship: complete, lawful, told in every language, and never changed once they have shipped."""

import shutil
from pathlib import Path

import pytest

from tiffin.capabilities.policies.domain.reading import placeholders
from tiffin.capabilities.policies.service.checking import check_policies
from tiffin.capabilities.policies.service.ledger import SHIPPED
from tiffin.capabilities.policies.service.library import in_force
from tiffin.capabilities.policies.service.locking import broken_locks
from tiffin.kernel.contract import LOCALES
from tiffin.runtime.context import Context
from tiffin.runtime.markets import load_markets

POLICIES = sorted(one.name for one in SHIPPED.iterdir() if one.is_dir())


def test_every_shipped_policy_is_proven_and_its_worked_cases_come_out(context: Context) -> None:
    report = check_policies(context)

    assert (
        {one.policy for one in report.checked} == set(POLICIES) >= {"liability", "late-compensation", "surge-actions"}
    )
    assert [(one.policy, one.fault, one.wrong, one.findings) for one in report.checked] == [
        (name, "", (), ()) for name in POLICIES
    ]
    assert all(one.worked_cases >= 5 for one in report.checked)


@pytest.mark.parametrize("name", POLICIES)
def test_a_shipped_policy_speaks_every_language(context: Context, name: str) -> None:
    found = in_force(context, name, context.now.date())
    stated = found.stated
    words = [stated.title, stated.question, *(one.label for one in (*stated.inputs, *stated.outputs))]
    words += [*found.reasons.values(), *(one.title for one in stated.worked_cases)]

    assert [one["en"] for one in words if set(one) != set(LOCALES)] == []
    assert [one["en"] for one in words if len({*one.values()}) < 3] == []


@pytest.mark.parametrize("name", POLICIES)
def test_a_reason_names_the_same_facts_in_every_language(context: Context, name: str) -> None:
    reasons = in_force(context, name, context.now.date()).reasons

    differing = {
        row
        for row, words in reasons.items()
        if len({tuple(sorted(placeholders(text))) for text in words.values()}) != 1
    }

    assert differing == set()


@pytest.mark.parametrize("name", POLICIES)
def test_every_case_of_every_market_has_parameters_of_its_own_currency(context: Context, name: str) -> None:
    found = in_force(context, name, context.now.date())
    markets = {one for one in load_markets() if one not in ("ZZ", "US", "FI")}

    assert markets <= set(found.places)


def test_what_shipped_has_not_changed() -> None:
    assert broken_locks() == ()


def test_a_change_of_what_shipped_is_told(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "policies"))
    base, overlay = folder / "liability" / "2026-01-01.yaml", folder / "liability" / "2026-01-01.KW.yaml"
    numbers = folder / "surge-actions" / "parameters.yaml"
    base.write_text(base.read_text() + "# one more line\n")
    overlay.unlink()
    numbers.write_text(numbers.read_text().replace("value: 25,", "value: 26,"))
    (folder / "liability" / "2027-01-01.yaml").write_text("policy: liability\n")

    told = [str(one) for one in broken_locks(folder)]

    assert [one.split(" ")[0] for one in told] == [
        "liability/2026-01-01.KW.yaml",
        "liability/2026-01-01.yaml",
        "liability/2027-01-01.yaml",
        "surge-actions/parameters.yaml",
    ]


def test_an_entry_may_be_added_to_shipped_parameters(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "policies"))
    numbers = folder / "surge-actions" / "parameters.yaml"
    numbers.write_text(
        numbers.read_text() + "  - {name: stuck_from_min, from: 2027-01-01, value: 30, unit: min, source: Assumption}\n"
    )

    assert broken_locks(folder) == ()
