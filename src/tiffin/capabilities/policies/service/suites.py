"""The regression suite of a policy in force: generated cases that show every condition, with what came of them."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tiffin.capabilities.policies.domain.plain import value_as_plain
from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.capabilities.policies.service.case_files import cell_text
from tiffin.capabilities.policies.service.deciding import desk_of
from tiffin.engines.decisions.covering.suite import Suite, SuiteCase, changed
from tiffin.engines.decisions.explaining.settling import outputs_of
from tiffin.runtime.json_text import json_text

EXPECTED = "expected_"
"""How the columns begin that tell what came of a case."""


def suite_of(effective: Effective) -> Suite:
    """Give the regression suite of a policy in force.

    Raises
    ------
    NotPlain
        When a cell holds more than plain tests of plain values.
    """
    return desk_of(effective).suite


def differing(before: Effective, after: Effective) -> tuple[tuple[SuiteCase, SuiteCase], ...]:
    """Give the cases of one version's suite that another decides otherwise, each as before and as after.

    Raises
    ------
    NotPlain
        When a cell of the first holds more than plain tests of plain values.
    """
    return changed(suite_of(before), after.table)


def suite_rows(effective: Effective) -> Iterator[dict[str, Any]]:
    """Give the cases as ``tiffin policies decide --input`` reads them, with what is expected beside."""
    suite = suite_of(effective)
    for one in suite.cases:
        outputs = outputs_of(effective.table.table, one.value)
        yield {
            **{name: value_as_plain(value) for name, value in zip(suite.inputs, one.values, strict=True)},
            "shows": " ".join(part for part in one.shows if part),
            f"{EXPECTED}row": "+".join(one.rows),
            **{f"{EXPECTED}{name}": value_as_plain(value) for name, value in outputs.items()},
        }


def suite_text(rows: Sequence[Mapping[str, Any]], effective: Effective, *, as_csv: bool) -> str:
    """Write cases of a policy's suite as CSV or JSON lines."""
    if not as_csv:
        return "".join(json_text(one) + "\n" for one in rows)
    file = io.StringIO()
    table = csv.DictWriter(file, list(rows[0]) if rows else list(desk_of(effective).ready.names))
    table.writeheader()
    table.writerows({name: cell_text(value) for name, value in one.items()} for one in rows)
    return file.getvalue()
