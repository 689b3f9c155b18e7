"""Writing models as DMN 1.5."""

from collections.abc import Iterator, Mapping
from dataclasses import Field, fields
from typing import Any

from tiffin.engines.decisions.dmn import model
from tiffin.engines.decisions.dmn.mapping import Form
from tiffin.engines.decisions.dmn.xml import Element, write_xml

_TAGS = {kind: tag for tag, kind in model.LOGIC.items()}
_PREFIXES = {
    model.NAMESPACE: "",
    "https://www.omg.org/spec/DMN/20230324/DMNDI/": "dmndi",
    "http://www.omg.org/spec/DMN/20180521/DI/": "di",
    "http://www.omg.org/spec/DMN/20180521/DC/": "dc",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi",
}


def write_model(definitions: model.Definitions, prefixes: Mapping[str, str] | None = None) -> bytes:
    """Write a model; reading it again gives the same one."""
    return write_xml(_element(definitions, "definitions"), _PREFIXES | dict(prefixes or {}))


def _element(one: Any, tag: str) -> Element:
    attributes: list[tuple[str, str]] = []
    children: list[Element] = []
    for kind in fields(one):
        value = getattr(one, kind.name)
        if value is None or "form" not in kind.metadata:
            continue
        if kind.metadata["form"] is Form.ATTRIBUTE:
            attributes.append((kind.metadata["tag"], value))
        else:
            children.extend(_children(kind, value))
    first = [child for child in one.other_children if child.local == "extensionElements"]
    rest = [child for child in one.other_children if child.local != "extensionElements"]
    described = sum(child.local == "description" for child in children[:1])
    ordered = (*children[:described], *first, *children[described:], *rest)
    return Element(_named(tag), (*attributes, *one.other_attributes), ordered)


def _children(kind: Field[Any], value: Any) -> Iterator[Element]:
    form, tag = kind.metadata["form"], kind.metadata["tag"]
    for one in value if isinstance(value, tuple) else (value,):
        if form is Form.TEXT:
            yield Element(_named(tag), text=one)
        elif form in (Form.REFERENCE, Form.REFERENCES):
            yield Element(_named(tag), (("href", one),))
        elif form in (Form.LOGIC, Form.LOGICS):
            yield _element(one, _TAGS[type(one)])
        elif form is Form.WRAPPED:
            yield Element(_named(tag), children=(_element(one, _TAGS[type(one)]),))
        else:
            yield _element(one, tag)


def _named(tag: str) -> str:
    return f"{{{model.NAMESPACE}}}{tag}"
