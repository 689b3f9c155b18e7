"""Read Open Data Contract Standard files into table contracts.

One file holds one table. Beyond the standard's own fields it uses ``customProperties``: ``meaning.<locale>`` (what a
table, column or rule means in a language other than English), ``unit``, ``derived`` and, on the table, ``eventAt``. In
the same way ``grain.<locale>`` says what one row is, and ``usage.<locale>`` and ``limitations.<locale>``, beside those
of the description, what the rows are meant for and what they do not tell.
``person`` and ``personBy`` say whom a column names; ``sealedFor``, beside the standard's ``encryptedName``, under whose
key its values are sealed.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tiffin.kernel.contract import LOCALES, Classification, Column, LogicalType, Rule, TableContract
from tiffin.kernel.errors import InvalidDefinition, Place
from tiffin.kernel.people import PersonKind
from tiffin.kernel.rule_language import parse_rule
from tiffin.runtime.definition_folders import definition_files
from tiffin.runtime.definitions import place_of, read_yaml

CONTRACTS_FOLDER = Path(__file__).parents[2] / "capabilities" / "facts" / "contracts"
"""Where the contracts lie in the package."""

API_VERSION = "v3.1.0"

_RULE_ENGINE = "tiffin"


def read_contracts(folder: Path = CONTRACTS_FOLDER) -> tuple[TableContract, ...]:
    """Read every contract of a folder, in the order of their names.

    Raises
    ------
    InvalidDefinition
        A file breaks the form, or refers to a column that no contract has.
    """
    contracts = tuple(read_contract(path) for path in definition_files(folder))
    _check_references(contracts)
    return contracts


def read_contract(path: Path) -> TableContract:
    """Read one contract.

    Raises
    ------
    InvalidDefinition
        The file is not a contract of the form described above; the message names the line.
    """
    document = read_yaml(path)
    if not isinstance(document, dict) or document.get("apiVersion") != API_VERSION:
        raise InvalidDefinition(f"{path}: a data contract with apiVersion {API_VERSION} was expected at the top.")
    tables = _need(path, document, "schema")
    if not isinstance(tables, list) or len(tables) != 1:
        raise InvalidDefinition(f"{place_of(path, document, 'schema')}: exactly one table was expected under schema.")
    table = tables[0]
    description = _need(path, document, "description")
    contract = TableContract(
        name=_need(path, table, "name"),
        version=_need(path, document, "version"),
        meaning=_meanings(path, description, "purpose"),
        grain=_texts(path, table, "dataGranularityDescription", "grain"),
        key=_key(path, table),
        columns=tuple(_column(path, item) for item in _need(path, table, "properties")),
        rules=tuple(_rule(path, item) for item in table.get("quality", ())),
        event_at=tuple(str(_custom(table).get("eventAt", "")).split()),
        owner=_need(path, _need(path, document, "team"), "name"),
        retention_months=_retention(path, document),
        usage=_texts(path, description, "usage", "usage") if description.get("usage") else {},
        limitations=_texts(path, description, "limitations", "limitations") if description.get("limitations") else {},
    )
    _check_columns(path, table, contract)
    _check_rules(path, table, contract)
    return contract


def _need(path: Path, mapping: Mapping[str, Any], key: str) -> Any:
    if key not in mapping:
        raise InvalidDefinition(f"{place_of(path, mapping)}: the key {key!r} was expected here, and there is none.")
    return mapping[key]


def _custom(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {item["property"]: item["value"] for item in mapping.get("customProperties", ())}


def _meanings(path: Path, mapping: Mapping[str, Any], english: str) -> dict[str, str]:
    return _texts(path, mapping, english, "meaning")


def _texts(path: Path, mapping: Mapping[str, Any], english: str, named: str) -> dict[str, str]:
    """Read a text in every language: the English one under its own key, the others as customProperties."""
    custom = _custom(mapping)
    texts = {"en": str(_need(path, mapping, english))}
    for locale in LOCALES[1:]:
        if not custom.get(f"{named}.{locale}"):
            where = place_of(path, mapping, english)
            raise InvalidDefinition(f"{where}: the customProperty {named}.{locale} was expected beside {english}.")
        texts[locale] = str(custom[f"{named}.{locale}"])
    return texts


def _key(path: Path, table: Mapping[str, Any]) -> tuple[str, ...]:
    positions = {
        _need(path, item, "primaryKeyPosition"): item["name"]
        for item in _need(path, table, "properties")
        if item.get("primaryKey")
    }
    if sorted(positions) != list(range(1, len(positions) + 1)) or not positions:
        raise InvalidDefinition(
            f"{place_of(path, table, 'properties')}: key positions 1, 2, ... without gaps were expected, "
            f"{sorted(positions)} were found."
        )
    return tuple(positions[position] for position in sorted(positions))


def _column(path: Path, item: Mapping[str, Any]) -> Column:
    options = item.get("logicalTypeOptions", {})
    custom = _custom(item)
    relationships = item.get("relationships", ())
    return Column(
        name=_need(path, item, "name"),
        type=LogicalType(_one_of(path, item, "logicalType", LogicalType)),
        meaning=_meanings(path, item, "description"),
        required=item.get("required", False),
        derived=custom.get("derived", False),
        unit=custom.get("unit"),
        values=tuple(_values(item)),
        minimum=options.get("minimum"),
        maximum=options.get("maximum"),
        max_length=options.get("maxLength"),
        pattern=options.get("pattern"),
        classification=Classification(_one_of(path, item, "classification", Classification)),
        references=relationships[0]["to"] if relationships else None,
        person=custom.get("person"),
        person_by=custom.get("personBy"),
        sealed_for=custom.get("sealedFor"),
    )


def _one_of(path: Path, item: Mapping[str, Any], key: str, allowed: type[LogicalType] | type[Classification]) -> str:
    value = _need(path, item, key)
    if value not in list(allowed):
        raise InvalidDefinition(
            f"{place_of(path, item, key)}: one of {', '.join(allowed)} was expected for {key}, {value!r} was found."
        )
    return str(value)


def _values(item: Mapping[str, Any]) -> Iterator[str]:
    for check in item.get("quality", ()):
        if check.get("metric") == "invalidValues":
            yield from check["arguments"]["validValues"]


def _rule(path: Path, item: Mapping[str, Any]) -> Rule:
    if item.get("engine") != _RULE_ENGINE:
        raise InvalidDefinition(f"{place_of(path, item)}: a rule with engine: {_RULE_ENGINE} was expected.")
    return Rule(
        name=_need(path, item, "name"),
        expression=_need(path, item, "implementation"),
        meaning=_meanings(path, item, "description"),
    )


def _retention(path: Path, document: Mapping[str, Any]) -> int:
    for item in document.get("slaProperties", ()):
        if item.get("property") == "retention" and item.get("unit") == "month":
            return int(item["value"])
    raise InvalidDefinition(f"{place_of(path, document)}: a retention in months was expected under slaProperties.")


def _check_columns(path: Path, table: Mapping[str, Any], contract: TableContract) -> None:
    where = place_of(path, table, "properties")
    names = contract.column_names
    if len(set(names)) < len(names):
        raise InvalidDefinition(f"{where}: a column of {contract.name} is declared twice.")
    for name in (*contract.key, *contract.event_at):
        if not contract.has(name):
            raise InvalidDefinition(f"{where}: {contract.name} has no column {name!r}, which its key or eventAt names.")
    for name in contract.key:
        if not contract.column(name).required:
            raise InvalidDefinition(f"{where}: the key column {name} of {contract.name} must be required.")
    _check_people(where, contract)


def _check_people(where: Place, contract: TableContract) -> None:
    kinds, named = tuple(PersonKind), {column.name for column in contract.person_columns}
    for column in contract.person_columns:
        if column.person is not None and column.person not in kinds:
            raise InvalidDefinition(
                f"{where}: {contract.name}.{column.name} names a person of the kind {column.person!r}; one of "
                f"{', '.join(kinds)} was expected."
            )
        if column.person_by is not None and not contract.has(column.person_by):
            raise InvalidDefinition(
                f"{where}: {contract.name}.{column.name} names whom {column.person_by} says, which is no column."
            )
    for column in contract.sealed_columns:
        if column.sealed_for not in named or column.required or column.name in contract.key:
            raise InvalidDefinition(
                f"{where}: {contract.name}.{column.name} is sealed for {column.sealed_for}. That must be a column that "
                "names a person, and a sealed column is neither required nor part of the key: it stays empty."
            )


def _check_rules(path: Path, table: Mapping[str, Any], contract: TableContract) -> None:
    types = {column.name: column.type.value for column in contract.columns}
    for item, rule in zip(table.get("quality", ()), contract.rules, strict=True):
        try:
            parse_rule(rule.expression, types)
        except InvalidDefinition as error:
            raise InvalidDefinition(f"{place_of(path, item, 'implementation')}: {error}") from error


def _check_references(contracts: tuple[TableContract, ...]) -> None:
    known = {f"{contract.name}.{name}" for contract in contracts for name in contract.column_names}
    for contract in contracts:
        for column in contract.columns:
            if column.references and column.references not in known:
                raise InvalidDefinition(
                    f"{contract.name}.{column.name} refers to {column.references}, which no contract has."
                )
