"""Built-in functions of texts; their characters are Unicode's code points."""

from decimal import Decimal

from tiffin.engines.decisions.feel.calling import builtin
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.numbers import whole
from tiffin.engines.decisions.feel.patterns.matching import Pattern, compile_pattern
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Value

_STRING = "string: string"


@builtin("substring", _STRING, "start position: number", "length: number=")
def _substring(_run: Run, text: str, start: Decimal, length: Decimal | None = None) -> str:
    first = whole(start)
    if not first or abs(first) > len(text):
        raise FeelFault(f"A position from 1 to {len(text)}, or from the end, was expected; found {start}.")
    begin = first - 1 if first > 0 else len(text) + first
    count = len(text) if length is None else whole(length)
    if count is None or count < 1:
        raise FeelFault(f"A length of 1 at least was expected; found {length}.")
    return text[begin : begin + count]


@builtin("string length", _STRING)
def _length(_run: Run, text: str) -> Decimal:
    return Decimal(len(text))


@builtin("upper case", _STRING)
def _upper(_run: Run, text: str) -> str:
    return text.upper()


@builtin("lower case", _STRING)
def _lower(_run: Run, text: str) -> str:
    return text.lower()


@builtin("substring before", _STRING, "match: string")
def _before(_run: Run, text: str, match: str) -> str:
    return text[: text.find(match)] if match in text else ""


@builtin("substring after", _STRING, "match: string")
def _after(_run: Run, text: str, match: str) -> str:
    return text[text.find(match) + len(match) :] if match in text else ""


@builtin("contains", _STRING, "match: string")
def _contains(_run: Run, text: str, match: str) -> bool:
    return match in text


@builtin("starts with", _STRING, "match: string")
def _starts(_run: Run, text: str, match: str) -> bool:
    return text.startswith(match)


@builtin("ends with", _STRING, "match: string")
def _ends(_run: Run, text: str, match: str) -> bool:
    return text.endswith(match)


@builtin("string join", "list: list", "delimiter: string?=")
def _join(run: Run, items: list[Value], delimiter: str | None = None) -> str:
    texts = [one for one in items if one is not None]
    if not all(isinstance(one, str) for one in texts):
        raise FeelFault("Texts were expected.")
    return run.text((delimiter or "").join(texts))


@builtin("matches", "input: string", "pattern: string", "flags: string?=")
def _matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool:
    return next(compile_pattern(pattern, flags or "").found(text, run.spend), None) is not None


@builtin("replace", "input: string", "pattern: string", "replacement: string", "flags: string?=")
def _replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    compiled = _that_takes_something(pattern, flags or "", run)
    pieces = _replacement(replacement, compiled.groups)
    parts: list[str] = []
    at = 0
    for places in compiled.found(text, run.spend):
        parts.append(text[at : places[0]])
        parts.extend(one if isinstance(one, str) else _group(text, places, one) for one in pieces)
        at = places[1] or 0
        run.spend(len(pieces))
    return run.text("".join((*parts, text[at:])))


@builtin("split", _STRING, "delimiter: string")
def _split(run: Run, text: str, delimiter: str) -> list[Value]:
    parts: list[Value] = []
    at = 0
    for places in _that_takes_something(delimiter, "", run).found(text, run.spend):
        parts.append(text[at : places[0]])
        at = places[1] or 0
    return [*parts, text[at:]]


def _that_takes_something(pattern: str, flags: str, run: Run) -> Pattern:
    compiled = compile_pattern(pattern, flags)
    if compiled.match("", 0, run.spend) is not None:
        raise FeelFault(f"{pattern!r:.60} matches no characters at all, again and again.")
    return compiled


def _replacement(text: str, groups: int) -> list[str | int]:
    """Cut a replacement into texts and the numbers of groups."""
    found: list[str | int] = []
    at = 0
    while at < len(text):
        sign, follows = text[at], text[at + 1 : at + 2]
        at += 1
        if sign not in "$\\":
            found.append(sign)
            continue
        if sign == "\\" and follows in ("\\", "$") and follows:
            found.append(follows)
        elif sign == "$" and follows.isdecimal():
            at, number = _number(text, at, groups)
            found.append(number)
            continue
        else:
            raise FeelFault("In a replacement, $ is followed by a number and a backslash by $ or a backslash.")
        at += 1
    return found


def _number(text: str, at: int, groups: int) -> tuple[int, int]:
    number = int(text[at])
    at += 1
    while text[at : at + 1].isdecimal() and number * 10 + int(text[at]) <= groups:
        number = number * 10 + int(text[at])
        at += 1
    return at, number


def _group(text: str, places: tuple[int | None, ...], number: int) -> str:
    if 2 * number + 1 >= len(places):
        return ""
    start, end = places[2 * number : 2 * number + 2]
    return "" if start is None or end is None else text[start:end]
