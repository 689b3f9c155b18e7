"""Tables of other tools: a draft decides as the table it was made of, and no hostile file breaks anything."""

import io
import random
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.capabilities.policies.domain.decision import Case
from tiffin.capabilities.policies.domain.exchange.csv_tables import policy_in_csv
from tiffin.capabilities.policies.domain.exchange.dmn_views import views_of
from tiffin.capabilities.policies.domain.exchange.files import PolicyFile, PolicyFiles
from tiffin.capabilities.policies.domain.exchange.foreign import taken_of
from tiffin.capabilities.policies.domain.layering import effective
from tiffin.capabilities.policies.domain.reading import Filed, read_policy
from tiffin.capabilities.policies.service.deciding import Desk
from tiffin.capabilities.policies.service.exchange_import import Wanted, bring_in
from tiffin.capabilities.policies.service.exchange_sheets import policy_in_xlsx
from tiffin.engines.decisions.dmn.graph import compile_model
from tiffin.engines.decisions.dmn.model import Definitions
from tiffin.engines.decisions.dmn.reading import read_model
from tiffin.engines.decisions.dmn.running import decide
from tiffin.kernel.errors import TiffinError

ON = date(2026, 6, 1)
NUMBERS = (None, -1, 0, 1, 5, 15, 18, 29, 30, 44, 45, 59, 60, 99, 100, 500, 1000, 100_000)
WORDS = ("Medium", "Low", "High", "Best", "Standard", "other")
CASES = 25
SPEAKS_OF_FACTS = "0036-dt-variable-input"
"""The model whose cells compare one fact with another, which no policy does."""


def models(shared: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted((shared / "peers" / "dmn-tck").rglob("*.dmn")):
        yield path.name, path.read_bytes()


def desk_of(content: Mapping[str, Any]) -> Desk:
    """Make a draft ready to decide."""
    read = read_policy(content, Filed(str(content["policy"]), "", ON, "0", "draft.yaml"))
    return Desk(effective(read, (), (), ON))


def drawn(inputs: list[Mapping[str, Any]], chance: random.Random) -> dict[str, Any]:
    """Draw a case: of texts those that a column names, where it names any."""
    kinds: dict[str, tuple[Any, ...]] = {"number": NUMBERS, "boolean": (True, False, None), "string": (*WORDS, None)}
    case = {}
    for one in inputs:
        named = [word.strip().strip('"') for word in one.get("values", "").split(",") if '"' in word]
        case[one["name"]] = chance.choice(named or kinds.get(one["type"], (None,)))
    return case


def laid_out(value: Any, outputs: list[str]) -> list[Any]:
    """Give a decision's value output by output; of a table that lists rows, the list of each output."""
    if isinstance(value, list):
        rows = [laid_out(one, outputs) for one in value]
        return [list(one) for one in zip(*rows, strict=True)] if rows else [[] for _ in outputs]
    return list(value.values()) if isinstance(value, dict) else [value] * len(outputs)


def alone(model: Definitions) -> Iterator[tuple[Mapping[str, Any], str, dict[str, str]]]:
    """Give the drafts of decisions that test facts alone, with the name that the model gives each input."""
    facts = {one.name for one in model.inputs}
    taken = taken_of(model, owner="o", source="s").drafts if model.name != SPEAKS_OF_FACTS else ()
    for draft in taken:
        view = next(one for one in views_of(model) if one.name == draft.decision)
        texts = [one.text for one in view.inputs]
        if set(texts) <= facts and draft.decision in {one.name for one in model.decisions}:
            names = [one["name"] for one in draft.content["inputs"]]
            yield draft.content, draft.decision, dict(zip(names, texts, strict=True))


def test_a_draft_decides_as_the_table_it_was_made_of(shared: Path) -> None:
    compared = answered = 0
    for name, data in models(shared):
        model = read_model(data, name)
        graph = compile_model(model)
        for content, decision, called in alone(model):
            desk, chance = desk_of(content), random.Random(name)  # noqa: S311 - no secret
            outputs = [one["name"] for one in content["outputs"]]
            for _ in range(CASES):
                case = drawn(content["inputs"], chance)
                ours = desk.decide(Case(case, ON, "SA", "riyadh")).outputs
                theirs = decide(graph, decision, {called[key]: value for key, value in case.items()}).value
                compared, answered = compared + 1, answered + (theirs not in (None, []))
                assert list(ours.values()) == laid_out(theirs, outputs), (name, decision, case)

    assert compared >= 15 * CASES
    assert answered >= compared // 10


EMPTY = PolicyFiles(PolicyFile("", ON, "", {"policy": "any", "title": {"en": "Any"}}))


@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_csv_is_told_in_words(content: bytes) -> None:
    with suppress(TiffinError):
        policy_in_csv("any.csv", content, EMPTY)


@given(content=st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_a_workbook_is_told_in_words(content: bytes) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as parts:
        parts.writestr("xl/workbook.xml", content)
    for one in (content, held.getvalue()):
        with suppress(TiffinError):
            policy_in_xlsx("any.xlsx", one, ON)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_model_is_told_in_words_or_read(shared: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    for name, data in models(shared):
        if b"decisionTable" not in data:
            continue
        at, length = chance.randrange(len(data)), chance.randrange(1, 40)
        damaged = data[:at] + chance.choice((b"", b"<x/>", b'"', b"&lt;", b"- 1 [..")) + data[at + length :]
        with suppress(TiffinError):
            bring_in(name, damaged, Wanted(ON, "steward"))
