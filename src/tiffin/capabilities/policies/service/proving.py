"""Prove a policy as it is in force, or would be; tell two versions apart by what they decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from tiffin.capabilities.policies.domain.columns import COUNTRY
from tiffin.capabilities.policies.domain.differing import ToldDifference, told_difference
from tiffin.capabilities.policies.domain.findings import ToldFinding, told
from tiffin.capabilities.policies.domain.policy import CITY, MARKET, Direction, Effective
from tiffin.capabilities.policies.service.drafting_rights import country_of
from tiffin.capabilities.policies.service.proving_terms import labels_of, placed, terms_of, tryable
from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.feel.tree import Constant, Test, Tests
from tiffin.engines.decisions.proving.bounds import Impossible
from tiffin.engines.decisions.proving.comparing import differences
from tiffin.engines.decisions.proving.differences import Difference
from tiffin.engines.decisions.proving.findings import Case, Finding, Law, Order, Promise, Proof, Sum
from tiffin.engines.decisions.proving.proof import prove as proof_of
from tiffin.engines.decisions.proving.spaces import TooEntangled
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.markets import load_markets

KEPT = 64
"""Proofs that are remembered."""

MOST_DIFFERENCES = 100


@dataclass(frozen=True, slots=True)
class Findings:
    """What a proof found.

    Parameters
    ----------
    told : tuple of ToldFinding
        By kind of fault.
    is_cut : bool
        Whether there is more of some kind than is told.
    refused : str
        Why it cannot be proven; empty where it could.
    """

    told: tuple[ToldFinding, ...] = ()
    is_cut: bool = False
    refused: str = ""

    @property
    def holds(self) -> bool:
        """Whether it was proven and nothing is wrong."""
        return not self.told and not self.refused


@dataclass(frozen=True, slots=True)
class Differences:
    """Where two versions decide differently.

    Parameters
    ----------
    told : tuple of ToldDifference
        Regions of cases; none where the versions mean the same.
    is_cut : bool
        Whether there is more than is told.
    refused : str
        Why they cannot be compared; empty where they could.
    """

    told: tuple[ToldDifference, ...] = ()
    is_cut: bool = False
    refused: str = ""

    @property
    def are_equivalent(self) -> bool:
        """Whether both decide every case alike."""
        return not self.told and not self.refused


def prove(context: Context, effective: Effective) -> Findings:
    """Say what is wrong with a policy, with its columns called as the reader's language does.

    What was proven is remembered, so that a page and a check of one version ask once.
    """
    try:
        proof = _proof(effective, _impossible(context, (effective,)))
    except NotPlain as refusal:
        return Findings(refused=str(refusal))
    markets = load_markets(context.workspace.overlay("markets"))
    shown = tuple(_told(one, effective, context.locale, markets) for one in proof.findings)
    return Findings(shown, is_cut=bool(proof.cut))


def differences_between(context: Context, before: Effective, after: Effective) -> Differences:
    """Say in which cases two versions of a policy decide differently."""
    never = tuple(_impossible(context, (before, after)).values())
    try:
        found = list(islice(differences(before.table, after.table, never), MOST_DIFFERENCES + 1))
    except NotPlain as refusal:
        return Differences(refused=str(refusal))
    except TooEntangled:
        return Differences(
            refused=Message("Rows cut across each other in too many ways for the versions to be compared.")
        )
    markets = load_markets(context.workspace.overlay("markets"))
    shown = tuple(_differing(one, (before, after), context.locale, markets) for one in found[:MOST_DIFFERENCES])
    return Differences(shown, is_cut=len(found) > MOST_DIFFERENCES)


def promises_of(effective: Effective) -> tuple[Promise, ...]:
    """Give what a policy promises of its outputs."""
    stated = effective.stated
    sums = (Sum(one.outputs, one.total) for one in stated.sums)
    orders = (Order(one.input, one.output, rising=one.direction is Direction.UP) for one in stated.monotone)
    laws = (Law(one.output, one.tests, one.at_least, one.at_most, one.market, one.reference) for one in effective.laws)
    return (*sums, *orders, *laws)


_PROVEN: dict[tuple[str, str, tuple[str, ...]], Proof] = {}
"""Proofs by policy, digest of what is in force, and the places that were told apart."""


def _proof(effective: Effective, impossible: Mapping[str, Impossible]) -> Proof:
    key = (effective.name, effective.digest, tuple(sorted(impossible)))
    found = _PROVEN.get(key)
    if found is None:
        found = proof_of(effective.table, promises_of(effective), tuple(impossible.values()))
        if len(_PROVEN) >= KEPT:
            _PROVEN.clear()
        _PROVEN[key] = found
    return found


def _impossible(context: Context, versions: Iterable[Effective]) -> Mapping[str, Impossible]:
    """Give, by city and country, that no case lies in a city and in another market than its own."""
    cities = {place for one in versions for place in one.places if COUNTRY.fullmatch(place) is None}
    found = {}
    for city in sorted(cities):
        country = country_of(context, city)
        if country is not None:
            found[f"{city}={country}"] = {MARKET: Tests((_is(country),), negated=True), CITY: Tests((_is(city),))}
    return found


def _is(text: str) -> Test:
    return Test(Constant(text), asks=False)


def _told(finding: Finding, effective: Effective, locale: str, markets: Iterable[str]) -> ToldFinding:
    cases = [one and _in_place(one, effective, markets) for one in (finding.case, finding.other)]
    finding = replace(finding, case=cases[0], other=cases[1])
    market = finding.case[_inputs(effective).index(MARKET)] if finding.case else None
    found = told(finding, terms_of(effective, locale, market), effective.table.row_ids)
    return replace(found, case=tryable(found.case), other=tryable(found.other))


def _in_place(case: Case, effective: Effective, markets: Iterable[str]) -> Case:
    named = dict(zip(_inputs(effective), case, strict=True))
    return tuple(placed(named, (effective,), markets).values())


def _differing(
    found: Difference, versions: tuple[Effective, Effective], locale: str, markets: Iterable[str]
) -> ToldDifference:
    case = placed(dict(zip(found.inputs, found.case, strict=True)), versions, markets)
    domains = {one.name: one for version in versions for one in version.table.domains}
    terms = terms_of(versions[1], locale, case.get(MARKET), [domains[name] for name in found.inputs])
    terms = replace(terms, labels={**labels_of(versions[0], locale), **terms.labels})
    row_ids = (versions[0].table.row_ids, versions[1].table.row_ids)
    return told_difference(replace(found, case=tuple(case.values())), terms, row_ids, tryable(case))


def _inputs(effective: Effective) -> list[str]:
    return [one.name for one in effective.table.domains]
