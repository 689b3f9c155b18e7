"""Tell whether the combinations that carry an anomaly are found, in cases with known answers and in fresh ones.

Run ``python benchmarks/localisation.py FOLDER``; the folder holds cases as ``tiffin diagnose --cases`` reads them,
named ``SET/...``. ``--fresh`` says how many cases of each kind are drawn besides, ``--seed`` which. One configuration
answers
all. Seconds are CPU seconds a case, medians; what is compiled the first time is told apart.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from localisation_worlds import Case, L, S, measured_case, rounded_case, shared_case

from tiffin.capabilities.balance.domain.root_cause_cases import AnsweredCase, Explanation, KnownCase, score
from tiffin.capabilities.balance.service.root_cause_cases import answer_cases, known_cases
from tiffin.engines.attribution.localisation.certainty import certainties
from tiffin.engines.attribution.localisation.search import localise


@dataclass(frozen=True, slots=True)
class Asked:
    """What must hold for one set of cases; None is not asked."""

    f1: float | None
    exact: float | None
    within_three: float | None
    seconds: float


ASKED: Mapping[str, Asked] = {
    "B0": Asked(0.98, None, None, 0.05),
    "S": Asked(0.70, None, None, 0.5),
    "L": Asked(0.90, None, None, 0.2),
    "RS": Asked(None, 0.70, 0.88, 0.05),
}

FRESH: Mapping[str, Callable[[np.random.Generator], Case]] = {
    "B0": rounded_case,
    "S": lambda rng: measured_case(rng, S),
    "L": lambda rng: measured_case(rng, L),
    "RS": shared_case,
}


def main() -> int:
    """Answer, score, and say what holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with *.parquet and cases.json")
    parser.add_argument("--fresh", type=int, default=30, help="cases drawn of each kind")
    parser.add_argument("--seed", type=int, default=20260220)
    asked = parser.parse_args()
    begun = process_time()
    localise(measured_case(np.random.default_rng(0), L).evidence())
    print(f"compiled, or read from the cache, in {process_time() - begun:.2f} s of CPU")
    known = known_cases(asked.folder)
    answered = answer_cases(asked.folder, known)
    held = [_report(f"{name} shared", ASKED[name], _of(name, answered), known) for name in ASKED]
    for name, draw in FRESH.items():
        rng = np.random.default_rng(asked.seed)
        cases = [draw(rng) for _ in range(asked.fresh)]
        held.append(_report(f"{name} drawn", ASKED[name], *_answered(cases)))
    _sureness([shared_case(np.random.default_rng(asked.seed + k)) for k in range(asked.fresh)])
    return 0 if all(held) else 1


def _of(name: str, answered: Sequence[AnsweredCase]) -> list[AnsweredCase]:
    return [case for case in answered if case.name.startswith(f"{name}/")]


def _answered(cases: Sequence[Case]) -> tuple[list[AnsweredCase], list[KnownCase]]:
    answered, known = [], []
    for k, case in enumerate(cases):
        begun = process_time()
        ranked = localise(case.evidence()).ranked
        answered.append(AnsweredCase(str(k), ranked, process_time() - begun))
        known.append(KnownCase(str(k), None, case.truth))
    return answered, known


def _report(name: str, asked: Asked, answered: Sequence[AnsweredCase], known: Sequence[KnownCase]) -> bool:
    if not answered:
        print(f"{name}: no case")
        return True
    truths = {case.name: case.root_causes for case in known}
    told = score(answered, known)
    found = {
        "F1": (told.f1, asked.f1),
        "exact": (np.mean([_is_told(case, truths, 1) for case in answered]), asked.exact),
        "within three": (np.mean([_is_told(case, truths, 3) for case in answered]), asked.within_three),
    }
    seconds = float(np.median([case.seconds for case in answered]))
    verdicts = [value is not None and value >= least for value, least in found.values() if least is not None]
    is_held = all(verdicts) and seconds <= asked.seconds
    figures = ", ".join(
        f"{what} {value:.3f}" + (f" (asked {least:.2f})" if least is not None else "")
        for what, (value, least) in found.items()
        if value is not None
    )
    print(
        f"{name}: {len(answered)} cases, {figures}, {seconds:.4f} s (asked {asked.seconds}): "
        f"{'holds' if is_held else 'MISSED'}"
    )
    return is_held


def _is_told(case: AnsweredCase, truths: Mapping[str, Explanation | None], first: int) -> bool:
    return any(frozenset(explanation) == truths[case.name] for explanation in case.ranked[:first])


def _sureness(cases: Sequence[Case]) -> None:
    """Compare how sure the answers are with how often they are right."""
    sure: dict[bool, list[float]] = {True: [], False: []}
    for case in cases:
        evidence = case.evidence()
        causes = localise(evidence).causes
        for combination, certainty in certainties(evidence, causes, seed=1).items():
            sure[combination in case.truth].append(certainty)
    for is_right, found in sure.items():
        if found:
            print(f"confidence of {'right' if is_right else 'wrong'} causes: {np.mean(found):.2f} of {len(found)}")


if __name__ == "__main__":
    sys.exit(main())
