"""Questions that found nothing: counted by day and words, without who asked, for whoever looks after the glossary."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from tiffin.engines.search.folding import folded
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

FILE = "unanswered.jsonl"
MOST_BYTES = 1_000_000
"""The file grows no further; whoever reads it may remove it."""

MOST_LETTERS = 80
_PERSONAL = re.compile(r"\S*[@\d]\S*")
"""Words with a digit or an at sign may be numbers and addresses of people; they are not kept."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that found nothing: its words, how often it was asked, and when last."""

    words: str
    times: int
    last_day: date


def note_unanswered(context: Context, question: str) -> None:
    """Count a question that found nothing."""
    words = " ".join(_PERSONAL.sub(" ", folded(question)).split())[:MOST_LETTERS]
    path = context.workspace.state / "search" / FILE
    if not words or (path.is_file() and path.stat().st_size > MOST_BYTES):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"day": context.now.date().isoformat(), "words": words}, ensure_ascii=False) + "\n")


def unanswered(context: Context) -> tuple[Unanswered, ...]:
    """List the questions that found nothing, the most asked first.

    Raises
    ------
    Forbidden
        The actor is no steward.
    """
    if not context.actor.has_role_everywhere(Role.STEWARD):
        raise Forbidden(
            Message(
                "{name} may not see which searches found nothing: a steward's grant over all countries is needed.",
                name=context.actor.name,
            )
        )
    path = context.workspace.state / "search" / FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    times: Counter[str] = Counter()
    last: dict[str, date] = {}
    for line in lines:
        row = json.loads(line)
        times[row["words"]] += 1
        last[row["words"]] = date.fromisoformat(row["day"])
    return tuple(Unanswered(words, count, last[words]) for words, count in times.most_common())
