"""Policies brought in from files of others: as drafts, or as YAML files to look at first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath

from tiffin.capabilities.policies.domain.exchange.csv_tables import policy_in_csv
from tiffin.capabilities.policies.domain.exchange.dmn_reading import files_held, held_in, merged
from tiffin.capabilities.policies.domain.exchange.files import PolicyFile, PolicyFiles, says_the_same
from tiffin.capabilities.policies.domain.exchange.foreign import taken_of
from tiffin.capabilities.policies.domain.exchange.streams import texts_in
from tiffin.capabilities.policies.domain.layering import effective
from tiffin.capabilities.policies.domain.parameters import read_parameters
from tiffin.capabilities.policies.domain.policy import Parameter, PolicyVersion
from tiffin.capabilities.policies.domain.reading import Filed, read_policy
from tiffin.capabilities.policies.domain.versions import (
    BASE,
    PARAMETERS,
    digest_of,
    is_place,
    is_policy_name,
    named_so,
)
from tiffin.capabilities.policies.service.drafting import Draft, begin_draft
from tiffin.capabilities.policies.service.drafting_saving import save_draft
from tiffin.capabilities.policies.service.exchange import Format, file_of, files_in_force
from tiffin.capabilities.policies.service.exchange_sheets import policy_in_xlsx
from tiffin.engines.decisions.dmn.reading import read_model
from tiffin.kernel.errors import InvalidData, InvalidDefinition, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import parse_yaml, yaml_text

MAX_BYTES = 20_000_000
SUFFIXES: Mapping[str, Format] = {
    ".dmn": Format.DMN,
    ".xml": Format.DMN,
    ".xlsx": Format.XLSX,
    ".csv": Format.CSV,
    ".yaml": Format.YAML,
    ".yml": Format.YAML,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a file is to be brought in.

    Parameters
    ----------
    since : date
        From which day a policy is meant to hold that does not say so itself.
    owner : str
        Who looks after a policy whose file has no place for it.
    policy : str or None
        The name it is to have here; None for its own.
    only : str or None
        The one table of a model that is wanted, by the model's name of it; None for all.
    known : callable
        Gives the files of a policy that are in force; None where there are none.
    """

    since: date
    owner: str
    policy: str | None = None
    only: str | None = None
    known: Callable[[str], PolicyFiles | None] = lambda _policy: None


@dataclass(frozen=True, slots=True)
class Brought:
    """A policy that a file brought.

    Parameters
    ----------
    faults : tuple of str
        What has to be mended before it can be proposed.
    """

    policy: str
    files: tuple[PolicyFile, ...]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file brought, and what of it was not taken over."""

    policies: tuple[Brought, ...]
    left: tuple[str, ...] = ()


def read_file(path: Path) -> bytes:
    """Read a file that is to be brought in.

    Raises
    ------
    NotFound
        There is none.
    InvalidData
        It is larger than any policy.
    """
    if not path.is_file():
        raise NotFound(Message("A file was expected at {path}, and there is none.", path=str(path)))
    if path.stat().st_size > MAX_BYTES:
        raise InvalidData(
            Message("{file} is larger than {most} bytes; no policy is that long.", file=path.name, most=MAX_BYTES)
        )
    return path.read_bytes()


def files_known(context: Context, policy: str) -> PolicyFiles | None:
    """Give the files of a policy that are in force today; None where there are none."""
    try:
        return files_in_force(context, policy, context.now.date())
    except NotFound:
        return None


def bring_in(name: str, content: bytes, wanted: Wanted) -> Imported:
    """Read a file of others as policies; nothing is kept yet.

    Raises
    ------
    WrongUse
        Its name tells no form that is known here, it has several tables and one name was given for them, or what it
        calls a policy or a place can name none.
    InvalidDefinition, InvalidData
        It cannot be read as what its name says.
    """
    form = SUFFIXES.get(PurePath(name).suffix.lower())
    if form is None:
        raise WrongUse(Message("A file of {known} was expected; found {file}.", known=", ".join(SUFFIXES), file=name))
    found = _READERS[form](name, content, wanted)
    if wanted.policy is not None and len(found.policies) > 1:
        raise WrongUse(
            Message(
                "{file} brings {names}; name one of its tables beside the name that it is to have.",
                file=name,
                names=", ".join(one.policy for one in found.policies),
            )
        )
    return Imported(tuple(_finished(one, wanted) for one in found.policies), found.left)


def keep_as_draft(context: Context, brought: Brought, source: str) -> Draft:
    """Make a draft of a policy that was brought in, its parameters among the rest.

    Raises
    ------
    Forbidden
        The actor may not write on one of its places.
    """
    draft = begin_draft(context, brought.policy, title=source)
    texts: dict[str, str | None] = {one.place: one.text for one in brought.files}
    return save_draft(context, draft.draft_id, texts, seen=draft.head, note=source)


def write_files(brought: Brought, out: Path) -> tuple[Path, ...]:
    """Write the files of a policy that was brought in into a folder of its name.

    Raises
    ------
    WrongUse
        One of them is there already; nothing is written then.
    """
    folder = out / brought.policy
    paths = [folder / one.name for one in brought.files]
    there = next((path for path in paths if path.exists()), None)
    if there is not None:
        raise WrongUse(Message("{path} is there already. Take it away, or name another folder.", path=str(there)))
    folder.mkdir(parents=True, exist_ok=True)
    for path, one in zip(paths, brought.files, strict=True):
        path.write_text(one.text, encoding="utf-8")
    return tuple(paths)


def _of_model(name: str, content: bytes, wanted: Wanted) -> Imported:
    definitions = read_model(content, name)
    held = held_in(definitions)
    if held is not None:
        contents = {one.place: file_of(one.place, one.since, one.text, name).content for one in held.texts}
        files, left = merged(definitions, files_held(held, contents), held.on)
        return Imported((Brought(files.policy, files.all),), left)
    taken = taken_of(definitions, owner=wanted.owner, source=name)
    chosen = [one for one in taken.drafts if wanted.only in (None, one.decision)]
    if not chosen:
        named = ", ".join(one.decision for one in taken.drafts)
        raise InvalidDefinition(
            Message(
                "{file} has no decision table that could become a policy by that name; it has: {names}. {left}",
                file=name,
                names=named or "-",
                left=" ".join(taken.left),
            )
        )
    policies = tuple(
        Brought(one.content["policy"], (PolicyFile(BASE, wanted.since, "", one.content),)) for one in chosen
    )
    return Imported(policies, taken.left)


def _of_yaml(name: str, content: bytes, wanted: Wanted) -> Imported:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidDefinition(Message("{file} is no text in UTF-8.", file=name)) from None
    files = tuple(_yaml_file(inner or name, piece, wanted) for inner, piece in texts_in(text))
    policy = next((str(one.content["policy"]) for one in files if "policy" in one.content), None)
    if policy is None:
        raise InvalidDefinition(Message("{file} says nowhere which `policy` it is.", file=name))
    return Imported((Brought(policy, files),))


def _yaml_file(name: str, text: str, wanted: Wanted) -> PolicyFile:
    raw = file_of(BASE, wanted.since, text, name).content
    if not isinstance(raw, Mapping):
        raise InvalidDefinition(Message("{file} is no file of a policy.", file=name))
    if "parameters" in raw and "policy" not in raw:
        return PolicyFile(PARAMETERS, None, text, raw)
    named = named_so(PurePath(name).name)
    return PolicyFile(str(raw.get("overlay") or BASE), named[1] if named else wanted.since, text, raw)


def _of_workbook(name: str, content: bytes, wanted: Wanted) -> Imported:
    files = policy_in_xlsx(name, content, wanted.since)
    return Imported((Brought(files.policy, files.all),))


def _of_csv(name: str, content: bytes, wanted: Wanted) -> Imported:
    """Read rules over the policy that is to have them: CSV tells neither its name nor what else belongs to it."""
    policy = wanted.policy or PurePath(name).name.partition(".")[0]
    files = wanted.known(policy)
    if files is None and wanted.policy is None:
        raise WrongUse(
            Message(
                "{file} does not say which policy its rules belong to, and {policy} is none. Name the policy with "
                "--as, a new one too.",
                file=name,
                policy=policy,
            )
        )
    if files is None:
        words = {"en": policy}
        stated = {"policy": policy, "title": words, "question": words, "owner": wanted.owner, "source": name}
        files = PolicyFiles(PolicyFile(BASE, wanted.since, "", stated))
    return Imported((Brought(policy, policy_in_csv(name, content, files).all),))


def _finished(brought: Brought, wanted: Wanted) -> Brought:
    """Give each file its text, under the name that the policy is to have, and tell what has to be mended in it."""
    name = wanted.policy or brought.policy
    known = wanted.known(name)
    held = {one.place: one for one in known.all} if known else {}
    _check_names(name, brought.files)
    renamed = (_renamed(one, name) for one in brought.files)
    files = tuple(held[one.place] if _is_same(one, held.get(one.place)) else _written(one) for one in renamed)
    brings_parameters = any(one.place == PARAMETERS for one in files)
    faults = _faults(name, files, known.parameters if known and not brings_parameters else None)
    return Brought(name, files, faults)


def _check_names(policy: str, files: Iterable[PolicyFile]) -> None:
    """Refuse names that would lead out of a policy's folder, before a file is called by them."""
    if not is_policy_name(policy):
        raise WrongUse(
            Message(
                "A policy's name has small letters, digits and hyphens only, and begins with a letter; '{name}' was "
                "found.",
                name=policy,
            )
        )
    place = next((one.place for one in files if not is_place(one.place)), None)
    if place is not None:
        raise WrongUse(
            Message("'{place}' can name no market and no city: letters, digits, _ and - are expected.", place=place)
        )


def _renamed(file: PolicyFile, policy: str) -> PolicyFile:
    if file.place == PARAMETERS or file.content.get("policy") == policy:
        return file
    return replace(file, text="", content={**file.content, "policy": policy})


def _is_same(file: PolicyFile, held: PolicyFile | None) -> bool:
    """Tell whether a file says what the one in force says, whose text is then kept with its comments."""
    return held is not None and not file.text and says_the_same(file.content, held.content)


def _written(file: PolicyFile) -> PolicyFile:
    return file if file.text else replace(file, text=yaml_text(dict(file.content)))


def _faults(policy: str, files: Iterable[PolicyFile], known: PolicyFile | None) -> tuple[str, ...]:
    """Tell what is wrong with each file, and where they do not fit together."""
    faults: list[str] = []
    versions: list[PolicyVersion] = []
    parameters: tuple[Parameter, ...] = ()
    for one in (*((known,) if known else ()), *files):
        try:
            raw = parse_yaml(one.text, one.name)
            if one.place == PARAMETERS:
                parameters = read_parameters(raw, one.name)
            elif one.since is not None:
                filed = Filed(policy, one.place, one.since, digest_of(one.text), one.name)
                versions.append(read_policy(raw, filed))
        except InvalidDefinition as fault:
            faults.append(fault.said)
    return tuple(faults) or _misfits(versions, parameters)


def _misfits(versions: list[PolicyVersion], parameters: tuple[Parameter, ...]) -> tuple[str, ...]:
    base = next((one for one in versions if not one.place), None)
    if base is None:
        return ()
    try:
        effective(base, [one for one in versions if one.place], parameters, max(one.from_date for one in versions))
    except InvalidDefinition as fault:
        return (fault.said,)
    return ()


_READERS: Mapping[Format, Callable[[str, bytes, Wanted], Imported]] = {
    Format.DMN: _of_model,
    Format.XLSX: _of_workbook,
    Format.CSV: _of_csv,
    Format.YAML: _of_yaml,
}
