import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tiffin.kernel.contract import LOCALES, Classification, LogicalType, TableContract
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.contracts.__main__ import main
from tiffin.runtime.contracts.generating import generated_files, stale_files
from tiffin.runtime.contracts.reading import CONTRACTS_FOLDER, read_contract, read_contracts
from tiffin.runtime.contracts.translations import old_translations, write_translations

DESIGNED_TABLES = [
    "city_calendars",
    "orders",
    "order_items",
    "order_stages",
    "promises",
    "customer_sessions",
    "dispatch_offers",
    "rider_positions",
    "riders",
    "fleets",
    "rider_sessions",
    "merchants",
    "merchant_states",
    "zones",
    "cities",
    "city_days",
    "marketplace_slots",
    "weather",
    "ratings",
    "contacts",
    "refunds",
    "costs",
    "campaigns",
    "redemptions",
    "survey_answers",
    "evidence",
    "employees",
    "teams",
    "verdicts",
    "penalties",
    "appeals",
    "surge_actions",
    "roster",
    "adherence",
    "commands",
    "metric_values",
    "check_results",
    "disruptions",
    "delay_causes",
    "planted_rows",
    "rehearsal_outcomes",
    "personal_values",
]

SCRIPTS = {"ar": r"[\u0600-\u06ff]", "zh_Hans": r"[\u4e00-\u9fff]", "zh_Hant": r"[\u4e00-\u9fff]", "pt_BR": r"[a-z]"}

files = pytest.mark.parametrize("path", sorted(CONTRACTS_FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
tables = pytest.mark.parametrize("contract", TABLES.values(), ids=lambda contract: contract.name)


@pytest.fixture(scope="module")
def standard(shared: Path) -> jsonschema.protocols.Validator:
    schema = json.loads((shared / "peers" / "odcs" / "odcs-json-schema-v3.1.0.json").read_text(encoding="utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


@files
def test_every_contract_keeps_the_open_data_contract_standard(
    path: Path, standard: jsonschema.protocols.Validator
) -> None:
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)

    assert [error.message for error in standard.iter_errors(document)] == []


def test_every_table_of_the_design_has_a_contract() -> None:
    assert sorted(TABLES) == sorted(DESIGNED_TABLES)


def test_what_is_generated_says_what_the_contracts_say() -> None:
    assert stale_files() == ()


def test_the_registry_holds_what_the_contracts_say() -> None:
    assert {contract.name: contract for contract in read_contracts()} == dict(TABLES)


def test_checking_writes_nothing_and_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0
    assert main([]) == 0
    assert capsys.readouterr().out == ""


def test_a_changed_file_is_found_and_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tiffin.runtime.contracts.generating.PACKAGE", tmp_path / "src" / "tiffin")
    assert main(["--check"]) == 1
    assert not any(tmp_path.iterdir())
    main([])
    orders = tmp_path / "src" / "tiffin" / "kernel" / "facts" / "orders.py"
    orders.write_text("changed", encoding="utf-8")
    left_over = orders.with_name("gone.py")
    left_over.write_text("", encoding="utf-8")
    capsys.readouterr()

    assert main([]) == 0

    assert set(capsys.readouterr().out.split()) == {str(orders), str(left_over)}
    assert stale_files() == ()
    assert orders.read_text(encoding="utf-8") == generated_files()[orders]
    assert not left_over.exists()


@tables
def test_everything_is_explained_in_every_language(contract: TableContract) -> None:
    for part in (contract, *contract.columns, *contract.rules):
        assert tuple(part.meaning) == LOCALES
        for locale, script in SCRIPTS.items():
            assert re.search(script, part.meaning[locale]), (part.name, locale)
        assert all(text.endswith((".", "。")) for text in part.meaning.values()), part.name


@tables
def test_grain_use_and_limits_are_told_in_every_language(contract: TableContract) -> None:
    assert contract.grain
    for texts in filter(None, (contract.grain, contract.usage, contract.limitations)):
        assert tuple(texts) == LOCALES
        assert all(re.search(script, texts[locale]) for locale, script in SCRIPTS.items()), contract.name
    for texts in filter(None, (contract.usage, contract.limitations)):
        assert all(text.endswith((".", "。")) for text in texts.values()), contract.name


def test_limits_without_a_language_are_refused_with_their_line(tmp_path: Path) -> None:
    text = (CONTRACTS_FOLDER / "riders.yaml").read_text(encoding="utf-8").replace("limitations.pt_BR", "limits.pt_BR")
    (tmp_path / "riders.yaml").write_text(text, encoding="utf-8")
    line = next(n for n, one in enumerate(text.splitlines(), 1) if one.startswith("  limitations:"))

    with pytest.raises(InvalidDefinition, match=rf"line {line}: .*limitations\.pt_BR was expected beside limitations"):
        read_contract(tmp_path / "riders.yaml")


def test_a_translation_older_than_its_text_is_told_until_it_is_made_again(tmp_path: Path) -> None:
    riders, file = TABLES["riders"], tmp_path / "translations.json"

    def kept(**texts: str) -> tuple[str, ...]:
        contract = replace(riders, limitations={**riders.limitations, **texts})
        file.write_text(write_translations((contract,), file), encoding="utf-8")
        return old_translations((contract,), file)

    assert kept() == ()
    changed = {"en": "Names of riders are kept elsewhere.", "ar": "تُحفظ أسماء المندوبين في مكان آخر."}
    aged = ("riders.limitations.zh_Hans", "riders.limitations.zh_Hant", "riders.limitations.pt_BR")
    assert kept(**changed) == aged
    assert kept(**changed) == aged, "writing the digests again makes no translation young"
    assert kept(**changed, zh_Hans="骑手姓名另行保存。") == aged[1:]


@tables
def test_a_table_says_where_its_rows_come_from(contract: TableContract) -> None:
    assert contract.column("source").required


@tables
def test_units_stand_where_a_number_needs_one(contract: TableContract) -> None:
    suffixes = {"_min": "min", "_m": "m", "_s": "s", "_minor": "minor units", "_m_s": "m/s", "_share": "share"}
    for column in contract.columns:
        if column.type not in {LogicalType.INTEGER, LogicalType.NUMBER}:
            continue
        for suffix in sorted(suffixes, key=len, reverse=True):
            if column.name.endswith(suffix):
                assert column.unit == suffixes[suffix], column.name
                break


@tables
def test_amounts_are_integers_beside_a_currency(contract: TableContract) -> None:
    amounts = [column for column in contract.columns if column.name.endswith("_minor")]

    assert all(column.type is LogicalType.INTEGER for column in amounts)
    assert not amounts or contract.has("currency")


@tables
def test_pseudonyms_and_places_of_persons_are_classified_as_personal(contract: TableContract) -> None:
    guarded = {Classification.PERSONAL, Classification.SPECIAL}
    named = ("customer_id", "rider_id", "employee_id", "respondent_id", "dropoff_latitude", "dropoff_longitude")
    for column in contract.columns:
        if column.name in named:
            assert column.classification in guarded, column.name


def broken(path: Path, **changes: Any) -> Path:
    """Write a contract of weather with one thing put wrong."""
    text = (CONTRACTS_FOLDER / "weather.yaml").read_text(encoding="utf-8")
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("apiVersion: v3.1.0", "apiVersion: v2.0.0", "apiVersion v3.1.0 was expected"),
        ("schema:", "schemas:", "the key 'schema' was expected"),
        ("  name: data-stewards", "  title: data-stewards", "line 17: the key 'name' was expected"),
        ("unit: month", "unit: year", "a retention in months was expected"),
        ("logicalType: timestamp", "logicalType: instant", "line 48: one of string, integer"),
        ("classification: public", "classification: secret", "one of public, internal"),
        ("primaryKeyPosition: 2", "primaryKeyPosition: 3", "key positions 1, 2"),
        ("- name: wind_m_s", "- name: temperature_c", "declared twice"),
        ("value: observed_at", "value: seen_at", "has no column 'seen_at'"),
        ("meaning.ar", "meaning.arabic", "meaning.ar was expected"),
        ("grain.zh_Hant", "grain.zh_Hans", "grain.zh_Hant was expected beside dataGranularityDescription"),
        ("        required: true\n", "", "must be required"),
    ],
)
def test_a_broken_contract_is_refused_with_its_place(tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = broken(tmp_path / "weather.yaml", change=(old, new))

    with pytest.raises(InvalidDefinition) as refusal:
        read_contract(path)

    assert str(path) in str(refusal.value)
    assert problem in str(refusal.value)


RULE = """
    quality:
      - name: calm
        type: custom
        engine: {engine}
        implementation: "{rule}"
        description: It was not calm.
        customProperties:
          - {{property: meaning.ar, value: "لم يكن هادئا."}}
          - {{property: meaning.zh_Hans, value: "有风。"}}
          - {{property: meaning.zh_Hant, value: "有風。"}}
          - {{property: meaning.pt_BR, value: "Não estava calmo."}}
"""


@pytest.mark.parametrize(
    ("engine", "rule", "problem"),
    [("tiffin", "wind_m_s < calm", "'calm' was found"), ("soda", "wind_m_s < 3", "engine: tiffin was expected")],
)
def test_a_rule_that_cannot_be_read_is_refused_with_its_line(
    tmp_path: Path, engine: str, rule: str, problem: str
) -> None:
    path = broken(tmp_path / "weather.yaml")
    path.write_text(
        path.read_text(encoding="utf-8") + RULE.format(engine=engine, rule=rule).lstrip("\n"), encoding="utf-8"
    )

    with pytest.raises(InvalidDefinition, match=rf"weather\.yaml, line \d+.*{problem}"):
        read_contract(path)


def test_two_tables_in_one_file_are_refused(tmp_path: Path) -> None:
    path = broken(tmp_path / "weather.yaml")
    path.write_text(path.read_text(encoding="utf-8") + "  - {name: second}\n", encoding="utf-8")

    with pytest.raises(InvalidDefinition, match="exactly one table"):
        read_contract(path)


def test_a_reference_to_nothing_is_refused(tmp_path: Path) -> None:
    broken(tmp_path / "weather.yaml")

    with pytest.raises(InvalidDefinition, match=r"weather\.city_id refers to cities\.city_id"):
        read_contracts(tmp_path)


def test_a_missing_contract_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_contract(tmp_path / "weather.yaml")
