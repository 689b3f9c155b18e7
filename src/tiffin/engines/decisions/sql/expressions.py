"""FEEL's expressions over the facts of a case as SQL, each only where SQL says exactly what FEEL says."""

from collections.abc import Callable, Mapping

from tiffin.engines.decisions.feel.tree import Constant, Name, Node
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.sql.columns import NotPushed, Pushed
from tiffin.engines.decisions.sql.values import pushed

Facts = Mapping[str, Pushed]
Writer = Callable[[Node, "Writing"], Pushed | None]


class Writing:
    """Writes expressions over named facts.

    Parameters
    ----------
    facts : Mapping
        What each name of a case is in SQL.
    parameters : Mapping
        Values of the other names.
    """

    def __init__(self, facts: Facts, parameters: Mapping[str, Value]) -> None:
        self.facts, self.parameters = facts, parameters

    def write(self, node: Node) -> Pushed | None:
        """Write an expression; None where it is null.

        Raises
        ------
        NotPushed
            When SQL would not say exactly what FEEL says.
        """
        if isinstance(node, Constant):
            return pushed(node.value)
        if isinstance(node, Name):
            return self._name(node.name)
        raise NotPushed("x")

    def _name(self, name: str) -> Pushed | None:
        if name in self.facts:
            return self.facts[name]
        if name in self.parameters:
            return pushed(self.parameters[name])
        raise NotPushed(f"There is no column {name} of the cases, and no parameter of that name.")
