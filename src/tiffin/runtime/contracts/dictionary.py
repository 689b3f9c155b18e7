"""Write the contracts as the data dictionary: pages that people read."""

import inspect
from collections.abc import Mapping, Sequence

from tiffin.kernel import rule_language
from tiffin.kernel.contract import Column, Rule, TableContract

_GENERATED = "<!-- Generated from the contracts by `python -m tiffin.runtime.contracts`; edit those. -->"
_INTRODUCTION = """\
{tables} tables, {columns} columns. Each table is one Open Data Contract Standard file in
`src/tiffin/capabilities/facts/contracts`; the code's types, the validation of loads and these pages are made from it.
The contracts carry every text in English, Arabic, simplified and traditional Chinese and Portuguese (as
`customProperties` named `meaning.<locale>`, `grain.<locale>`, `usage.<locale>` and `limitations.<locale>`); these pages
show the English.

Every table may be empty. Instants are UTC with microseconds. Amounts are integer minor units of the row's currency.
*Computed* columns are filled in at load where a feed leaves them out. A row that breaks a rule goes to the table
`quarantine_<table>` with the first rule it broke, and is never dropped.
"""


def write_dictionary(contracts: Sequence[TableContract]) -> Mapping[str, str]:
    """Write the index and one page a table.

    Returns
    -------
    mapping of str to str
        Markdown by file name.
    """
    pages = {f"{contract.name}.md": _page(contract) for contract in contracts}
    return {"README.md": _index(contracts)} | pages


def _index(contracts: Sequence[TableContract]) -> str:
    rows = [
        f"| [{one.name}]({one.name}.md) | {one.meaning['en']} | {one.grain['en']} | {one.owner} |" for one in contracts
    ]
    lines = "\n".join(rows)
    columns = sum(len(contract.columns) for contract in contracts)
    grammar = inspect.cleandoc(rule_language.__doc__ or "").replace("::\n", ":\n")
    return f"""{_GENERATED}
# Data dictionary

{_INTRODUCTION.format(tables=len(contracts), columns=columns)}
| table | holds | one row is | owner |
|---|---|---|---|
{lines}

## The language of row rules

{grammar}
"""


def _page(contract: TableContract) -> str:
    return "\n".join(
        [
            _GENERATED,
            f"# {contract.name}",
            "",
            contract.meaning["en"],
            "",
            *_facts(contract),
            "",
            "| column | type | unit | meaning | may hold | class |",
            "|---|---|---|---|---|---|",
            *(_column_row(contract, column) for column in contract.columns),
            "",
            *_rules(contract.rules),
        ]
    )


def _facts(contract: TableContract) -> list[str]:
    facts = [
        f"- One row is {contract.grain['en']}; its key is {_code(contract.key)}.",
        f"- Contract version {contract.version}; owner {contract.owner}; kept for {contract.retention_months} months.",
    ]
    if contract.event_at:
        facts.append(f"- Belongs to the business day of {_code(contract.event_at)}, the first of them that is known.")
    facts += [f"- Use: {contract.usage['en']}"] if contract.usage else []
    facts += [f"- Limits: {contract.limitations['en']}"] if contract.limitations else []
    return facts


def _code(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _column_row(contract: TableContract, column: Column) -> str:
    cells = (
        f"`{column.name}`" + (" (key)" if column.name in contract.key else ""),
        column.type.value,
        column.unit or "",
        column.meaning["en"],
        _domain(column),
        column.classification.value,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _domain(column: Column) -> str:
    parts = ["required"] if column.required else []
    parts += ["computed"] if column.derived else []
    parts += [", ".join(column.values)] if column.values else []
    parts += [f"at least {column.minimum}"] if column.minimum is not None else []
    parts += [f"at most {column.maximum}"] if column.maximum is not None else []
    parts += [f"up to {column.max_length} characters"] if column.max_length is not None else []
    parts += [f"`{column.pattern}`"] if column.pattern is not None else []
    parts += [f"names `{column.references}`"] if column.references is not None else []
    parts += [_named(column)] if column.person or column.person_by else []
    parts += [f"sealed where `{column.sealed_for}` names somebody"] if column.sealed_for else []
    return "; ".join(parts)


def _named(column: Column) -> str:
    kinds = " or else ".join([*([f"whom `{column.person_by}` says"] if column.person_by else []), column.person or ""])
    return f"pseudonym ({kinds.removesuffix(' or else ')})"


def _rules(rules: Sequence[Rule]) -> list[str]:
    if not rules:
        return []
    rows = [f"| `{rule.name}` | `{rule.expression}` | {rule.meaning['en']} |" for rule in rules]
    return ["## Rules between columns", "", "| rule | must hold | otherwise |", "|---|---|---|", *rows, ""]
