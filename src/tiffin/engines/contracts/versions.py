"""Semantic versions of contracts: what a number promises about the step that it takes."""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message

_FORM = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?")


class Step(IntEnum):
    """How large a step between two versions is, the smallest first."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A semantic version; what follows a hyphen or a plus sign is not compared."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a version such as ``1.4.0``.

        Raises
        ------
        InvalidDefinition
            It is no semantic version.
        """
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise InvalidDefinition(
                Message("A semantic version such as 1.4.0 was expected, {found} was found.", found=repr(text))
            )
        return cls(*(int(part or 0) for part in match.groups()))

    def after(self, step: Step) -> Self:
        """Give the least version that is a step of that size away.

        Before 1.0 nothing is promised, so that a breaking step is a minor one there.
        """
        if step is Step.MAJOR and self.major == 0:
            step = Step.MINOR
        match step:
            case Step.MAJOR:
                return type(self)(self.major + 1, 0, 0)
            case Step.MINOR:
                return type(self)(self.major, self.minor + 1, 0)
            case Step.PATCH:
                return type(self)(self.major, self.minor, self.patch + 1)
            case Step.NONE:
                return self

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"
