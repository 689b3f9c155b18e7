"""Contracts of others are read, held against the standard, and written again with the same meaning."""

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tiffin.engines.contracts.document import contract_of, document_of
from tiffin.engines.contracts.sameness import differences
from tiffin.engines.contracts.standard import API_VERSION, Contract, Section
from tiffin.engines.contracts.upgrading import upgraded
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.runtime.contracts.form import (
    SCHEMA,
    check_document,
    export_contract,
    import_contract,
    import_file,
    read_document,
)
from tiffin.runtime.contracts.plain_yaml import PlainText, read_plain, write_plain
from tiffin.runtime.contracts.reading import CONTRACTS_FOLDER

EXAMPLES = 18
Document = dict[str, Any]


@pytest.fixture(scope="module")
def examples(shared: Path) -> dict[str, str]:
    """Every published example of the standard."""
    folder = shared / "peers" / "odcs" / "examples"
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml")}


@pytest.fixture(scope="module")
def full(examples: dict[str, str]) -> Document:
    """The example that has every section."""
    return read_plain(examples["all/full-example.odcs.yaml"], "full")


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a document at which something stands."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*path, number))


def put(document: Document, path: tuple[Any, ...], change: Callable[[Any, Any], object]) -> Document:
    """A copy with one place changed."""
    changed = copy.deepcopy(document)
    inner: Any = changed
    for part in path[:-1]:
        inner = inner[part]
    change(inner, path[-1])
    return changed


def test_every_published_example_comes_back_unchanged_in_meaning(examples: dict[str, str]) -> None:
    changed = {}
    for name, text in examples.items():
        document = read_document(text, name)
        written = export_contract(contract_of(document))
        found = [*differences(document, read_plain(written, name))]
        found += differences(yaml.safe_load(text), yaml.safe_load(written))
        changed |= {name: found} if found else {}

    assert changed == {}
    assert len(examples) == EXAMPLES


def test_every_published_example_is_brought_to_the_present_standard(examples: dict[str, str]) -> None:
    for name, text in examples.items():
        document = upgraded(read_plain(text, name))
        assert document["apiVersion"] == API_VERSION
        check_document(document, name)


def test_our_own_contracts_come_back_unchanged_in_meaning() -> None:
    for path in sorted(CONTRACTS_FOLDER.glob("*.yaml")):
        document = read_plain(path.read_text(encoding="utf-8"), path.name)
        assert [*differences(document, read_plain(export_contract(contract_of(document)), path.name))] == []


def test_the_comparison_finds_every_single_change(full: Document) -> None:
    every = list(places(full))
    for path in every:
        assert [*differences(full, put(full, path, lambda inner, key: inner.pop(key)))]
        assert [*differences(full, put(full, path, lambda inner, key: inner.__setitem__(key, "another")))]
    assert len(every) > 300


@pytest.mark.parametrize("pair", [(1, 1.0), (1, True), (0, None), ("1", 1), ("", None), (PlainText("on"), "on")])
def test_values_that_only_look_alike_are_not_the_same(pair: tuple[Any, Any]) -> None:
    assert [found.path for found in differences({"a": [pair[0]]}, {"a": [pair[1]]})] == ["a[0]"]


def test_a_key_that_holds_nothing_is_not_a_key_that_is_not_there() -> None:
    assert [found.path for found in differences({"a": None}, {})] == ["a"]


def test_the_order_of_keys_and_the_style_do_not_matter(examples: dict[str, str]) -> None:
    document = yaml.safe_load(examples["quality/column-accuracy.odcs.yaml"])
    flow = yaml.safe_dump(document, default_flow_style=True, sort_keys=True)

    assert [*differences(document, read_plain(flow, "flow"))] == []


def test_the_order_of_a_list_matters(full: Document) -> None:
    turned = copy.deepcopy(full)
    turned["roles"].reverse()

    assert [*differences(full, turned)]


def test_whatever_stands_at_a_place_is_kept(full: Document) -> None:
    for path in list(places(full))[::3]:
        for strange in (None, ["x", {"y": 1}], {"z": None}, 7, "text", True):
            broken = put(full, path, lambda inner, key, value=strange: inner.__setitem__(key, value))
            assert [*differences(broken, document_of(contract_of(broken)))] == []


def test_unknown_keys_are_kept_where_they_stand(full: Document) -> None:
    full = copy.deepcopy(full)
    full["invented"] = {"a": 1}
    full["schema"][0]["properties"][0]["invented"] = [1, 2]

    contract = contract_of(full)

    assert contract.more == {"invented": {"a": 1}}
    assert document_of(contract) == full


def test_the_model_has_a_place_for_every_key_of_the_standard(full: Document) -> None:
    known = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    assert set(known["properties"]) <= set(document_of(contract_of(dict.fromkeys(known["properties"])))) | {None}
    assert [section for section in parts(contract_of(full)) if [key for key in section.more if key != "value"]] == []


def parts(section: Section) -> Iterator[Section]:
    """A contract and everything in it."""
    yield section
    for name in section.__dataclass_fields__:
        value = getattr(section, name)
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, Section):
                yield from parts(inner)


WORDS = (
    "2022-10-03",
    "on",
    "No",
    "12:30",
    "010",
    "1e3",
    "0o17",
    "0x1F",
    "~",
    "1_000",
    "2022-05-12T09:30:10Z",
    ".5",
)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_on_which_readers_differ_is_written_as_it_stood(word: str) -> None:
    for text in (f"a: {word}\n", f"a: '{word}'\n"):
        written = write_plain(read_plain(text, "words"))
        assert yaml.safe_load(written) == yaml.safe_load(text)
        assert [*differences(read_plain(written, "words"), read_plain(text, "words"))] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\na: 2\n", "stands twice"),
        ("a: &x 1\nb: *x\n", "anchors"),
        ("? [1]\n: 2\n", "plain value"),
        ("[1, 2]\n", "mapping with apiVersion"),
        ("apiVersion: v2.2.2\n", "apiVersion, one of v3.0.0"),
        ("a: [\n", "could not be read"),
    ],
)
def test_what_is_no_contract_is_refused_in_words(text: str, told: str) -> None:
    with pytest.raises(InvalidDefinition, match=told):
        import_contract(text, "strange.yaml")


BROKEN: dict[str, tuple[Callable[[Document], object], str]] = {
    "no version": (lambda d: d.pop("version"), "at the top, 'version' was expected"),
    "no such type": (
        lambda d: d["schema"][0]["properties"][1].update(logicalType="text"),
        r"schema\[0\] \(tbl\)\.properties\[1\] \(rcvr_id\)\.logicalType, one of string, .* 'text' was found",
    ),
    "no such key": (
        lambda d: d["schema"][0]["properties"][1].update(nonsense=1),
        r"properties\[1\] \(rcvr_id\), the key 'nonsense' stands",
    ),
    "no host": (lambda d: d["servers"][0].pop("host"), r"servers\[0\] \(my-postgres\), 'host' was expected"),
    "no such server": (lambda d: d["servers"][0].update(type="floppy"), "type, one of api, athena"),
    "no bound": (
        lambda d: d["schema"][0]["quality"][0].pop("mustBeGreaterThan"),
        r"quality\[0\], exactly one of mustBe, mustNotBe",
    ),
    "a bound that is no number": (
        lambda d: d["schema"][0]["quality"][0].update(mustBeGreaterThan="many"),
        "a value of the kind number was expected and 'many' was found",
    ),
    "a member without a name": (
        lambda d: d["team"].update(members=[{"name": "x"}]),
        r"team\.members\[0\] \(x\), 'username' was expected",
    ),
    "an identifier with a blank": (
        lambda d: d["schema"][0].update(id="a b"),
        "a text like .* was expected and 'a b' was found",
    ),
    "another kind of thing": (lambda d: d.update(kind="Letter"), "kind, one of DataContract was expected"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_contract_is_refused_with_the_path(name: str, full: Document) -> None:
    broken = copy.deepcopy(full)
    BROKEN[name][0](broken)

    with pytest.raises(InvalidDefinition, match=BROKEN[name][1]) as refused:
        check_document(broken, "full.yaml")
    assert "\n" not in str(refused.value)


def test_an_older_contract_is_upgraded_only_on_wish() -> None:
    text = """
apiVersion: v3.0.2
kind: DataContract
id: old
version: 1.0.0
status: active
slaDefaultElement: tab.col
slaProperties: [{property: latency, value: 4}, {property: retention, value: 3, element: tab.other}]
team: [{username: ana}]
schema:
  - name: tab
    properties:
      - name: col
        logicalType: array
        items: {logicalType: string, quality: [{type: library, rule: nullCheck, mustBe: 0}]}
      - {name: other, quality: [{type: library, metric: rowCount, rule: ownCheck, mustBe: 0}]}
"""
    kept, brought = import_contract(text, "old", upgrade=False), import_contract(text, "old")

    assert document_of(kept) == read_plain(text, "old")
    assert document_of(brought)["team"] == {"members": [{"username": "ana"}]}
    assert [one.element for one in brought.sla_properties or ()] == ["tab.col", "tab.other"]
    first, second = document_of(brought)["schema"][0]["properties"]
    assert first["items"]["quality"] == [{"type": "library", "metric": "nullValues", "mustBe": 0}]
    assert second["quality"][0]["rule"] == "ownCheck"


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"name: caf\xe9\n")

    with pytest.raises(NotFound, match="no such file"):
        import_file(tmp_path / "none.yaml")
    with pytest.raises(InvalidDefinition, match="UTF-8"):
        import_file(tmp_path / "latin.yaml")


def test_an_empty_contract_is_an_empty_document() -> None:
    assert document_of(Contract()) == {}
