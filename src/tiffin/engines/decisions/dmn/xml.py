"""XML as immutable elements, read with every entity refused and written back with the prefixes that it had.

References
----------
OWASP, XML External Entity Prevention: no document type declaration is accepted at all.
"""

import pyexpat
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tiffin.kernel.errors import InvalidDefinition

MAX_BYTES = 20_000_000
MAX_DEPTH = 120
ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1", "windows-1252")
"""Encodings that a document may declare; any other would be looked up among all that Python knows."""
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_XML = "http://www.w3.org/XML/1998/namespace"


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its name and attributes as ``{namespace}local`` or, without namespace, ``local``."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple["Element", ...] = ()
    text: str = ""

    @property
    def local(self) -> str:
        """Its name without namespace."""
        return self.name.rpartition("}")[2]

    @property
    def namespace(self) -> str:
        """Its namespace."""
        return self.name.rpartition("}")[0][1:]

    def get(self, name: str) -> str | None:
        """Give an attribute."""
        return dict(self.attributes).get(name)

    def all(self, local: str) -> "Iterator[Element]":
        """Give the children of a name, whatever their namespace."""
        return (one for one in self.children if one.local == local)

    def first(self, local: str) -> "Element | None":
        """Give the first child of a name."""
        return next(self.all(local), None)


@dataclass(slots=True)
class _Open:
    name: str
    attributes: tuple[tuple[str, str], ...]
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def read_xml(data: bytes, file: str = "") -> Element:
    """Read a document.

    Raises
    ------
    InvalidDefinition
        When it is not well-formed, too large or too deep, or declares a document type.
    """
    if len(data) > MAX_BYTES:
        raise InvalidDefinition(f"XML of at most {MAX_BYTES} bytes was expected; {file} has {len(data)}.")
    builder = _Builder(file)
    try:
        builder.parser.Parse(data, True)
    except pyexpat.ExpatError as error:
        raise InvalidDefinition(f"{file}, line {error.lineno}: {error}. Well-formed XML was expected.") from None
    return builder.done[0]


class _Builder:
    """Builds elements while expat reads."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.open: list[_Open] = []
        self.done: list[Element] = []
        self.parser = pyexpat.ParserCreate(namespace_separator="}")
        self.parser.XmlDeclHandler = self.declared
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse
        self.parser.buffer_text = True

    def declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        """Refuse encodings that no model is written in."""
        if encoding is not None and encoding.lower() not in ENCODINGS:
            raise InvalidDefinition(
                f"{self.file}: XML in one of {', '.join(ENCODINGS)} was expected; found {encoding[:40]}."
            )

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Open an element."""
        if len(self.open) >= MAX_DEPTH:
            raise InvalidDefinition(f"{self.file}: elements may be {MAX_DEPTH} deep.")
        self.open.append(_Open(_name(name), tuple((_name(key), value) for key, value in attributes.items())))

    def end(self, _name: str) -> None:
        """Close an element."""
        one = self.open.pop()
        text = "" if one.children else "".join(one.texts)
        made = Element(one.name, one.attributes, tuple(one.children), text)
        (self.open[-1].children if self.open else self.done).append(made)

    def characters(self, text: str) -> None:
        """Add text."""
        if self.open:
            self.open[-1].texts.append(text)

    def refuse(self, *_: object) -> None:
        """Refuse document types and entities."""
        raise InvalidDefinition(f"{self.file}: a document type declaration is not accepted. Remove it.")


def write_xml(root: Element, prefixes: Mapping[str, str]) -> bytes:
    """Write a document, indented; ``prefixes`` by namespace, the empty prefix for the default one."""
    names = dict(prefixes)
    for namespace in _namespaces(root):
        names.setdefault(namespace, f"ns{len(names)}")
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    declared = "".join(
        f' {f"xmlns:{prefix}" if prefix else "xmlns"}="{_escaped(namespace, _ATTRIBUTE)}"'
        for namespace, prefix in sorted(names.items(), key=lambda one: one[1])
        if namespace != _XML
    )
    _write(root, names, declared, lines, 0)
    return ("\n".join(lines) + "\n").encode()


def _write(one: Element, names: Mapping[str, str], declared: str, lines: list[str], depth: int) -> None:
    name = _prefixed(one.name, names)
    attributes = "".join(
        f' {_prefixed(key, names, attribute=True)}="{_escaped(value, _ATTRIBUTE)}"' for key, value in one.attributes
    )
    opening = f"{'  ' * depth}<{name}{declared}{attributes}"
    if not one.children:
        text = _escaped(one.text, _TEXT)
        lines.append(f"{opening}>{text}</{name}>" if text else f"{opening}/>")
        return
    lines.append(f"{opening}>")
    for child in one.children:
        _write(child, names, "", lines, depth + 1)
    lines.append(f"{'  ' * depth}</{name}>")


_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ATTRIBUTE = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def _escaped(text: str, signs: Mapping[str, str]) -> str:
    """Write signs that XML would read otherwise; characters that XML cannot hold at all are left out."""
    plain = _UNWRITABLE.sub("", text)
    return plain.translate({ord(sign): written for sign, written in signs.items()})


def _prefixed(name: str, names: Mapping[str, str], *, attribute: bool = False) -> str:
    namespace, _, local = name.rpartition("}")
    if not namespace:
        return local
    prefix = "xml" if namespace[1:] == _XML else names[namespace[1:]]
    if attribute and not prefix:
        prefix = next(other for known, other in names.items() if known == namespace[1:])
    return f"{prefix}:{local}" if prefix else local


def _namespaces(one: Element) -> Iterator[str]:
    for name in (one.name, *(key for key, _ in one.attributes)):
        if "}" in name and name[1:].partition("}")[0] != _XML:
            yield name[1:].partition("}")[0]
    for child in one.children:
        yield from _namespaces(child)


def _name(expat_name: str) -> str:
    return "{" + expat_name if "}" in expat_name else expat_name
