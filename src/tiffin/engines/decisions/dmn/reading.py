"""Reading models from XML, of any version of DMN from 1.1 on."""

from dataclasses import Field, fields
from typing import Any

from tiffin.engines.decisions.dmn import model
from tiffin.engines.decisions.dmn.mapping import Form
from tiffin.engines.decisions.dmn.xml import Element, read_xml
from tiffin.kernel.errors import InvalidDefinition

NAMESPACES = frozenset(
    (
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        model.NAMESPACE,
    )
)
"""The namespaces of DMN 1.1 to 1.5, whose elements are read alike."""


def read_model(data: bytes, file: str = "") -> model.Definitions:
    """Read a model.

    Raises
    ------
    InvalidDefinition
        When it is not well-formed XML, or no model of DMN.
    """
    root = read_xml(data, file)
    if root.local != "definitions" or root.namespace not in NAMESPACES:
        raise InvalidDefinition(
            f"{file}: the element definitions of DMN 1.1 to 1.5 was expected; found {root.name[:80]}."
        )
    found: model.Definitions = read_part(root, model.Definitions)
    return found


def read_part(element: Element, kind: type[Any]) -> Any:
    """Read a part of a model; what is not known of it is kept."""
    known_attributes: set[str] = set()
    left = list(element.children)
    values: dict[str, Any] = {}
    for one in fields(kind):
        form = one.metadata.get("form")
        if form is Form.ATTRIBUTE:
            values[one.name] = element.get(one.metadata["tag"])
            known_attributes.add(one.metadata["tag"])
        elif form is not None:
            values[one.name] = _children(one, left)
    others = tuple((key, value) for key, value in element.attributes if key not in known_attributes)
    return kind(**values, other_attributes=others, other_children=tuple(left))


def _children(one: Field[Any], left: list[Element]) -> Any:
    """Take a field's elements out of those that are left."""
    form, tag = one.metadata["form"], one.metadata["tag"]
    tags = set(model.LOGIC) if form in (Form.LOGIC, Form.LOGICS) else {tag}
    several = form in (Form.PARTS, Form.REFERENCES, Form.LOGICS)
    found = [child for child in left if child.local in tags and child.namespace in NAMESPACES]
    if form in (Form.REFERENCE, Form.REFERENCES):
        found = [child for child in found if child.get("href") is not None]
    found = found if several else found[:1]
    taken = {id(child) for child in found}
    left[:] = [child for child in left if id(child) not in taken]
    values = tuple(_value(one, child) for child in found)
    return values if several else values[0] if values else None


def _value(one: Field[Any], child: Element) -> Any:
    form = one.metadata["form"]
    if form is Form.TEXT:
        return child.text
    if form in (Form.REFERENCE, Form.REFERENCES):
        return child.get("href")
    if form in (Form.LOGIC, Form.LOGICS):
        return read_part(child, model.LOGIC[child.local])
    if form is Form.WRAPPED:
        inner = next((inside for inside in child.children if inside.local in model.LOGIC), None)
        return None if inner is None else read_part(inner, model.LOGIC[inner.local])
    return read_part(child, getattr(model, one.metadata["kind"]))
