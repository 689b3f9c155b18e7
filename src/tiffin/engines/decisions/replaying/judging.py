"""What each version says of a signature: its table decides, once for all cases that meet the same conditions."""

from collections.abc import Mapping, Sequence
from functools import cache

from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.dmn.tables import HitPolicy, TableOf, outcome
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Scope, Value
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.replaying.comparison import Standing, Verdict
from tiffin.engines.decisions.replaying.conditions import Conditions, Signature


class Judge:
    """Gives the verdict of one version on signatures.

    Parameters
    ----------
    number : int
        Which of the versions.
    """

    def __init__(self, conditions: Conditions, number: int) -> None:
        self._conditions, self._number = conditions, number
        self._version = conditions.versions[number]
        self.verdict = cache(self._verdict)

    def _verdict(self, signature: Signature) -> Verdict:
        """Decide a case of which nothing is known but the conditions that it meets.

        Raises
        ------
        NotPlain
            A result rests on more than the row, or cannot be computed.
        """
        met, number = self._conditions.met, self._number
        if not met(signature, self._conditions.inside[number]):
            return Verdict(Standing.OUTSIDE)
        rows = self._conditions.rows[number]
        held = _highest(self._version.table, [row for row, one in enumerate(rows) if met(signature, one)])
        return _decided(self._version, held)


def _highest(table: TableOf, held: list[int]) -> list[int]:
    if not table.tiers or not held:
        return held
    highest = max(table.tiers[row] for row in held)
    return [row for row in held if table.tiers[row] == highest]


def _decided(version: PolicyTable, held: Sequence[int]) -> Verdict:
    table, run = version.table, Run()
    deciding = held[:1] if table.hit_policy is HitPolicy.FIRST else held
    ids = tuple(dict.fromkeys(version.row_ids[row] for row in deciding))
    if table.hit_policy is HitPolicy.UNIQUE and len(held) > 1:
        return Verdict(Standing.CONTRADICTION, ids)
    try:
        value = outcome(table, [table.rows[row] for row in held], Scope(version.parameters), run)
    except FeelFault as fault:
        if table.hit_policy is HitPolicy.ANY and len(held) > 1:
            return Verdict(Standing.CONTRADICTION, ids)
        raise NotPlain(f"The result of {', '.join(ids) or 'no row'} cannot be told: {fault}") from None
    if run.notes:
        raise NotPlain(f"The result of {', '.join(ids) or 'no row'} cannot be told from the row: {run.notes[0].said}")
    return Verdict(Standing.DECIDED if held else Standing.GAP, ids, _named(table, value))


def _named(table: TableOf, value: Value) -> Mapping[str, Value]:
    if isinstance(value, dict):
        return value
    if len(table.outputs) == 1:
        return {table.outputs[0].name: value}
    return {} if value is None else {"": value}
