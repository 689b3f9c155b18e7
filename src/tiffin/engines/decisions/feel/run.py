"""One evaluation: what it may use up, what it noted, and the place where each kind of node is told its meaning."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tiffin.engines.decisions.feel.faults import Exhausted, FeelFault, Note
from tiffin.engines.decisions.feel.tree import Node
from tiffin.engines.decisions.feel.types import Type
from tiffin.engines.decisions.feel.values import Scope, Value

MAX_STEPS = 1_000_000
MAX_NESTING = 350
MAX_NOTES = 100
MAX_VALUE_DEPTH = 100
FAULT_STEPS = 3
"""Steps that it takes to note why something is null: no text may buy time by what cannot be computed."""
MAX_TEXT = 1_000_000
"""Characters that one text may grow to."""

Meaning = Callable[..., Value]
_MEANINGS: dict[type[Node], Meaning] = {}


@dataclass(slots=True)
class Run:
    """One evaluation.

    Parameters
    ----------
    now : datetime
        The instant that ``now()`` and ``today()`` tell.
    types : Mapping
        Types that the model defines, by name.
    steps : int
        Steps that are left; each node takes one, each item of a list that is made another.
    notes : list of Note
        Why parts came to null, the innermost first.
    """

    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    types: Mapping[str, Type] = field(default_factory=dict)
    steps: int = MAX_STEPS
    notes: list[Note] = field(default_factory=list)
    nesting: int = 0

    def evaluate(self, node: Node, scope: Scope) -> Value:
        """Compute a node's value; what cannot be computed is null and noted.

        Raises
        ------
        Exhausted
            When the evaluation takes too many steps or nests too deeply.
        """
        self.nesting += 1
        self.spend(1)
        if self.nesting > MAX_NESTING:
            raise Exhausted(f"An expression may be evaluated {MAX_NESTING} levels deep; this one goes on (recursion?).")
        try:
            return _MEANINGS[type(node)](node, scope, self)
        except FeelFault as fault:
            self.note(node, str(fault))
            return None
        finally:
            self.nesting -= 1

    def spend(self, steps: int) -> None:
        """Use up steps.

        Raises
        ------
        Exhausted
            When none are left.
        """
        self.steps -= steps
        if self.steps < 0:
            raise Exhausted(f"A decision may take {MAX_STEPS} steps; this one takes more.")

    def text(self, value: str) -> str:
        """Let a text grow no further than `MAX_TEXT`."""
        self.spend(len(value) // 64)
        if len(value) > MAX_TEXT:
            raise Exhausted(f"A text may have {MAX_TEXT} characters; this one has {len(value)}.")
        return value

    def check_depth(self, value: Value) -> None:
        """Let lists and contexts stand at most `MAX_VALUE_DEPTH` deep inside each other.

        Raises
        ------
        Exhausted
            When they stand deeper.
        """
        level = [value]
        for _ in range(MAX_VALUE_DEPTH):
            self.spend(len(level))
            parts = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
            level = [inside for part in parts for inside in part]
            if not level:
                return
        raise Exhausted(f"Lists and contexts may stand {MAX_VALUE_DEPTH} deep inside each other.")

    def note(self, node: Node, said: str) -> None:
        """Remember why something came to null."""
        self.spend(FAULT_STEPS)
        if len(self.notes) < MAX_NOTES:
            self.notes.append(Note(node.span, said))


def means(kind: type[Node]) -> Callable[[Meaning], Meaning]:
    """Declare what a kind of node means: a function of the node, its scope and the run."""

    def declare(meaning: Meaning) -> Meaning:
        _MEANINGS[kind] = meaning
        return meaning

    return declare
