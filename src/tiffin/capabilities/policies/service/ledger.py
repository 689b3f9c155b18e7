"""What was ever published of policies, what of it was known when, and whether it still is what it was.

Published texts lie in the database for ever, with the digest by which decisions name them. Their copies in the
workspace's folder are for people and their tools: what decides is the text that two people agreed to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path

from sqlalchemy import Row, Select, select

from tiffin.capabilities.policies.domain.versions import (
    PARAMETERS,
    Version,
    digest_of,
    in_force,
    is_policy_name,
    named_so,
)
from tiffin.capabilities.policies.models import PUBLICATIONS, PUBLISHED_TEXTS
from tiffin.capabilities.policies.service.parameter_files import PARAMETERS_FILE, one_text
from tiffin.capabilities.policies.service.reading_rights import need_reader
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import MAX_BYTES
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).parent.parent / "policies"
"""The policies that come with the product, one folder each."""

_P, _T = PUBLICATIONS.c, PUBLISHED_TEXTS.c


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication of a policy: what two people agreed to, at once, for some of its places.

    Parameters
    ----------
    number : int
        Of the policy's publications, from 1.
    from_date : date
        First business day on which it holds.
    digests : mapping of str to str
        By place, the SHA-256 of the file.
    late_reason : str
        Why it begins before the day of its publication; empty where it does not.
    """

    publication_id: int
    policy: str
    number: int
    from_date: date
    draft_id: int
    authors: tuple[str, ...]
    published_at: datetime
    published_by: str
    comment: str
    late_reason: str
    digests: Mapping[str, str]
    taken_back_at: datetime | None = None
    taken_back_by: str = ""
    taken_back_reason: str = ""

    @property
    def is_taken_back(self) -> bool:
        """Tell whether it was undone."""
        return self.taken_back_at is not None


def published_versions(context: Context, policy: str) -> tuple[Version, ...]:
    """Give every version of a policy that was ever published here, those taken back too, in the order of publishing."""
    return context.unit.remembered(("published versions of a policy", policy), partial(_versions, context, policy))


def versions_known(context: Context, policy: str, known_at: datetime | None = None) -> tuple[Version, ...]:
    """Give the versions that were published by a moment and not taken back by then; None is now."""
    at = known_at or context.now
    return tuple(one for one in published_versions(context, policy) if one.is_known(at))


def every_version(context: Context, policy: str) -> tuple[Version, ...]:
    """Give every version of a policy: shipped, put into the workspace by hand, and published.

    The copies of published ones in the workspace are not read: whatever was done to them decides nothing.
    """
    if not is_policy_name(policy):
        return ()
    published = published_versions(context, policy)
    copies = {one.file_name for one in published}
    files = {one.name: one for one in _files(SHIPPED / policy)}
    own = {one.name: one for one in _files(context.workspace.overlay("policies") / policy) if one.name not in copies}
    read = (_read(policy, path) for path in (files | own).values())
    return (*(one for one in read if one is not None), *published)


def texts_in_force(
    context: Context, policy: str, *, on: date | None = None, known_at: datetime | None = None
) -> Mapping[str, Version]:
    """Give the version of each place that holds on a day, today unless said, as known at a moment, now unless said."""
    return in_force(every_version(context, policy), on=on or context.now.date(), known_at=known_at or context.now)


def texts_written(context: Context, policy: str, *, on: date | None = None) -> Mapping[str, Version]:
    """Give what `texts_in_force` does, and the files of parameters as one text where no publication replaced them.

    Raises
    ------
    InvalidDefinition
        Shipped and own parameters cannot be brought together, since one of them cannot be read.
    """
    return with_parameters(context, policy, texts_in_force(context, policy, on=on))


def with_parameters(context: Context, policy: str, held: Mapping[str, Version]) -> Mapping[str, Version]:
    """Add the files of parameters as one text to versions that have none.

    Raises
    ------
    InvalidDefinition
        Shipped and own parameters cannot be brought together, since one of them cannot be read.
    """
    if PARAMETERS in held or not is_policy_name(policy):
        return held
    text = one_text(parameter_files(context.workspace, policy))
    if text is None:
        return held
    filed = Version(policy, PARAMETERS, date.min, digest_of(text), text)
    return dict(sorted({**held, PARAMETERS: filed}.items()))


def parameter_files(workspace: Workspace, policy: str) -> tuple[Path, ...]:
    """Give where files of parameters of a policy may lie: the shipped one, then the workspace's own."""
    return tuple(folder / policy / PARAMETERS_FILE for folder in (SHIPPED, workspace.overlay("policies")))


def version_of(context: Context, policy: str, digest: str) -> Version:
    """Find a version by the digest that a decision names, whatever became of it since.

    Raises
    ------
    NotFound
        No file of the policy ever had it here.
    """
    need_reader(context)
    for one in every_version(context, policy):
        if one.digest == digest:
            return one
    raise NotFound(
        Message("No version of {policy} with the digest {digest} is known here.", policy=policy, digest=digest)
    )


def published_policies(context: Context) -> tuple[str, ...]:
    """Name the policies of which anything was ever published here."""
    return tuple(context.unit.execute(select(_P.policy).distinct().order_by(_P.policy)).scalars())


def publications(context: Context, policy: str | None = None) -> tuple[Publication, ...]:
    """List publications, newest first."""
    need_reader(context)
    wanted = select(PUBLICATIONS).order_by(_P.publication_id.desc())
    if policy is not None:
        wanted = wanted.where(_P.policy == policy)
    return _told(context, wanted)


def find_publication(context: Context, publication_id: int) -> Publication:
    """Find a publication.

    Raises
    ------
    NotFound
        There is none of that number.
    """
    need_reader(context)
    found = _told(context, select(PUBLICATIONS).where(_P.publication_id == publication_id))
    if not found:
        raise NotFound(Message("There is no publication {number} of a policy.", number=publication_id))
    return found[0]


def publication_numbered(context: Context, policy: str, number: int) -> Publication:
    """Find a publication by its number among the policy's.

    Raises
    ------
    NotFound
        The policy has none of that number.
    """
    need_reader(context)
    found = _told(context, select(PUBLICATIONS).where(_P.policy == policy, _P.number == number))
    if not found:
        raise NotFound(
            Message(
                "There is no publication {number} of {policy}. `tiffin policies history {policy}` lists them.",
                number=number,
                policy=policy,
            )
        )
    return found[0]


def texts_of(context: Context, publication_id: int) -> Mapping[str, str]:
    """Give the texts that a publication brought, by place."""
    need_reader(context)
    wanted = select(_T.place, _T.text).where(_T.publication_id == publication_id).order_by(_T.place)
    return {row.place: row.text for row in context.unit.execute(wanted)}


def altered(context: Context, policy: str | None = None) -> tuple[Message, ...]:
    """Tell which published texts are no longer what was published, in the database or as copies in the workspace."""
    need_reader(context)
    found: list[Message] = []
    for name in (policy,) if policy else published_policies(context):
        versions = published_versions(context, name)
        found += [_changed(one) for one in versions if digest_of(one.text) != one.digest]
        # Of several that begin on one day the last one is copied; one that was taken back only where none is left.
        order = sorted(versions, key=lambda one: one.is_known(context.now))
        for one in {(one.place, one.from_date): one for one in order}.values():
            found += _copy_told(context, one)
    return tuple(found)


def copy_of(workspace: Workspace, version: Version) -> Path:
    """Give the file in the workspace that holds the copy of a published version."""
    return workspace.overlay("policies") / version.policy / version.file_name


def _versions(context: Context, policy: str) -> tuple[Version, ...]:
    columns = (_P.number, _P.from_date, _P.published_at, _P.taken_back_at, _T.place, _T.digest, _T.text)
    joined = PUBLICATIONS.join(PUBLISHED_TEXTS, _P.publication_id == _T.publication_id)
    wanted = select(*columns).select_from(joined).where(_P.policy == policy).order_by(_P.number, _T.place)
    return tuple(
        Version(
            policy,
            row.place,
            row.from_date,
            row.digest,
            row.text,
            publication=row.number,
            published_at=row.published_at,
            taken_back_at=row.taken_back_at,
        )
        for row in context.unit.execute(wanted)
    )


def _told(context: Context, wanted: "Select[tuple[object, ...]]") -> tuple[Publication, ...]:
    rows = context.unit.execute(wanted).all()
    numbers = [row.publication_id for row in rows]
    texts = select(_T.publication_id, _T.place, _T.digest).where(_T.publication_id.in_(numbers)).order_by(_T.place)
    digests: dict[int, dict[str, str]] = {number: {} for number in numbers}
    for row in context.unit.execute(texts):
        digests[row.publication_id][row.place] = row.digest
    return tuple(_publication(row, digests[row.publication_id]) for row in rows)


def _publication(row: "Row[tuple[object, ...]]", digests: Mapping[str, str]) -> Publication:
    held = dict(row._mapping)  # noqa: SLF001 - the documented name of a row's mapping
    held |= {"authors": tuple(row.authors), "taken_back_by": row.taken_back_by or ""}
    return Publication(**held, digests=digests)


def _files(folder: Path) -> tuple[Path, ...]:
    if not folder.is_dir():
        return ()
    return tuple(path for path in sorted(folder.iterdir()) if named_so(path.name) and path.is_file())


def _read(policy: str, path: Path) -> Version | None:
    named = named_so(path.name)
    if named is None:
        return None
    place, day = named
    found = path.stat()
    return _read_as(policy, place, day, path, (found.st_ino, found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=4096)
def _read_as(policy: str, place: str, day: date, path: Path, state: tuple[int, int, int]) -> Version:
    """Read a file; it is read again when its state is another."""
    if state[-1] > MAX_BYTES:
        raise InvalidDefinition(
            Message("{file} is larger than {most} bytes; no policy is that long.", file=str(path), most=MAX_BYTES)
        )
    written = path.read_bytes()
    return Version(policy, place, day, digest_of(written), written.decode("utf-8-sig", "replace"))


def _changed(version: Version) -> Message:
    return Message(
        "Publication {number} of {policy}: the text of {file} in the database is not what was published.",
        number=version.publication,
        policy=version.policy,
        file=version.file_name,
    )


def _copy_told(context: Context, version: Version) -> Iterator[Message]:
    path = copy_of(context.workspace, version)
    told = {"number": version.publication, "policy": version.policy, "file": str(path)}
    if not version.is_known(context.now):
        if path.is_file():
            yield Message(
                "Publication {number} of {policy} was taken back, and its copy {file} still lies in the workspace, "
                "where it decides nothing. Take it away.",
                **told,
            )
    elif not path.is_file():
        yield Message(
            "Publication {number} of {policy}: its copy {file} is gone from the workspace. What was published still "
            "decides.",
            **told,
        )
    elif digest_of(path.read_bytes()) != version.digest:
        yield Message(
            "Publication {number} of {policy}: its copy {file} was changed in the workspace, which changes no "
            "decision. Put it back, or bring the change in as a draft.",
            **told,
        )
