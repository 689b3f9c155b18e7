"""Public instances under a dispatcher: solved once and written, or many times over and compared."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tiffin.capabilities.rehearsals.domain.instance_files import INSTANCE_FILES, read_instance
from tiffin.capabilities.rehearsals.domain.solution_files import solution_files
from tiffin.engines.simulation.instances.checking import violations
from tiffin.engines.simulation.instances.dispatchers import DISPATCHERS, NEAREST, Dispatcher
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.outcome import Figures, Outcome, figures
from tiffin.engines.simulation.instances.replications import FEWEST, Interval, interval, replicate
from tiffin.engines.simulation.instances.solution import Solution, solution_of
from tiffin.kernel.errors import FailedCheck, NotFound, WrongUse


@dataclass(frozen=True, slots=True)
class Comparison:
    """What policies come to over replications of an instance.

    Parameters
    ----------
    figures : measure → policy → mean with its interval
    differences : measure → the second policy minus the first, paired; empty for a single policy
    """

    policies: tuple[str, ...]
    replications: int
    seed: int
    figures: Mapping[str, Mapping[str, Interval]]
    differences: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Solved:
    """A solved instance that keeps all rules.

    Parameters
    ----------
    cpu_s : float
        Seconds of CPU of the solving alone.
    """

    instance: Instance
    outcome: Outcome
    solution: Solution
    cpu_s: float

    @property
    def figures(self) -> Figures:
        """The measures of it."""
        return figures(self.instance, self.outcome)


def solve_instance(folder: Path, *, policy: str = NEAREST, out: Path | None = None) -> Solved:
    """Run an instance under a policy, check the solution against all rules, and write the evaluator's files.

    Parameters
    ----------
    out : Path or None
        Folder of the solution files; none are written without it.

    Raises
    ------
    NotFound
        A file of the instance is missing, or there is no such policy.
    InvalidData
        A file has another form.
    FailedCheck
        The solution breaks a rule: a fault of the dispatcher.
    """
    dispatcher, instance = _dispatcher(policy), _instance(folder)
    dispatcher(instance)  # brings in the compiled code, so that the next line measures the policy alone
    started = time.process_time()
    outcome = dispatcher(instance)
    cpu_s = time.process_time() - started
    solution = solution_of(instance, outcome)
    broken = violations(instance, solution)
    if broken:
        raise FailedCheck(
            f"A solution that keeps all rules was expected of {policy}; {len(broken)} are broken, first by "
            f"{broken[0].who}: {broken[0].rule}. Nothing was written. Mend the dispatcher, or take another."
        )
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in solution_files(solution).items():
            (out / name).write_text(text, encoding="utf-8")
    return Solved(instance, outcome, solution, cpu_s)


def compare_policies(folder: Path, policies: tuple[str, ...], *, replications: int, seed: int) -> Comparison:
    """Run replications of an instance under one policy or two, all on the same days.

    Raises
    ------
    WrongUse
        Fewer than two replications: nothing can be said of chance.
    NotFound
        A file of the instance is missing, or there is no such policy.
    InvalidData
        A file has another form.
    """
    if replications < FEWEST:
        raise WrongUse(
            f"At least {FEWEST} replications were expected, to tell chance from effect; found {replications}."
        )
    dispatchers = [_dispatcher(policy) for policy in policies]
    found = replicate(_instance(folder), dispatchers, replications=replications, seed=seed)
    return Comparison(
        policies=policies,
        replications=replications,
        seed=seed,
        figures={
            name: {policy: interval(rows[number]) for number, policy in enumerate(policies)}
            for name, rows in found.items()
        },
        differences={name: interval(rows[-1] - rows[0]) for name, rows in found.items() if len(policies) > 1},
    )


def _dispatcher(policy: str) -> Dispatcher:
    if policy not in DISPATCHERS:
        raise NotFound(f"A policy was expected, {policy!r} was found. There are: {', '.join(DISPATCHERS)}.")
    return DISPATCHERS[policy]


def _instance(folder: Path) -> Instance:
    missing = [name for name in INSTANCE_FILES if not (folder / name).is_file()]
    if missing:
        raise NotFound(f"An instance was expected in {folder}; it lacks {missing[0]}. Name the instance's own folder.")
    return read_instance({name: (folder / name).read_text(encoding="utf-8") for name in INSTANCE_FILES})
