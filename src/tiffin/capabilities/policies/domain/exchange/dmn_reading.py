"""DMN models as policies: our own files with what was changed in them, or the tables of another tool as drafts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tiffin.capabilities.policies.domain.exchange.dmn_merging import Merging
from tiffin.capabilities.policies.domain.exchange.dmn_views import TableView, views_of
from tiffin.capabilities.policies.domain.exchange.dmn_writing import EXTENSION, model_of
from tiffin.capabilities.policies.domain.exchange.files import PolicyFile, PolicyFiles
from tiffin.capabilities.policies.domain.exchange.foreign import Draft, taken_of
from tiffin.capabilities.policies.domain.versions import PARAMETERS
from tiffin.engines.decisions.dmn import model
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message


@dataclass(frozen=True, slots=True)
class HeldText:
    """A file of ours as a model holds it."""

    place: str
    since: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """The files of ours that a model holds, and the day for which they were taken out."""

    on: date
    texts: tuple[HeldText, ...]


def held_in(definitions: model.Definitions) -> Held | None:
    """Find our own files in a model; None where another tool wrote it.

    Raises
    ------
    InvalidDefinition
        What stands there is no file of ours.
    """
    for child in definitions.other_children:
        for one in child.all("policy"):
            if one.namespace != EXTENSION:
                continue
            texts = tuple(
                HeldText(found.get("place") or "", _day(found.get("since")), found.text) for found in one.all("file")
            )
            on = _day(one.get("on"))
            if on is None or not texts or texts[0].place or texts[0].since is None:
                raise InvalidDefinition(
                    Message("The files that Tiffin laid into this model are not whole. Export the policy again.")
                )
            return Held(on, texts)
    return None


def merged(definitions: model.Definitions, files: PolicyFiles, on: date) -> tuple[PolicyFiles, tuple[Message, ...]]:
    """Take over what was changed in a modeler since the files were taken out; give them, and what was left.

    Raises
    ------
    InvalidDefinition
        The policy's table is no longer there, or cannot be read.
    """
    before, now = _view(model_of(files, on), files.policy), _view(definitions, files.policy)
    if before == now:
        return files, ()
    drafted = _drafted(definitions, now)
    merging = Merging(files, before, now, drafted)
    contents = merging.merged()
    changed = tuple(_changed(file, content) for file, content in zip(files.tables, contents, strict=True))
    return PolicyFiles(changed[0], changed[1:], files.parameters), tuple(merging.left)


def files_held(held: Held, contents: Mapping[str, Any]) -> PolicyFiles:
    """Make the files of what a model holds, with the content of each by its place."""
    made = [PolicyFile(one.place, one.since, one.text, contents[one.place]) for one in held.texts]
    tables = [one for one in made if one.place != PARAMETERS]
    parameters = next((one for one in made if one.place == PARAMETERS), None)
    return PolicyFiles(tables[0], tuple(tables[1:]), parameters)


def _changed(file: PolicyFile, content: Mapping[str, Any]) -> PolicyFile:
    return file if content == file.content else PolicyFile(file.place, file.since, "", content)


def _view(definitions: model.Definitions, policy: str) -> TableView:
    found = next((one for one in views_of(definitions) if one.name == policy), None)
    if found is None:
        raise InvalidDefinition(
            Message("The model has no decision {policy} with a decision table any more.", policy=policy)
        )
    return found


def _drafted(definitions: model.Definitions, view: TableView) -> Draft:
    taken = taken_of(definitions, owner="", source="")
    found = next((one for one in taken.drafts if one.decision == view.name), None)
    if found is None:
        raise InvalidDefinition("\n".join(taken.left))
    return found


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
