"""Reading the names of types."""

from tiffin.engines.decisions.feel.cursor import Cursor
from tiffin.engines.decisions.feel.lexing import Sort, name_parts, name_text
from tiffin.engines.decisions.feel.types import BUILT_IN, ContextType, FunctionType, ListType, Named, RangeType, Type

_BUILT_IN = sorted(((name_parts(name), name) for name in BUILT_IN), key=lambda one: -len(one[0]))


def read_type(at: Cursor) -> Type:
    """Take a type, such as ``list<context<a: number>>`` or the name of a definition."""
    with at.deeper():
        if at.ahead("list", "range", "context", "function") and at.tokens[at.at + 1].text == "<":
            return _WITH_PARTS[at.expect("list", "range", "context", "function")](at)
        for parts, name in _BUILT_IN:
            if tuple(one.text for one in at.tokens[at.at : at.at + len(parts)]) == parts:
                at.at += len(parts)
                return BUILT_IN[name]
        return _defined(at)


def _defined(at: Cursor) -> Type:
    start = at.at
    while at.token.sort in (Sort.WORD, Sort.NUMBER) or at.ahead("."):
        if at.ahead("and", "or", "then", "else", "return", "satisfies", "in", "between"):
            break
        at.at += 1
    if start == at.at:
        raise at.wrong("A type")
    return Named(name_text(at.tokens[start : at.at]))


def _list(at: Cursor) -> Type:
    at.expect("<")
    item = read_type(at)
    at.expect(">")
    return ListType(item)


def _range(at: Cursor) -> Type:
    at.expect("<")
    item = read_type(at)
    at.expect(">")
    return RangeType(item)


def _context(at: Cursor) -> Type:
    at.expect("<")
    fields: list[tuple[str, Type]] = []
    while not at.accept(">"):
        if fields:
            at.expect(",")
        name = at.new_name(":")
        at.expect(":")
        fields.append((name, read_type(at)))
    return ContextType(tuple(fields))


def _function(at: Cursor) -> Type:
    at.expect("<")
    parameters: list[Type] = []
    while not at.accept(">"):
        if parameters:
            at.expect(",")
        parameters.append(read_type(at))
    at.expect("->")
    return FunctionType(tuple(parameters), read_type(at))


_WITH_PARTS = {"list": _list, "range": _range, "context": _context, "function": _function}
