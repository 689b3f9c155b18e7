"""Score the attribution of delays against the known truth of simulated cities; nothing here really happened.

A *case* is every order of the judged days that was delivered more than the tolerance after its promise, and every
order that was not delivered. None is left out of any denominator. Claims about goods are told besides, and together
with them.

*True share* of a party in a late order: the seconds that it added to the lateness (its time, less what it moved the
promise), those below zero as nothing, over all such seconds of the parties and of the ordinary, which is the lateness
that is left when every disruption and every chance of a party is taken out. What a party's own chance adds is its
mean over the luck of the day (docs/decisions/0023); what the one day's luck added is ordinary. The ordinary is
nobody's. In an order that was not delivered, its share of the loss, likewise. Cases near a border of the outcomes are
replayed in more lucks, whatever was attributed (`liability_truth_lucks.py`).

*Decisive*: one party has at least 60 %. *Top party right*: of the decisive cases, those where the attribution names
it.

*Aggregate shares*: means over all cases; the ordinary counts to the platform, which bears it on either side.

*Rider wrongly blamed*: of the cases in which the rider's true share is under one half and not the largest, those
where he is named first without a person. Told besides: those where he is named first, to a person too.

*Without a person*: the product's own tables close the case (`liability_truth_outcomes.py`).

*Wrong outcome*, by what happens to people, where the truth is plain: points or a charge fall on somebody who bears
less than a third in truth, or none of whose stages was slow; somebody is let off who bears at least 60 % and gets
points when the shipped tables are asked with the truth; the customer gets another amount or the cost lands on another
than it does with a truth in which one party has at least 60 %. This is the figure, since an outcome is what happens
to people: where the attribution errs about who was first and nobody gets or pays anything else for it, the case is
handled rightly; where it names the right party and points fall on a stage that was not slow, it is not.
`liability_truth_outcomes.py` states it.

*Other outcome*: whatever differs from what the tables make of the truth, near ties included, to the second.

*Wrong by party* (as it was measured before): the party named differs from the truth's where that is decisive, or it
is a merchant or rider whose true share is below one third. It takes no notice of letting off where somebody else has
less than 60 %, nor of stages; it counts a platform named for circumstances, which costs nobody anything.

The rest goes to a person with the question that is open. Bounds are exact (Clopper and Pearson), one-sided, 95 %.

Expected times are learned from the 28 days before the first judged one. The free numbers of `attribution.yaml` were
fitted on `TRAINING`, as were those of confidence and the calibration. A city under another seed has other merchants,
customers and riders.

The worlds of `HELD_OUT` were settled, and made, before attribution was changed for the last time; none of them was
looked at before that.

Usage: liability_truth.py [--keep FOLDER] [--fit] [--real]; --fit prints the calibration anew, --real also runs on
deliveries of a real marketplace.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from liability_truth_outcomes import ABOUT_GOODS, Outcome, a_context, outcomes, true_shares
from liability_truth_real import run_on_real_deliveries
from liability_truth_worlds import FIRST, Setting, World, made
from numpy.typing import NDArray

from tiffin.capabilities.liability.domain.attribution import OrderAttribution
from tiffin.capabilities.liability.domain.attribution_confidence import Fits, confidence_of
from tiffin.capabilities.liability.domain.attribution_facts import gather
from tiffin.capabilities.liability.domain.attribution_parameters import AttributionParameters
from tiffin.capabilities.liability.domain.attribution_parts import MERCHANT, PARTIES, PLATFORM, RIDER
from tiffin.capabilities.liability.domain.attribution_telling import Teller
from tiffin.capabilities.liability.domain.attribution_working import Worked, work_out
from tiffin.capabilities.liability.service.attribution_parameters import fits_of, parameters_of
from tiffin.capabilities.liability.service.exemption_rules import severe_mm
from tiffin.engines.attribution.stages.trust import monotone_fit, upper_bound
from tiffin.runtime.context import Context

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

TRAINING = (
    Setting("doha", 111, 10),
    Setting("kuwait-city", 112, 10),
    Setting("jeddah", 114, 10),
    Setting("dammam", 331, 10),
    Setting("brasilia", 332, 10),
    Setting("doha", 333, 10),
    Setting("hong-kong", 335, 5),
    Setting("dammam", 342, 10),
    Setting("doha", 343, 10),
    Setting("kuwait-city", 344, 10),
    Setting("hong-kong", 345, 10),
    Setting("brasilia", 346, 10),
)
HELD_OUT = (
    Setting("dammam", 351, 10),
    Setting("doha", 352, 10),
    Setting("kuwait-city", 353, 10),
    Setting("hong-kong", 354, 10),
    Setting("brasilia", 355, 10),
    Setting("dammam", 356, 10),
    Setting("doha", 357, 10),
    Setting("kuwait-city", 358, 10),
    Setting("hong-kong", 359, 10),
    Setting("brasilia", 360, 10),
)
NO_FILE = Path("/nonexistent")
DECISIVE, PENALISED, HALF, ORDINARY = 0.6, 1.0 / 3.0, 0.5, len(PARTIES)
RIGHT_LEAST, SHARES_MOST, BLAMED_MOST = 0.95, 0.03, 0.01
CONFIDENCE, WRONG_MOST, HANDLED_LEAST = 0.95, 0.005, 0.90
STEP_CASES = 100


@dataclass(frozen=True, slots=True)
class Scored:
    """Cases with their labels beside what was attributed and what followed; (n_cases,) each.

    Parameters
    ----------
    true : (n_cases, n_parties + 1), true shares; the last is the ordinary
    shares : (n_cases, n_parties)
    incident, question : what went wrong, and what a person is asked; empty where nobody is
    is_alone : whether no person is asked
    is_wrong, is_other, is_unjust, is_let_off : of the outcome, were it decided without a person; see `Outcome`
    is_loud : whether anything planted touched the case
    is_open : whether the truth's own error leaves its outcome open
    """

    true: Floats
    shares: Floats
    top: NDArray[np.int64]
    kinds: NDArray[np.object_]
    scores: Floats
    confidence: Floats
    incident: NDArray[np.object_]
    question: NDArray[np.object_]
    is_alone: Mask
    is_wrong: Mask
    is_other: Mask
    is_unjust: Mask
    is_let_off: Mask
    is_loud: Mask
    is_open: Mask

    @property
    def is_decisive(self) -> Mask:
        """Mark the cases where one party has most of it."""
        return np.asarray(self.true[:, :ORDINARY].max(axis=1) >= DECISIVE)

    @property
    def is_right(self) -> Mask:
        """Mark the cases where the first party of the truth is named first."""
        return np.asarray(self.true[:, :ORDINARY].argmax(axis=1) == self.top)

    @property
    def is_party_wrong(self) -> Mask:
        """Mark the cases whose party would be wrong, were they decided by themselves."""
        penalises = np.isin(self.top, (MERCHANT, RIDER))
        share = self.true[np.arange(len(self.top)), self.top]
        return np.asarray((self.is_decisive & ~self.is_right) | (penalises & (share < PENALISED)))


def scored(
    context: Context, world: World, parameters: AttributionParameters, fits: Fits
) -> tuple[Scored, list[Outcome]]:
    """Attribute and judge the cases of a world from its facts, beside their labels; claims about goods apart."""
    worked, rows = attributed(world, parameters, fits)
    country = str(world.facts["orders"]["country"])
    severe = severe_mm(context.workspace, country, FIRST)

    def tell(how: AttributionParameters) -> dict[str, OrderAttribution]:
        teller = Teller(worked, how, city_id=world.setting.city_id, country=country, severe_mm=severe)
        return {str(name): teller.order(int(row), None) for name, row in zip(world.order_id, rows, strict=True)}

    found = outcomes(
        context, world, tell(parameters), tell(replace(parameters, certain_percent=0)),
        blame_quantile=parameters.blame_quantile,
    )  # fmt: skip
    of = {one.order_id: one for one in found if one.incident not in ABOUT_GOODS}
    own = [of[str(name)] for name in world.order_id]
    names = ("incident", "question", "is_alone", "is_wrong", "is_other", "is_unjust", "is_let_off")
    cases = Scored(
        true=true_shares(world),
        shares=worked.shares[rows],
        top=worked.top[rows],
        kinds=worked.kinds[rows],
        scores=worked.scores[rows],
        confidence=worked.confidence[rows],
        is_loud=np.abs(world.lateness_s[:, PLATFORM:]).max(axis=1) > 0,
        is_open=world.is_open,
        **{name: np.array([getattr(one, name) for one in own]) for name in names},
    )
    return cases, [one for one in found if one.incident in ABOUT_GOODS]


def attributed(world: World, parameters: AttributionParameters, fits: Fits) -> tuple[Worked, NDArray[np.int64]]:
    """Attribute all orders of a world; give with it the rows of its cases."""
    tables = world.facts
    facts = gather(
        tables["orders"],
        offers=tables["dispatch_offers"],
        slots=tables["marketplace_slots"],
        weather=tables["weather"],
        area_m=parameters.area_m,
    )
    past = facts.day < np.datetime64(FIRST).astype(np.int64) + world.setting.history
    worked = work_out(facts, past, parameters=parameters, fits=fits)
    place = {order_id: number for number, order_id in enumerate(facts.columns["order_id"])}
    return worked, np.array([place[order_id] for order_id in world.order_id], dtype=np.int64)


def joined(parts: Sequence[Scored]) -> Scored:
    """Put the cases of several worlds together."""
    names = Scored.__slots__
    return Scored(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def told(cases: Scored, goods: Sequence[Outcome], parameters: AttributionParameters) -> bool:
    """Print the figures; tell whether all hold."""
    decisive, right = cases.is_decisive, cases.is_right
    accuracy, loud = right[decisive].mean(), decisive & cases.is_loud
    print(f"cases                                   {len(right):,}, {decisive.mean():.1%} decisive")
    _say("top party right (decisive)", f"{accuracy:.2%}  asked >= 95 %", good=accuracy >= RIGHT_LEAST)
    print(
        f"  untouched by anything planted         {right[decisive & ~loud].mean():.2%} of {(decisive & ~loud).sum():,}"
    )
    print(f"  touched                               {right[loud].mean():.2%} of {loud.sum():,}")
    off = _told_shares(cases)
    blameless = (cases.true[:, RIDER] < HALF) & (cases.true.argmax(axis=1) != RIDER)
    named, blamed = (cases.top == RIDER) & blameless, (cases.top == RIDER) & blameless & cases.is_alone
    rate = blamed.sum() / blameless.sum()
    found = f"{rate:.3%} (upper {_upper(blamed, blameless):.3%})  asked <= 1 %"
    _say("riders wrongly blamed", found, good=rate <= BLAMED_MOST)
    print(f"  named first, to a person too          {named.sum() / blameless.sum():.3%}")
    holds = told_alone(cases, parameters)
    _told_types(cases, goods)
    _told_coverage(cases)
    _told_reliability(cases)
    return all((accuracy >= RIGHT_LEAST, off <= SHARES_MOST, rate <= BLAMED_MOST, holds))


def told_alone(cases: Scored, parameters: AttributionParameters) -> bool:
    """Print how many cases need no person, and how many of these end wrongly; tell whether both hold."""
    alone, handled = cases.is_alone, cases.is_alone.mean()
    bound = _upper(cases.is_wrong & alone, alone)
    _say(f"without a person (sure from {parameters.certain_percent} %)", f"{handled:.1%}  asked >= 90 %",
         good=handled >= HANDLED_LEAST)  # fmt: skip
    _say("  wrong outcomes of these", f"{cases.is_wrong[alone].mean():.3%} (upper {bound:.3%})  asked <= 0.5 %",
         good=bound <= WRONG_MOST)  # fmt: skip
    print(f"    points that are not due             {cases.is_unjust[alone].mean():.3%} (upper "
          f"{_upper(cases.is_unjust & alone, alone):.3%})")  # fmt: skip
    print(f"    let off                             {cases.is_let_off[alone].mean():.3%}")
    print(f"    wrong where the truth is clear      {(cases.is_wrong & ~cases.is_open & alone).sum()} of "
          f"{(cases.is_wrong & alone).sum()}; {cases.is_open.mean():.1%} of all cases are open in truth")  # fmt: skip
    for what, mask in (("other, near ties included", cases.is_other), ("wrong by party", cases.is_party_wrong)):
        found = f"{mask[alone].mean():.3%} (upper {_upper(mask & alone, alone):.3%})"
        _say(f"  besides: {what}", found, good=_upper(mask & alone, alone) <= WRONG_MOST)
    return bool(handled >= HANDLED_LEAST and bound <= WRONG_MOST)


def _told_types(cases: Scored, goods: Sequence[Outcome]) -> None:
    """Print the same by type of incident, and of all incidents together, claims about goods among them."""
    kinds = [*cases.incident, *(f"goods, {'false' if one.is_false else 'honest'}" for one in goods)]
    incident = np.array(kinds, dtype=object)
    alone = np.array([*cases.is_alone, *(one.is_alone for one in goods)], dtype=bool)
    wrong = np.array([*cases.is_wrong, *(one.is_wrong for one in goods)], dtype=bool)
    for kind in (*sorted(set(incident)), "all of them"):
        which = alone & ((incident == kind) | (kind == "all of them"))
        among = int(((incident == kind) | (kind == "all of them")).sum())
        print(f"  {kind:<22} {among:>6,}  alone {which.sum() / among:6.1%}  wrong {wrong[which].mean():.3%} (upper "
              f"{_upper(wrong & which, which):.3%})")  # fmt: skip
    asked = Counter(question for question in [*cases.question, *(one.question for one in goods)] if question)
    print("  a person is asked: " + ", ".join(f"{name} {number:,}" for name, number in asked.most_common()))


def _told_shares(cases: Scored) -> float:
    true = cases.true[:, :ORDINARY].copy()
    true[:, PLATFORM] += cases.true[:, ORDINARY]
    off = cases.shares.mean(axis=0) - true.mean(axis=0)
    for number, party in enumerate(PARTIES):
        print(f"  share of {party.value:<13} true {true[:, number].mean():6.1%}  found "
              f"{cases.shares[:, number].mean():6.1%}  {off[number] * 100:+.1f} points")  # fmt: skip
    most = float(np.abs(off).max())
    print(
        f"aggregate shares off by at most         {most * 100:.1f} points  asked <= 3  "
        f"{_holds(good=most <= SHARES_MOST)}"
    )
    return most


def _told_coverage(cases: Scored) -> None:
    """Print what would be wrong, were fewer or more decided without a person."""
    order = np.argsort(-cases.confidence, kind="stable")
    for share in (0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0):
        part = order[: int(share * len(order))]
        print(f"  were {share:.0%} decided alone: wrong outcomes {cases.is_wrong[part].mean():.2%} (not due "
              f"{cases.is_unjust[part].mean():.2%}), other {cases.is_other[part].mean():.2%}, by party "
              f"{cases.is_party_wrong[part].mean():.2%}")  # fmt: skip


def _told_reliability(cases: Scored) -> None:
    borders = (0.0, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 1.01)
    for low, high in pairwise(borders):
        inside = (cases.confidence >= low) & (cases.confidence < high)
        if inside.any():
            print(f"  confidence {low:.2f}-{min(high, 1.0):.2f}: told {cases.confidence[inside].mean():.3f}, right "
                  f"{1 - cases.is_wrong[inside].mean():.3f} of {inside.sum():,}")  # fmt: skip


def _say(what: str, found: str, *, good: bool | np.bool_) -> None:
    print(f"{what:<40}{found}  {_holds(good=good)}")


def _upper(errors: Mask, among: Mask) -> float:
    return upper_bound(int(errors.sum()), int(among.sum()), confidence=CONFIDENCE)


def _holds(*, good: bool | np.bool_) -> str:
    return "holds" if good else "MISSED"


def fitted(cases: Scored) -> Fits:
    """Fit the confidence of each kind of case on labelled days."""
    fits = {}
    for kind in sorted(set(cases.kinds)):
        of_kind = cases.kinds == kind
        right = 1.0 - cases.is_wrong[of_kind].astype(np.float64)
        fits[kind] = monotone_fit(cases.scores[of_kind], right, steps=max(1, int(of_kind.sum()) // STEP_CASES))
    return fits


def told_thresholds(parts: Sequence[Scored]) -> None:
    """Print what a threshold would give on training worlds, each judged by the calibration of the others."""
    chances = []
    for number, part in enumerate(parts):
        fits = fitted(joined([other for place, other in enumerate(parts) if place != number]))
        chances.append(confidence_of(part.kinds, part.scores, fits))
    sure, every = np.concatenate(chances) * 100.0, joined(parts)
    for percent in range(85, 100):
        alone = np.floor(sure) >= percent
        wrong, party = every.is_wrong & alone, every.is_party_wrong & alone
        print(f"# from {percent} %: {alone.mean():.1%} alone, wrong {wrong[alone].mean():.3%} (upper "
              f"{_upper(wrong, alone):.3%}), by party {party[alone].mean():.3%}")  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Print the figures; 1 where one is missed."""
    kept = Path(arguments[arguments.index("--keep") + 1]) if "--keep" in arguments else None
    parameters, fits = parameters_of(NO_FILE, FIRST), fits_of(NO_FILE, FIRST)
    print("Simulated cities: nothing here really happened, and nothing is said about any real one.")
    with a_context() as context:
        if "--fit" in arguments:
            training = [scored(context, made(setting, kept), parameters, {})[0] for setting in TRAINING]
            for kind, fit in fitted(joined(training)).items():
                print(f'      "{kind}": {[[round(score, 4), round(chance, 4)] for score, chance in fit]}')
            told_thresholds(training)
            return 0
        parts = [scored(context, made(setting, kept), parameters, fits) for setting in HELD_OUT]
    goods = [one for _, found in parts for one in found]
    holds = told(joined([cases for cases, _ in parts]), goods, parameters)
    if "--real" in arguments:
        run_on_real_deliveries(parameters)
    return int(not holds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
