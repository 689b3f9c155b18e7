"""What may be wrong with FEEL: a text that cannot be read, and a value that cannot be computed."""

from dataclasses import dataclass

from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a text something stands: from character ``start`` up to, without, ``end``."""

    start: int
    end: int

    def line(self, text: str) -> int:
        """Give the line of its start, from 1, as people count."""
        return text.count("\n", 0, self.start) + 1

    def column(self, text: str) -> int:
        """Give the column of its start, from 1, as people count."""
        return self.start - text.rfind("\n", 0, self.start)


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
        super().__init__(
            Message(
                "{expected} was expected at line {line}, column {column} of the expression; found {found}.",
                expected=expected,
                line=span.line(text),
                column=span.column(text),
                found=repr(found[:60]),
            )
        )


class FeelFault(Exception):
    """A value cannot be computed; the evaluator makes null of it and notes why."""


class Exhausted(InvalidDefinition):
    """An evaluation took more steps, depth or room than any decision may."""


@dataclass(frozen=True, slots=True)
class Note:
    """Why some part of an evaluation came to null."""

    span: Span
    said: str
