"""How the model's fields stand in XML; the metadata of each field, so that reading and writing cannot disagree."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Form(StrEnum):
    """How a field stands in XML."""

    ATTRIBUTE = "attribute"
    TEXT = "text"
    """The text of a child element."""
    PART = "part"
    """A child element that is a part of the model."""
    PARTS = "parts"
    REFERENCE = "reference"
    """The ``href`` of a child element."""
    REFERENCES = "references"
    LOGIC = "logic"
    """A child that is an expression of any kind."""
    LOGICS = "logics"
    WRAPPED = "wrapped"
    """An expression of any kind inside a child element."""


def attribute(name: str) -> Mapping[str, Any]:
    """Declare a field that is an attribute."""
    return {"form": Form.ATTRIBUTE, "tag": name}


def text(name: str) -> Mapping[str, Any]:
    """Declare a field that is the text of a child element."""
    return {"form": Form.TEXT, "tag": name}


def part(name: str, kind: str) -> Mapping[str, Any]:
    """Declare a field that is a child element of a kind, named by its class."""
    return {"form": Form.PART, "tag": name, "kind": kind}


def parts(name: str, kind: str) -> Mapping[str, Any]:
    """Declare a field of all child elements of a name."""
    return {"form": Form.PARTS, "tag": name, "kind": kind}


def reference(name: str) -> Mapping[str, Any]:
    """Declare a field that points to another element."""
    return {"form": Form.REFERENCE, "tag": name}


def references(name: str) -> Mapping[str, Any]:
    """Declare a field that points to several elements."""
    return {"form": Form.REFERENCES, "tag": name}


def logic() -> Mapping[str, Any]:
    """Declare a field that is an expression of any kind."""
    return {"form": Form.LOGIC, "tag": ""}


def logics() -> Mapping[str, Any]:
    """Declare a field of expressions of any kind."""
    return {"form": Form.LOGICS, "tag": ""}


def wrapped(name: str) -> Mapping[str, Any]:
    """Declare a field that is an expression inside a child element."""
    return {"form": Form.WRAPPED, "tag": name}
