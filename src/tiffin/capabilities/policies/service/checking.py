"""Whether policies are sound: they can be read, worked cases come out, shipped and published files are unchanged."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from tiffin.capabilities.policies.domain.policy import Effective, in_language
from tiffin.capabilities.policies.domain.versions import BASE, Version, digest_of, named_so
from tiffin.capabilities.policies.service.ledger import SHIPPED, altered, every_version
from tiffin.capabilities.policies.service.library import check_cases, in_force, policy_names, with_version
from tiffin.capabilities.policies.service.locking import broken_locks
from tiffin.capabilities.policies.service.proving import prove
from tiffin.capabilities.policies.service.pushing import refused_by_sql
from tiffin.capabilities.policies.service.reading_rights import need_reader
from tiffin.kernel.errors import InvalidDefinition, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import parse_yaml
from tiffin.runtime.i18n import language_of


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of a policy as it is in force from a day on.

    Parameters
    ----------
    fault : str
        Why it cannot be read; empty where it can.
    wrong : tuple of (str, str)
        Of each worked case that comes out otherwise: its title, and what came.
    findings : tuple of str
        What the proof found: gaps, contradictions, rows that never decide, promises that do not hold; and why the
        policy cannot be proven or decided by a warehouse.
    worked_cases, rows : int
        How many were run; how many rows the flat table has.
    """

    policy: str
    on: date
    fault: str = ""
    wrong: tuple[tuple[str, str], ...] = ()
    findings: tuple[str, ...] = ()
    worked_cases: int = 0
    rows: int = 0


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found of policies.

    Parameters
    ----------
    altered : tuple of str
        Shipped and published files that no longer say what they said.
    replaced : tuple of str
        Shipped files instead of which others of the workspace count, which is no fault.
    """

    checked: tuple[Checked, ...]
    altered: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()

    @property
    def is_invalid(self) -> bool:
        """Whether anything cannot be read or was altered."""
        return bool(self.altered) or any(one.fault for one in self.checked)

    @property
    def is_failing(self) -> bool:
        """Whether a worked case comes out otherwise, or the proof found something."""
        return any(one.wrong or one.findings for one in self.checked)


def check_policies(context: Context, policy: str | None = None) -> CheckReport:
    """Check every policy or one, as it is in force today and from each later day on which something changes.

    Raises
    ------
    NotFound
        There is no such policy.
    Forbidden
        The actor has no grant at all.
    """
    need_reader(context)
    names = policy_names(context)
    if policy is not None and policy not in names:
        raise NotFound(
            Message("There is no policy {policy}. `tiffin policies list` names what there is.", policy=policy)
        )
    asked = names if policy is None else (policy,)
    found = tuple(one for name in asked for one in _of_policy(context, name))
    replaced = tuple(one for name in asked for one in _replaced(context, name))
    return CheckReport(found, (*broken_locks(), *altered(context, policy)), replaced)


def check_file(context: Context, path: Path) -> CheckReport:
    """Check a file that lies anywhere, as if it stood in the library under its name.

    Raises
    ------
    WrongUse
        Its name says neither day nor place.
    InvalidDefinition
        It is not YAML.
    """
    named = named_so(path.name)
    if named is None:
        raise WrongUse(
            Message(
                "A file of a policy is named by its day, or its day and place, as 2026-04-01.yaml or "
                "2026-04-01.KW.yaml; found {name}.",
                name=path.name,
            )
        )
    place, day = named
    text = path.read_bytes().decode("utf-8-sig", "replace")
    raw = parse_yaml(text, str(path))
    policy = str(raw.get("policy", "")) if isinstance(raw, dict) else ""
    version = Version(policy or path.parent.name, place, day, digest_of(text), text)
    return CheckReport((_checked(context, version.policy, day, partial(with_version, context, version, str(path))),))


def _replaced(context: Context, policy: str) -> Iterator[Message]:
    """Tell which files of the workspace count instead of shipped ones and say something else."""
    shipped = {path.name: digest_of(path.read_bytes()) for path in (SHIPPED / policy).glob("*.yaml")}
    for one in every_version(context, policy):
        is_own = (context.workspace.overlay("policies") / policy / one.file_name).is_file()
        if is_own and not one.publication and shipped.get(one.file_name, one.digest) != one.digest:
            yield Message(
                "policies/{file} of the workspace goes instead of the file that ships under this name.",
                file=f"{policy}/{one.file_name}",
            )


def _of_policy(context: Context, name: str) -> Iterator[Checked]:
    today = context.now.date()
    versions = every_version(context, name)
    begins = min((one.from_date for one in versions if one.place == BASE), default=today)
    days = {max(today, begins), *(one.from_date for one in versions if one.from_date > max(today, begins))}
    for day in sorted(days):
        yield _checked(context, name, day, partial(in_force, context, name, day))


def _checked(context: Context, policy: str, on: date, read: Callable[[], Effective]) -> Checked:
    try:
        found = read()
    except (InvalidDefinition, NotFound) as error:
        return Checked(policy, on, error.said)
    wrong = tuple((in_language(one.case.title, language_of(context.locale)), one.reason) for one in check_cases(found))
    proof = prove(context, found)
    refused = [said for said in (proof.refused, refused_by_sql(found)) if said]
    findings = (*(one.said for one in proof.told), *refused)
    return Checked(policy, on, "", wrong, findings, len(found.stated.worked_cases), len(found.table.table.rows))
