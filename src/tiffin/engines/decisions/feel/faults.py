"""What may be wrong with FEEL: a text that cannot be read, and a value that cannot be computed."""

from dataclasses import dataclass

from tiffin.kernel.errors import InvalidDefinition


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a text something stands: from character ``start`` up to, without, ``end``."""

    start: int
    end: int

    def shown(self, text: str) -> str:
        """Give line and column of its start, both from 1, as people count."""
        before = text[: self.start]
        return f"line {before.count(chr(10)) + 1}, column {self.start - (before.rfind(chr(10)) + 1) + 1}"


NOWHERE = Span(0, 0)
"""The place of what was made without a text."""


class NotFeel(InvalidDefinition):
    """A text is no FEEL; the message says what was expected where.

    Parameters
    ----------
    text : str
        The whole text.
    span : Span
        The place in it that cannot be read.
    expected : str
        What could stand there.
    """

    def __init__(self, text: str, span: Span, expected: str) -> None:
        found = text[span.start : span.end] or "the end"
        self.span, self.expected = span, expected
        super().__init__(f"{expected} was expected at {span.shown(text)} of the expression; found {found[:60]!r}.")


class FeelFault(Exception):
    """A value cannot be computed; the evaluator makes null of it and notes why."""


class Exhausted(InvalidDefinition):
    """An evaluation took more steps, depth or room than any decision may."""


@dataclass(frozen=True, slots=True)
class Note:
    """Why some part of an evaluation came to null."""

    span: Span
    said: str
