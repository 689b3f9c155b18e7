"""A person who is looked for and erased: who he is, in which state a request is, what a certificate says."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tiffin.capabilities.access.domain.people_traces import Sought, cleaned_words
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message

REASON_MAX = 500
ACCOUNT = "account"
"""The kind of those who sign in here; all other kinds are of people whom facts name."""


class State(StrEnum):
    """How far a request is.

    ``APPROVED`` is being carried out, or stopped and waits to be carried on.
    """

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class Step(StrEnum):
    """What is done to erase a person, in this order, each as a whole or not at all."""

    COUNTED = "counted"
    DATABASE = "database"
    FACTS = "facts"
    FILES = "files"
    SCRUBBED = "scrubbed"


@dataclass(frozen=True, slots=True)
class SoughtPerson:
    """A person as somebody who asks for him names him.

    Parameters
    ----------
    kind : str
        A kind of person whom facts name, or ``account``.
    identifier : str
        As the source that names him writes it; an account's name.
    words : tuple of str
        What else he is known by: name, telephone, address.
    """

    kind: str
    identifier: str
    words: tuple[str, ...] = ()

    @property
    def sought(self) -> Sought:
        """Everything by which he is looked for in texts and files.

        Raises
        ------
        WrongUse
            One of the words is too short.
        """
        return Sought(cleaned_words((self.identifier, *self.words)))


@dataclass(frozen=True, slots=True)
class ErasureView:
    """A request as officers see it; ``person`` is None once he is erased, and to whoever has only the certificate.

    Parameters
    ----------
    steps : mapping of str to mapping
        What was done so far, with its counts.
    """

    erasure_id: int
    kind: str
    person: SoughtPerson | None
    reason: str
    state: State
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    remark: str
    steps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    erased_at: datetime | None = None
    may_decide: bool = False
    may_withdraw: bool = False

    @property
    def scanned(self) -> Mapping[str, Any] | None:
        """What the look through the workspace found afterwards; None where nobody has looked yet."""
        return self.steps.get("scanned")

    @property
    def traces(self) -> Sequence[Mapping[str, Any]]:
        """Places that named the person still when the workspace was looked through."""
        found: Sequence[Mapping[str, Any]] = (self.scanned or {}).get("traces", ())
        return found

    @property
    def stopped(self) -> bool:
        """Tell whether it waits for somebody to remove what nobody may change unasked."""
        return self.state is State.APPROVED and bool(self.traces)


def halved(person: SoughtPerson, draw: Callable[[int], bytes]) -> tuple[str, str]:
    """Split who somebody is into two halves, neither of which says anything without the other.

    Parameters
    ----------
    draw : callable
        Draws so many bytes at random.

    References
    ----------
    G. S. Vernam (1926), "Cipher printing telegraph systems": a key as long as the text, used once.
    """
    whole = json.dumps([person.kind, person.identifier, *person.words]).encode()
    half = draw(len(whole))
    return half.hex(), bytes(a ^ b for a, b in zip(whole, half, strict=True)).hex()


def joined(half: str, other_half: str) -> SoughtPerson | None:
    """Give the person back of whom two halves are kept; None where they are gone.

    Examples
    --------
    >>> joined(*halved(SoughtPerson("rider", "r-9", ("Nora",)), lambda size: b"k" * size)).words
    ('Nora',)
    """
    if not half:
        return None
    pairs = zip(bytes.fromhex(half), bytes.fromhex(other_half), strict=True)
    kind, identifier, *words = json.loads(bytes(a ^ b for a, b in pairs))
    return SoughtPerson(kind, identifier, tuple(words))


def cleaned_reason(reason: str) -> str:
    """Give a reason on one line.

    Raises
    ------
    WrongUse
        There is none, or it is too long.
    """
    told = " ".join(reason.split())
    if not told or len(told) > REASON_MAX:
        raise WrongUse(
            Message(
                "Say in 1 to {count} characters why, such as the law or the person's own wish; found {found}.",
                count=REASON_MAX,
                found=len(told),
            )
        )
    return told
