"""Expected failures, grouped by what the caller can do about them.

Everything that is not one of these is a bug and propagates. A message is one readable paragraph: what was expected,
what was found, where (file, line, row), and what to do next.
"""

from dataclasses import dataclass


class TiffinError(Exception):
    """An expected failure; its text is shown to the person, in his language where it is a `Message` that has it."""

    exit_code: int = 1
    http_status: int = 500

    @property
    def said(self) -> str:
        """Give the text as it was said: a `Message` stays one, as it does not in ``str(error)``."""
        return self.args[0] if self.args else ""


class FailedCheck(TiffinError):
    """A check ran and found something wrong."""

    exit_code = 1
    http_status = 422


class WrongUse(TiffinError):
    """The request itself makes no sense: an unknown option, two options that exclude each other."""

    exit_code = 2
    http_status = 400


class InvalidDefinition(TiffinError):
    """A definition file (contract, feed, metric, policy, market) breaks its form or contradicts another."""

    exit_code = 3
    http_status = 422


class InvalidData(TiffinError):
    """Facts handed in cannot be what their contract says."""

    exit_code = 3
    http_status = 422


class NotFound(TiffinError):
    """The named thing does not exist; the message names near matches where there are any."""

    exit_code = 4
    http_status = 404


class Conflict(TiffinError):
    """The thing changed meanwhile, or exists already."""

    exit_code = 1
    http_status = 409


class Forbidden(TiffinError):
    """No grant of this actor allows it."""

    exit_code = 5
    http_status = 403


class Infeasible(TiffinError):
    """No answer satisfies all constraints; the message names those that clash."""

    exit_code = 6
    http_status = 422


class Unavailable(TiffinError):
    """A part outside (database, engine, file system) does not answer now; trying later may help."""

    exit_code = 7
    http_status = 503


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a text file something stands, for messages."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}, line {self.line}"
