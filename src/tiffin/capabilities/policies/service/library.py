"""The library of policies: what ships, what a workspace puts over it, what was published, and what is in force."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from tiffin.capabilities.policies.domain.columns import COUNTRY
from tiffin.capabilities.policies.domain.faults import PolicyFault, Spot
from tiffin.capabilities.policies.domain.layering import effective
from tiffin.capabilities.policies.domain.parameters import in_force as placed_on
from tiffin.capabilities.policies.domain.parameters import read_parameters
from tiffin.capabilities.policies.domain.policy import Effective, Parameter, Policy, PolicyVersion, Words
from tiffin.capabilities.policies.domain.reading import POLICY_NAME, Filed, read_policy
from tiffin.capabilities.policies.domain.versions import BASE, PARAMETERS, Version, digest_of, file_name
from tiffin.capabilities.policies.domain.versions import in_force as chosen
from tiffin.capabilities.policies.domain.working import WrongCase, wrong_cases
from tiffin.capabilities.policies.service.drafting import find_draft
from tiffin.capabilities.policies.service.ledger import (
    SHIPPED,
    every_version,
    parameter_files,
    published_policies,
)
from tiffin.capabilities.policies.service.parameter_files import parameters_in
from tiffin.capabilities.policies.service.reading_rights import need_reader
from tiffin.kernel.errors import InvalidDefinition, NotFound, Place
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import parse_yaml
from tiffin.runtime.markets import load_markets
from tiffin.runtime.workspace import Workspace

FOLDER = "policies"
_KEPT = 512


class Health(StrEnum):
    """How a policy is: sound, with worked cases that fail, impossible to read, or not in force yet."""

    SOUND = "sound"
    FAILING = "failing"
    FAULTY = "faulty"
    COMING = "coming"


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """A policy in the library.

    Parameters
    ----------
    since : date or None
        The day from which what is in force holds; None where nothing is, or it cannot be read.
    markets, cities : tuple of str
        Places in which it differs, by overlays or parameters.
    rows : int
        Of the flat table.
    fault : str
        Why it is faulty, or the first worked case that fails; empty otherwise.
    is_own : bool
        The workspace states or publishes some of it.
    """

    name: str
    title: Words
    question: Words
    owner: str
    since: date | None
    digest: str
    markets: tuple[str, ...]
    cities: tuple[str, ...]
    rows: int
    worked_cases: int
    health: Health
    fault: str
    is_own: bool


def list_policies(context: Context, on: date | None = None) -> tuple[PolicyEntry, ...]:
    """List every policy by name, with what is in force on a day, today unless said.

    Raises
    ------
    Forbidden
        The actor has no grant at all.
    """
    need_reader(context)
    return tuple(_entry(context, name, on or context.now.date()) for name in policy_names(context))


def policy_names(context: Context) -> tuple[str, ...]:
    """Name every policy of which there is any file."""
    folders = (SHIPPED, context.workspace.overlay(FOLDER))
    filed = {one.name for folder in folders if folder.is_dir() for one in folder.iterdir() if _is_policy(one)}
    return tuple(sorted(filed.union(published_policies(context))))


def find(context: Context, name: str, *, known_at: datetime | None = None) -> Policy:
    """Give all files of a policy that are known at a moment, now unless said.

    Raises
    ------
    NotFound
        There is no such policy.
    InvalidDefinition
        One of its files cannot be read.
    Forbidden
        The actor has no grant at all.
    """
    need_reader(context)
    at, versions = known_at or context.now, _versions(context, name)
    tables = tuple(read_version(one) for one in versions if one.is_known(at) and one.place != PARAMETERS)
    said = chosen(versions, on=context.now.date(), known_at=at).get(PARAMETERS)
    return Policy(name, tables, parameters_of(context.workspace, name, said))


def in_force(
    context: Context, name: str, on: date, known_at: datetime | None = None, draft: int | None = None
) -> Effective:
    """Give a policy as it is in force on a day, as known at a moment, now unless said; or as a draft would have it.

    Raises
    ------
    NotFound
        There is no such policy, or none that is in force on the day.
    InvalidDefinition
        A file of it cannot be read, or they do not fit together.
    Forbidden
        The actor has no grant at all, or may not read drafts.
    """
    need_reader(context)
    if draft is not None:
        return drafted(context, name, on, find_draft(context, draft).texts)
    held = chosen(_versions(context, name), on=on, known_at=known_at or context.now)
    return _laid(context.workspace, name, on, held.values())


def drafted(context: Context, name: str, on: date, texts: Mapping[str, str]) -> Effective:
    """Give a policy as some texts, by place, would have it on a day, whatever else there is of it.

    Where none of them is of parameters, those that are in force count.

    Raises
    ------
    InvalidDefinition
        A text cannot be read, or they do not fit together.
    """
    now = chosen(every_version(context, name), on=on, known_at=context.now)
    held = {place: one for place, one in now.items() if place == PARAMETERS}
    held |= {place: Version(name, place, on, digest_of(text), text) for place, text in texts.items()}
    return _laid(context.workspace, name, on, held.values())


def with_version(context: Context, version: Version, file: str = "") -> Effective:
    """Give a policy as it would be from a day on with one more file.

    Parameters
    ----------
    file : str
        What complaints call the file; its place in the library unless said.

    Raises
    ------
    InvalidDefinition
        The file cannot be read, or does not fit to what is in force.
    NotFound
        It is an overlay, and nothing lies beneath it on that day.
    """
    need_reader(context)
    if version.place == PARAMETERS:
        read_stated(version, file)
    else:
        read_version(version, file)
    held = chosen(every_version(context, version.policy), on=version.from_date, known_at=context.now)
    return _laid(context.workspace, version.policy, version.from_date, {**held, version.place: version}.values())


def read_version(version: Version, file: str = "") -> PolicyVersion:
    """Read one file of a policy.

    Parameters
    ----------
    file : str
        What complaints call the file; its place in the library unless said.

    Raises
    ------
    InvalidDefinition
        It cannot be read; the message names line, row and cell.
    """
    key = (version.policy, version.place, version.from_date, version.digest)
    if key not in _READ:
        file = file or f"{FOLDER}/{version.policy}/{file_name(version.place, version.from_date)}"
        raw = parse_yaml(version.text, file)
        filed = Filed(version.policy, version.place, version.from_date, version.digest, file)
        read = read_policy(raw, filed)
        if len(_READ) >= _KEPT * 8:
            _READ.clear()
        _READ[key] = read
    return _READ[key]


_READ: dict[tuple[str, str, date, str], PolicyVersion] = {}
"""Files as they were read; what a digest says never changes."""


def parameters_of(workspace: Workspace, name: str, said: Version | None = None) -> tuple[Parameter, ...]:
    """Read the dated parameters of a policy: a text of them, or without one those that ship, then the workspace's own.

    Raises
    ------
    InvalidDefinition
        A file cannot be read.
    """
    if said is not None:
        return read_stated(said)
    return tuple(one for path in parameter_files(workspace, name) for one in parameters_in(path))


@lru_cache(maxsize=_KEPT)
def read_stated(version: Version, file: str = "") -> tuple[Parameter, ...]:
    """Read a text of dated parameters.

    Parameters
    ----------
    file : str
        What complaints call the file; its place in the library unless said.

    Raises
    ------
    InvalidDefinition
        It cannot be read.
    """
    file = file or f"{FOLDER}/{version.policy}/{version.file_name}"
    return read_parameters(parse_yaml(version.text, file), file)


def check_cases(found: Effective) -> tuple[WrongCase, ...]:
    """Run the worked cases of a policy; give those that come out otherwise."""
    return _wrong(_ByDigest(found))


@dataclass(frozen=True, slots=True)
class _ByDigest:
    """A policy in force that is told from others by its digest alone."""

    found: Effective

    def __hash__(self) -> int:
        return hash(self.found.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByDigest) and self.found.digest == other.found.digest


@lru_cache(maxsize=_KEPT)
def _wrong(key: _ByDigest) -> tuple[WrongCase, ...]:
    return wrong_cases(key.found)


def _versions(context: Context, name: str) -> tuple[Version, ...]:
    versions = every_version(context, name) if POLICY_NAME.fullmatch(name) else ()
    if not versions:
        raise NotFound(
            Message("There is no policy {policy}. `tiffin policies list` names what there is.", policy=repr(name))
        )
    return versions


def _laid(workspace: Workspace, name: str, on: date, held: Iterable[Version]) -> Effective:
    texts = {one.place: one for one in held}
    said = texts.pop(PARAMETERS, None)
    versions = {place: read_version(one) for place, one in texts.items()}
    base = versions.pop(BASE, None)
    if base is None:
        raise NotFound(Message("No version of the policy {policy} is in force on {day}.", policy=name, day=str(on)))
    for one in versions.values():
        _check_market(workspace, one)
    return _effective(base, tuple(versions.values()), parameters_of(workspace, name, said), on)


def _check_market(workspace: Workspace, version: PolicyVersion) -> None:
    if COUNTRY.fullmatch(version.place) and version.place not in load_markets(workspace.overlay("markets")):
        raise PolicyFault(
            Message(
                "there is no market {market}. To add it, write markets/{market}.yaml in the workspace.",
                market=version.place,
            ),
            Spot(Place(version.file)),
        )


def _effective(
    base: PolicyVersion, overlays: Sequence[PolicyVersion], parameters: Sequence[Parameter], on: date
) -> Effective:
    entries = tuple(entry for one in placed_on(parameters, on).values() for entry in one.entries)
    files = tuple((one.place, one.from_date, one.digest) for one in (base, *overlays))
    key = (base.policy, files, entries)
    if key not in _LAID:
        made = effective(base, overlays, parameters, on)
        if len(_LAID) >= _KEPT:
            _LAID.clear()
        _LAID[key] = made
    return _LAID[key]


_LAID: dict[tuple[object, ...], Effective] = {}
"""Policies in force, by the files and parameters that they are made of."""


def _entry(context: Context, name: str, on: date) -> PolicyEntry:
    own = (context.workspace.overlay(FOLDER) / name).is_dir() or not (SHIPPED / name).is_dir()
    try:
        found = in_force(context, name, on)
    except NotFound as error:
        return _without(name, Health.COMING, error.said, is_own=own)
    except InvalidDefinition as error:
        return _without(name, Health.FAULTY, error.said, is_own=own)
    wrong = check_cases(found)
    stated = found.stated
    return PolicyEntry(
        name=name,
        title=stated.title,
        question=stated.question,
        owner=stated.owner,
        since=found.since,
        digest=found.digest,
        markets=tuple(one for one in found.places if COUNTRY.fullmatch(one)),
        cities=tuple(one for one in found.places if not COUNTRY.fullmatch(one)),
        rows=len(found.table.table.rows),
        worked_cases=len(stated.worked_cases),
        health=Health.FAILING if wrong else Health.SOUND,
        fault=wrong[0].reason if wrong else "",
        is_own=own,
    )


def _without(name: str, health: Health, fault: str, *, is_own: bool) -> PolicyEntry:
    return PolicyEntry(name, {"en": name}, {"en": ""}, "", None, "", (), (), 0, 0, health, fault, is_own)


def _is_policy(folder: Path) -> bool:
    return folder.is_dir() and POLICY_NAME.fullmatch(folder.name) is not None
