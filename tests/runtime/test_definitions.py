"""Definition files: what is read, and what is refused before it can do harm."""

from pathlib import Path

import pytest

from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.runtime.definition_folders import definition_files
from tiffin.runtime.definitions import MAX_BYTES, place_of, read_yaml, without_lines


def a_file(folder: Path, text: str | bytes) -> Path:
    path = folder / "a.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_definition_is_plain_values_that_know_their_lines(tmp_path: Path) -> None:
    path = a_file(tmp_path, "name: orders\n\nsteps:\n  - {at: 3}\n  - at: 4\n")

    found = read_yaml(path)

    assert without_lines(found) == {"name": "orders", "steps": [{"at": 3}, {"at": 4}]}
    assert str(place_of(path, found, "steps")) == f"{path}, line 3"
    assert str(place_of(path, found["steps"][1])) == f"{path}, line 5"
    assert str(place_of(path, {})) == str(path)


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert without_lines(read_yaml(a_file(tmp_path, b"\xef\xbb\xbfname: x\n"))) == {"name": "x"}


def test_an_aliased_node_is_refused(tmp_path: Path) -> None:
    path = a_file(tmp_path, "a: &x [1, 2]\nb: *x\n")

    with pytest.raises(InvalidDefinition, match=r"anchors and aliases are not allowed.*line 1"):
        read_yaml(path)


def test_a_merge_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidDefinition, match="anchors and aliases"):
        read_yaml(a_file(tmp_path, "base: &b {x: 1}\nother:\n  <<: *b\n"))


def test_a_billion_laughs_are_refused_at_once(tmp_path: Path) -> None:
    levels = "".join(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]\n" for i in range(1, 12))

    with pytest.raises(InvalidDefinition, match="anchors and aliases"):
        read_yaml(a_file(tmp_path, f"l0: &l0 lol\n{levels}"))


@pytest.mark.parametrize("bomb", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000])
def test_nesting_that_would_crash_the_parser_is_refused(tmp_path: Path, bomb: str) -> None:
    with pytest.raises(InvalidDefinition, match="nested deeper than 60 levels"):
        read_yaml(a_file(tmp_path, bomb))


def test_a_key_that_stands_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidDefinition, match=r"'name' stands twice.*line 3"):
        read_yaml(a_file(tmp_path, "name: a\nunit: b\nname: c\n"))


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['true']",
        "a: [1, 2",
        "a: 1\n---\nb: 2\n",
        "? [1, 2]\n: 3\n",
        b"\xff\xfe\x00",
        b"a: \x00",
        "at: 2026-13-45\n",
    ],
)
def test_what_is_no_allowed_yaml_is_refused_in_one_paragraph(tmp_path: Path, text: str | bytes) -> None:
    path = a_file(tmp_path, text)

    with pytest.raises(InvalidDefinition) as failure:
        read_yaml(path)

    assert str(failure.value).startswith(f"{path} could not be read as YAML")
    assert "\n" not in str(failure.value)


def test_a_file_that_is_too_long_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(InvalidDefinition, match="never that long"):
        read_yaml(a_file(tmp_path, "#" * (MAX_BYTES + 1)))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="none"):
        read_yaml(tmp_path / "none.yaml")


def test_a_later_folder_replaces_an_earlier_ones_file_of_the_same_name(tmp_path: Path) -> None:
    shipped, own, absent = tmp_path / "shipped", tmp_path / "own", tmp_path / "absent"
    for path in (shipped / "a.yaml", shipped / "sub" / "b.yaml", own / "a.yaml"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x: 1")

    assert list(definition_files(shipped, own, absent)) == [own / "a.yaml", shipped / "sub" / "b.yaml"]
