"""What a proof finds of a policy is said so that whoever wrote it can act, in every language of the platform."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tiffin.capabilities.policies.domain.findings import HEADINGS, ToldFinding
from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.capabilities.policies.service.library import in_force, policy_names
from tiffin.capabilities.policies.service.proving import Differences, differences_between, prove
from tiffin.engines.decisions.proving.differences import Standing
from tiffin.engines.decisions.proving.findings import Fault
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import LOCALES, translate
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store

LETTERS = re.compile(r"(?<![{a-z])[A-Za-z]+(?![a-z]*})")
"""Words outside of placeholders."""


@pytest.fixture
def faulty(a_policy: Any, an_overlay: Any, a_row: Any, lay: Any) -> Effective:
    """A policy with a fault of every kind that a file can bring so far as the proof."""
    outputs = [
        {"name": "amount", "label": {"en": "Amount"}, "type": "number", "values": "0, 100, 500, 700"},
        {"name": "rest", "label": {"en": "Rest"}, "type": "number"},
    ]
    rows = [
        a_row("little", {"late": "< grace"}, {"amount": 500, "rest": 0}),
        a_row("rain", {"late": "[15..60]", "cause": '"rain"'}, {"amount": 100, "rest": 400}),
        a_row("much", {"late": "[40..80)"}, {"amount": 500, "rest": 100}),
        a_row("most", {"late": "> 90", "cause": 'not("rain")'}, {"amount": 0, "rest": 500}),
        a_row("never", {"late": "> 99"}, {"amount": 0, "rest": 500}),
    ]
    over = an_overlay("KW", a_row("kw.little", {"late": "< 20"}, {"amount": 100}, overrides=["little"]))
    base = a_policy(
        outputs=outputs,
        rows=rows,
        sums=[{"outputs": ["amount", "rest"], "total": 500}],
        monotone=[{"input": "late", "output": "amount", "direction": "up"}],
        law=[{"output": "amount", "market": "KW", "at_least": 300, "reference": "Law 5"}],
    )
    return lay(base, {"KW": over})


def said(found: tuple[ToldFinding, ...], fault: Fault, locale: str = "en") -> list[str]:
    return [translate(locale, one.said) for one in found if one.fault is fault]


def messages(value: object) -> Iterator[Message]:
    """Give a message and all messages inside it."""
    if isinstance(value, Message):
        yield value
        for inner in value.values.values():
            yield from messages(inner)


def test_each_fault_names_its_rows_and_cases_in_the_columns_own_words(context: Context, faulty: Effective) -> None:
    found = prove(context, faulty).told

    assert said(found, Fault.OVERLAP) == [
        "Rows rain and much both hold for cases with Late: 40 to 60; Cause: rain, and neither goes before the other."
    ]
    assert said(found, Fault.MASKED) == ["Row never can never hold: no case that may occur passes all its cells."]
    assert said(found, Fault.UNREACHABLE) == ["Amount may be 700, but no case comes to it."]
    assert "much: Amount 500, Rest 100 do not add up to 500." in said(found, Fault.SUM)
    assert "No row decides cases with Late: 80 to 90." in said(found, Fault.GAP)
    assert any(
        one.startswith("kw.little gives Amount 100 for cases with Market: Kuwait") for one in said(found, Fault.LAW)
    )
    assert any("goes from 500 to 100 when Late grows from 0 to 16" in one for one in said(found, Fault.ORDER))


def test_each_finding_brings_a_case_to_try_with_a_market_only_where_that_matters(
    context: Context, faulty: Effective
) -> None:
    found = prove(context, faulty).told
    for one in found:
        assert bool(one.case) == (one.fault not in (Fault.UNREACHABLE, Fault.MASKED)), one
        assert "city" not in one.case
    order = next(one for one in found if "not Kuwait" in one.said)
    assert order.case["market"] not in ("KW", "other")
    law = next(one for one in found if one.fault is Fault.LAW)
    assert law.case["market"] == "KW"
    overlap = next(one for one in found if one.fault is Fault.OVERLAP)
    assert (overlap.rows, 40 <= overlap.case["late"] <= 60) == (("rain", "much"), True)
    assert translate("en", overlap.example).startswith("Late: 40")


def test_every_sentence_is_translated_into_every_language(context: Context, faulty: Effective) -> None:
    for locale in set(LOCALES) & {"ar", "zh_Hans", "zh_Hant", "pt_BR"}:
        for one in prove(replace(context, locale=locale), faulty).told:
            for message in (*messages(one.heading), *messages(one.said), *messages(one.example)):
                plain = not LETTERS.search(message.text)
                assert plain or translate(locale, Message(message.text)) != message.text
    assert all(translate("ar", one) != one for one in HEADINGS.values())


def test_numbers_and_null_are_written_as_the_reader_does(context: Context, a_policy: Any, a_row: Any, lay: Any) -> None:
    rows = [a_row("all", {"late": "< 1", "cause": "not(null)"}, {"amount": 12345})]
    found = prove(replace(context, locale="pt_BR"), lay(a_policy(rows=rows))).told
    told = said(found, Fault.GAP, "pt_BR")
    assert any("Cause: desconhecido" in one for one in told)
    assert any("Late: 1 a 99" in one for one in told)


def test_shipped_policies_are_proven_in_all_markets(context: Context) -> None:
    for name in policy_names(context):
        assert prove(context, in_force(context, name, context.now.date())).holds, name


def test_overlays_of_a_market_and_of_a_city_elsewhere_do_not_contradict(
    context: Context, root: Path, a_policy: Any, an_overlay: Any, a_row: Any, lay: Any
) -> None:
    over = {
        "KW": an_overlay("KW", a_row("kw", {}, {"amount": 600}, overrides=["much"])),
        "riyadh": an_overlay("riyadh", a_row("city", {}, {"amount": 700}, overrides=["much"])),
    }
    laid = lay(a_policy(), over)
    assert [one.rows for one in prove(context, laid).told] == [("kw", "city")]

    contract = TABLES["cities"]
    cities = pa.Table.from_pylist([{"city_id": "riyadh", "country": "SA"}], schema=arrow_schema(contract))
    open_store(context.workspace).upsert(contract, cities.to_reader(), now=context.now, source="test")
    with open_context(root, now=context.now) as later:
        assert prove(later, laid).holds


def outcomes(found: Differences) -> list[tuple[str, ...]]:
    parts = [(one.where, one.before.said, one.after.said) for one in found.told]
    return sorted(tuple(translate("en", part) for part in one) for one in parts)


def test_two_versions_differ_in_regions_told_in_words(context: Context, a_policy: Any, a_row: Any, lay: Any) -> None:
    before = lay(a_policy())
    later = [a_row("little", {"late": "< 20"}, {"amount": 0}), a_row("much", {"late": "> 20"}, {"amount": 500})]
    after = lay(a_policy(rows=later))

    found = differences_between(context, before, after)

    assert outcomes(found) == [
        ("Late: 15 to 19", "Amount 500", "Amount 0"),
        ("Late: 20", "Amount 500", "no row holds"),
    ]
    assert {(one.before.rows, one.after.rows) for one in found.told} == {(("much",), ("little",)), (("much",), ())}
    assert {one.after.standing for one in found.told} == {Standing.DECIDED, Standing.GAP}
    assert differences_between(context, before, before).are_equivalent
    assert not found.are_equivalent
