"""Base, overlays and parameters of a day as one flat table with tiers.

A row of an overlay goes before the rows that it names: it holds where its own cells and those of the overridden row do,
one tier above it. Two overlays that meet on a case without naming each other stand in one tier, and contradict each
other; no order decides between them.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from tiffin.capabilities.policies.domain.checking_cells import check_result, check_tests, value_of
from tiffin.capabilities.policies.domain.columns import COUNTRY
from tiffin.capabilities.policies.domain.faults import PolicyFault, Spot, unknown
from tiffin.capabilities.policies.domain.layers import Layers, place_cells
from tiffin.capabilities.policies.domain.parameters import in_force
from tiffin.capabilities.policies.domain.policy import (
    BoundInForce,
    Effective,
    Given,
    Law,
    Overlay,
    Parameter,
    PolicyVersion,
    StatedRow,
    Statement,
)
from tiffin.capabilities.policies.domain.splitting import filled
from tiffin.engines.decisions.dmn.tables import HitPolicy, InputColumn, OutputColumn, Row, TableOf
from tiffin.engines.decisions.feel.tree import Name, Test, Tests
from tiffin.engines.decisions.feel.types import Simple
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.kernel.errors import Place
from tiffin.kernel.messages import Message


def effective(
    base: PolicyVersion, overlays: Iterable[PolicyVersion], parameters: Sequence[Parameter], on: date
) -> Effective:
    """Lay the overlays in force over the base in force, with the parameters of a day.

    Parameters
    ----------
    base : PolicyVersion
        The base file that is in force on the day.
    overlays : iterable of PolicyVersion
        Of each market and city, the file that is in force on the day.
    parameters : sequence of Parameter
        All entries; those of the day are chosen here.

    Raises
    ------
    PolicyFault
        An overlay names what is not there, a cell is not what every back end can decide, or a name has no value.
    """
    stated = base.stated
    over = sorted(overlays, key=lambda one: (COUNTRY.fullmatch(one.place) is None, one.place))
    if not isinstance(stated, Statement):
        raise PolicyFault(Message("a base file was expected, without a place in its name."), Spot(Place(base.file)))
    layers = Layers(stated, in_force(parameters, on))
    _refuse_double(layers)
    _lay_all(layers, stated, over)
    merged = _merged(stated, over)
    table = _table(layers, stated, Spot(Place(base.file)))
    laws = tuple(_bound(layers, one, Spot(Place(base.file))) for one in merged.law)
    general = {name: value for name, value in layers.general.items() if name in layers.used}
    entries = [entry for name in sorted(layers.used) for entry in layers.placed[name].entries]
    places = {one.place for one in over} | {one.city or one.market for one in entries} - {""}
    return Effective(
        name=base.policy,
        since=max(one for one in (*(v.from_date for v in (base, *over)), *(e.since for e in entries))),
        digest=_digest(base, over, entries),
        table=PolicyTable(base.policy, table, layers.domains, general),
        reasons={row.id: row.reason for row in _stated_rows(stated, over)},
        stated=merged,
        laws=laws,
        origins=tuple(one.origin for one in layers.flat),
        places=tuple(sorted(places)),
    )


def _refuse_double(layers: Layers) -> None:
    """Refuse a parameter that bears the name of a column; nobody could tell which of them a reason means."""
    columns = {one.name for one in layers.domains} | {one.name for one in layers.stated.outputs}
    for name in sorted(columns & layers.placed.keys()):
        raise PolicyFault(
            Message("{name} stands twice; each name and id stands once.", name=name),
            Spot(layers.placed[name].entries[0].place),
        )


def _lay_all(layers: Layers, stated: Statement, over: Sequence[PolicyVersion]) -> None:
    for row in stated.rows:
        layers.lay(row, "", place_cells("", is_market=False), ())
    base, beneath = tuple(layers.rows), tuple(layers.rows)
    for version in over:
        overlay, is_market = _overlay(version), COUNTRY.fullmatch(version.place) is not None
        if overlay.rows and stated.hit_policy is not HitPolicy.UNIQUE:
            raise PolicyFault(
                Message(
                    "only a unique table takes overlays: in one of hit policy {hit_policy} the row that is overridden "
                    "is not the only one that counts.",
                    hit_policy=stated.hit_policy.lower(),
                ),
                Spot(Place(version.file)),
            )
        for row in overlay.rows:
            layers.lay(
                row, version.place, place_cells(version.place, is_market=is_market), base if is_market else beneath
            )
        if is_market:
            beneath = (*beneath, *(row.id for row in overlay.rows))


def _table(layers: Layers, stated: Statement, spot: Spot) -> TableOf:
    places = [InputColumn(Name(one.name), None, one.name) for one in layers.domains[:2]]
    tiers = tuple(one.tier for one in layers.flat)
    return TableOf(
        inputs=(*places, *(_input(layers, number, spot) for number in range(len(stated.inputs)))),
        outputs=tuple(_output(layers, number, spot) for number in range(len(stated.outputs))),
        rows=tuple(Row(one.tests, one.results, (one.origin.row,)) for one in layers.flat),
        hit_policy=stated.hit_policy,
        aggregation=stated.aggregation,
        tiers=tiers if any(tiers) else (),
    )


def _input(layers: Layers, number: int, spot: Spot) -> InputColumn:
    stated = layers.stated.inputs[number]
    here = replace(spot, column=stated.name)
    if stated.values is not None:
        layers.note_everywhere(here, stated.values)
        check_tests(stated.values.tests, stated.kind, layers.general, here)
    value = Name(stated.name) if stated.feel is None else stated.feel.node
    return InputColumn(value, stated.values.tests if stated.values else None, stated.name)


def _output(layers: Layers, number: int, spot: Spot) -> OutputColumn:
    stated = layers.stated.outputs[number]
    here = replace(spot, column=stated.name)
    allowed = stated.values.tests if stated.values else None
    for cell in (stated.values, stated.default):
        if cell is not None:
            layers.note_everywhere(here, cell)
    if allowed is not None:
        check_tests(allowed, stated.kind, layers.general, here)
    if stated.default is not None:
        check_result(stated.default.node, stated.kind, allowed, layers.general, here)
    priorities = tuple(one.value for one in allowed.tests if isinstance(one, Test)) if allowed else ()
    default = stated.default.node if stated.default else None
    return OutputColumn(stated.name, priorities, allowed, default, Simple(stated.kind))


def _bound(layers: Layers, law: Law, spot: Spot) -> BoundInForce:
    for name in law.when:
        if name not in {one.name for one in layers.domains}:
            raise PolicyFault(unknown(name, [one.name for one in layers.stated.inputs]), spot)
    if law.output not in {one.name for one in layers.stated.outputs}:
        raise PolicyFault(unknown(law.output, [one.name for one in layers.stated.outputs]), spot)
    for name, cell in law.when.items():
        layers.note(Spot(spot.place, law.reference, name), cell)
    values = _values_of_market(layers, law.market)
    market, city = place_cells(law.market, is_market=True)
    cells = [
        filled(law.when[one.name].tests, law.when[one.name].names, values) if one.name in law.when else Tests(())
        for one in layers.domains[2:]
    ]
    for domain, tests in zip(layers.domains[2:], cells, strict=True):
        check_tests(tests, domain.kind, values, replace(spot, column=domain.name))
    least, most = (_number(layers, one, law, spot) for one in (law.at_least, law.at_most))
    return BoundInForce(law.output, law.market, law.reference, (market, city, *cells), least, most)


def _number(layers: Layers, given: Given | None, law: Law, spot: Spot) -> Value:
    if given is None:
        return None
    layers.note(Spot(spot.place, law.reference, law.output), given)
    return value_of(given.node, _values_of_market(layers, law.market), replace(spot, column=law.output))


def _values_of_market(layers: Layers, market: str) -> dict[str, Value]:
    found = {name: one.at(market, None) for name, one in layers.placed.items()}
    return {name: entry.value for name, entry in found.items() if entry is not None}


def _merged(stated: Statement, over: Sequence[PolicyVersion]) -> Statement:
    overlays = [_overlay(one) for one in over]
    return replace(
        stated,
        law=(*stated.law, *(law for one in overlays for law in one.law)),
        worked_cases=(*stated.worked_cases, *(case for one in overlays for case in one.worked_cases)),
    )


def _stated_rows(stated: Statement, over: Sequence[PolicyVersion]) -> tuple[StatedRow, ...]:
    return (*stated.rows, *(row for one in over for row in _overlay(one).rows))


def _overlay(version: PolicyVersion) -> Overlay:
    if isinstance(version.stated, Overlay):
        return version.stated
    raise PolicyFault(Message("an overlay was expected, with its place in its name."), Spot(Place(version.file)))


def _digest(base: PolicyVersion, over: Sequence[PolicyVersion], entries: Sequence[Parameter]) -> str:
    """Give what tells this table from any that decides otherwise: its files, and the values that it rests on."""
    said = [base.policy, *(f"{one.place}:{one.digest}" for one in (base, *over))]
    said += [f"{one.name}:{one.market}:{one.city}:{literal_of(one.value)}:{one.unit}" for one in entries]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
