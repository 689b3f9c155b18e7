"""Read and write contracts of the Open Data Contract Standard, held against the standard's own schema."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiffin.engines.contracts.document import contract_of, document_of
from tiffin.engines.contracts.standard import Contract
from tiffin.engines.contracts.upgrading import READABLE, upgraded
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.contracts.plain_yaml import read_plain, write_plain

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

SCHEMA = Path(__file__).parent / "standard" / "odcs-json-schema-v3.1.0.json"
"""The published schema of the standard (Apache-2.0), as it was published."""

_SHOWN = 80


def import_contract(text: str, name: str, *, upgrade: bool = True) -> Contract:
    """Read a contract of somebody else.

    Parameters
    ----------
    name : str
        What complaints call it: its file.
    upgrade : bool
        Bring one of an older version of the standard to 3.1; else it stays as it is.

    Raises
    ------
    InvalidDefinition
        It is no contract of the standard; the message names the path at which it first is not.
    """
    document = read_document(text, name)
    return contract_of(upgraded(document) if upgrade else document)


def import_file(path: Path, *, upgrade: bool = True) -> Contract:
    """Read a contract of somebody else from its file.

    Raises
    ------
    NotFound
        There is no such file.
    InvalidDefinition
        It is no contract of the standard.
    """
    if not path.is_file():
        raise NotFound(Message("A data contract was expected at {path}, and there is no such file.", path=path))
    try:
        return import_contract(path.read_text(encoding="utf-8-sig"), str(path), upgrade=upgrade)
    except UnicodeDecodeError as error:
        raise InvalidDefinition(Message("{path} is not UTF-8 text. Save it so and try again.", path=path)) from error


def read_document(text: str, name: str) -> dict[str, Any]:
    """Read a contract's document and hold it against the standard's schema, an older one as 3.1 would write it.

    Raises
    ------
    InvalidDefinition
        It is no contract of the standard.
    """
    document = read_plain(text, name)
    if not isinstance(document, dict):
        raise InvalidDefinition(
            Message("{name}: a data contract is a mapping with apiVersion, kind, id, version, status.", name=name)
        )
    version = document.get("apiVersion")
    if version not in READABLE:
        raise InvalidDefinition(
            Message(
                "{name}: at apiVersion, one of {known} was expected and {found} was found. Bring the contract to one "
                "of these versions of the standard first.",
                name=name,
                known=", ".join(READABLE),
                found=_shown(version),
            )
        )
    check_document(upgraded(document), name)
    return document


def check_document(document: Mapping[str, Any], name: str) -> None:
    """Hold a document against the standard's schema.

    Raises
    ------
    InvalidDefinition
        It breaks it; the message names the deepest place that explains why.
    """
    errors = [deep for error in _validator().iter_errors(document) for deep in _deepest(error)]
    if errors:
        first = min(errors, key=lambda error: (_weight(error), len(error.absolute_path)))
        raise InvalidDefinition(
            Message(
                "{name}: at {path}, {wrong}. Mend it, or see the Open Data Contract Standard 3.1.",
                name=name,
                path=path_of(first.absolute_path, document),
                wrong=_wrong(first),
            )
        )


def export_contract(contract: Contract) -> str:
    """Write a contract as YAML."""
    return write_plain(document_of(contract))


def path_of(parts: Iterable[str | int], document: Any) -> str:
    """Write where in a document something stands, with the names of what lies on the way.

    Examples
    --------
    >>> path_of(["schema", 0, "name"], {"schema": [{"name": "orders"}]})
    'schema[0] (orders).name'
    """
    text, here = "", document
    for part in parts:
        here = here[part]
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
        named = here.get("name") or here.get("server") or here.get("property") if isinstance(here, dict) else None
        text += f" ({named})" if isinstance(part, int) and isinstance(named, str) else ""
    return text or "the top"


@cache
def _validator() -> "Validator":
    # The library and the schema take a fifth of a second, and most commands need neither.
    import jsonschema  # noqa: PLC0415 - for the reason above

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return jsonschema.Draft201909Validator(schema)


def _deepest(error: "ValidationError") -> Iterator["ValidationError"]:
    """Give what an alternative failed for in the branch that came nearest, else the error itself."""
    if not error.context:
        yield error
        return
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0] if inner.schema_path else 0, []).append(inner)
    nearest = max(branches.values(), key=lambda found: (max(len(one.path) for one in found), -len(found)))
    if max(len(one.path) for one in nearest) == 0 and error.validator in {"oneOf", "anyOf"}:
        yield error
        return
    for inner in nearest:
        yield from _deepest(inner)


def _weight(error: "ValidationError") -> int:
    """Rank kinds of faults: that a key is unknown often only follows from another fault beside it."""
    return 1 if error.validator in {"unevaluatedProperties", "additionalProperties"} else 0


def _wrong(error: "ValidationError") -> Message:
    found, wanted = _shown(error.instance), _wanted(error)
    texts = {
        "required": Message("{wanted} was expected and is not there", wanted=wanted),
        "enum": Message("one of {wanted} was expected and {found} was found", wanted=wanted, found=found),
        "const": Message("one of {wanted} was expected and {found} was found", wanted=wanted, found=found),
        "type": Message("a value of the kind {wanted} was expected and {found} was found", wanted=wanted, found=found),
        "pattern": Message("a text like {wanted} was expected and {found} was found", wanted=wanted, found=found),
        "oneOf": Message("exactly one of {wanted} was expected", wanted=wanted),
        "unevaluatedProperties": Message(
            "the key {wanted} stands, which the standard does not have there", wanted=wanted
        ),
        "additionalProperties": Message(
            "the key {wanted} stands, which the standard does not have there", wanted=wanted
        ),
    }
    other = Message("{found} is not what the standard wants ({fault})", found=found, fault=error.message[:200])
    return texts.get(str(error.validator), other) if wanted else other


def _wanted(error: "ValidationError") -> str:
    """Tell in short what was wanted; for a key that should not be there, which key it is."""
    wanted: Any = error.validator_value
    instance: Any = error.instance
    match error.validator:
        case "required":
            return ", ".join(repr(key) for key in wanted if key not in instance)
        case "unevaluatedProperties" | "additionalProperties":
            return error.message.partition("(")[2].partition(" was unexpected")[0].partition(" were unexpected")[0]
        case "oneOf":
            return ", ".join(key for branch in wanted for key in branch.get("required", ()))
        case _:
            return ", ".join(map(str, wanted)) if isinstance(wanted, list) else str(wanted)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
