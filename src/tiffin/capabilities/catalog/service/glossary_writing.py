"""What people write into the glossary: words for a term, and terms of their own; each is audited and taken back."""

import fcntl
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tiffin.capabilities.catalog.domain.glossary import MOST_LETTERS, Term
from tiffin.capabilities.catalog.service import visible
from tiffin.capabilities.catalog.service.glossary import find_term, glossary_of
from tiffin.engines.search.folding import folded
from tiffin.kernel.assets import AssetId
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import read_yaml, without_lines, yaml_text
from tiffin.runtime.workspace import Workspace

ADDED = "added.yaml"
"""The workspace's file in which stands what people add here."""

DEFINITION_LETTERS = 500


@dataclass(frozen=True, slots=True)
class NewTerm:
    """A term that somebody writes, by locale.

    Parameters
    ----------
    label : mapping of str to str
        What it is called; in English at least.
    definition : mapping of str to str
        What it means; in English at least.
    synonyms : mapping of str to tuple of str
        Other words for it.
    about : tuple of AssetId
        Assets that are about it.
    """

    label: Mapping[str, str]
    definition: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    about: tuple[AssetId, ...] = ()

    @property
    def name(self) -> str:
        """Its name in files: the English label in small letters."""
        return re.sub(r"[^a-z0-9]+", "_", folded(self.label.get("en", ""))).strip("_")


def may_add(context: Context) -> bool:
    """Tell whether the actor may add words to the glossary: stewards may."""
    return context.actor.has_role_everywhere(Role.STEWARD)


def add_synonym(context: Context, name: str, locale: str, words: str) -> Term:
    """Add another word for a term in a language; it is found by at once.

    Raises
    ------
    Forbidden
        The actor is no steward.
    NotFound
        There is no such term.
    WrongUse
        There are no words, too many of them, or the language is unknown.
    Conflict
        The term has this word already.
    """
    _require_steward(context)
    term, said = find_term(context, name), " ".join(words.split())
    if locale not in LOCALES or not said or len(said) > MOST_LETTERS or not said.isprintable():
        raise WrongUse(
            Message(
                "A synonym is a word or short phrase of at most {most} letters in one of {locales}.",
                most=MOST_LETTERS,
                locales=", ".join(LOCALES),
            )
        )
    if folded(said) in {folded(word) for word in (term.label.text(locale), *term.synonyms.get(locale, ()))}:
        raise Conflict(Message("The term {name} has the word “{said}” already.", name=name, said=said))
    with _editing(context.workspace) as content:
        entry = content.setdefault(name, {}).setdefault("synonyms", {}).setdefault(locale, [])
        if said not in entry:
            entry.append(said)
    audit.record(
        context, action="synonym_added", subject=f"glossary:{name}", details={"locale": locale, "synonym": said}
    )
    return find_term(context, name)


def remove_synonym(context: Context, name: str, locale: str, words: str) -> Term:
    """Take back a word that was added here; what ships stays.

    Raises
    ------
    Forbidden
        The actor is no steward.
    NotFound
        There is no such term, or nobody added this word here.
    """
    _require_steward(context)
    find_term(context, name)
    with _editing(context.workspace) as content:
        added = content.get(name, {}).get("synonyms", {}).get(locale, [])
        if words not in added:
            raise NotFound(Message("Nobody added “{said}” to the term {name} here.", said=words, name=name))
        added.remove(words)
    audit.record(
        context, action="synonym_removed", subject=f"glossary:{name}", details={"locale": locale, "synonym": words}
    )
    return find_term(context, name)


def _require_steward(context: Context) -> None:
    if not may_add(context):
        raise Forbidden(
            Message(
                "{name} may not change the glossary: a steward's grant over all countries is needed.",
                name=context.actor.name,
            )
        )


def add_term(context: Context, new: NewTerm) -> Term:
    """Add a term with its words in every language; it is found by at once.

    Raises
    ------
    Forbidden
        The actor is no steward.
    WrongUse
        The English name or meaning is missing, a text is too long, or an asset is unknown.
    Conflict
        There is such a term already, or another one has this name among its words.
    """
    _require_steward(context)
    _check(context, new)
    for term in glossary_of(context).values():
        for locale, label in new.label.items():
            words = (term.label.text(locale), *term.synonyms.get(locale, ()))
            if term.name == new.name or folded(label) in {folded(word) for word in words}:
                raise Conflict(Message("The term {name} says this already: add your words to it.", name=term.name))
    with _editing(context.workspace) as content:
        if "label" in content.get(new.name, {}):
            raise Conflict(Message("The term {name} says this already: add your words to it.", name=new.name))
        content[new.name] = {
            "label": dict(new.label),
            "definition": dict(new.definition),
            "synonyms": {locale: list(words) for locale, words in new.synonyms.items() if words},
            "about": [asset.text for asset in new.about],
        }
    details = {"label": dict(new.label), "about": [asset.text for asset in new.about]}
    audit.record(context, action="term_added", subject=f"glossary:{new.name}", details=details)
    return find_term(context, new.name)


def remove_term(context: Context, name: str) -> None:
    """Take back a term that was added here, with all its words; what ships stays.

    Raises
    ------
    Forbidden
        The actor is no steward.
    NotFound
        Nobody added such a term here.
    """
    _require_steward(context)
    with _editing(context.workspace) as content:
        if "label" not in content.get(name, {}):
            raise NotFound(Message("Nobody added the term {name} here.", name=name))
        taken = content.pop(name)
    audit.record(context, action="term_removed", subject=f"glossary:{name}", details={"label": taken["label"]})


def is_added_here(workspace: Workspace, name: str) -> bool:
    """Tell whether a term was added by people here, who may take it back."""
    return "label" in _added(workspace).get(name, {})


def added_here(workspace: Workspace, name: str, locale: str) -> tuple[str, ...]:
    """Give the words that people added to a term by the console or a command, and may take back so."""
    return tuple(map(str, _added(workspace).get(name, {}).get("synonyms", {}).get(locale, ())))


def _check(context: Context, new: NewTerm) -> None:
    if not new.name or not new.definition.get("en"):
        raise WrongUse(Message("A term needs at least an English name and what it means in English."))
    texts = (*new.label.values(), *(word for words in new.synonyms.values() for word in words))
    is_long = any(len(text) > MOST_LETTERS or not text.isprintable() for text in texts)
    if is_long or any(len(text) > DEFINITION_LETTERS for text in new.definition.values()):
        raise WrongUse(
            Message(
                "A name or a synonym has at most {most} letters on one line, and a meaning at most {letters}.",
                most=MOST_LETTERS,
                letters=DEFINITION_LETTERS,
            )
        )
    known = visible(context)
    for asset in new.about:
        if asset not in known:
            raise WrongUse(Message("There is no asset {asset} that you may know of.", asset=asset.text))


def _added(workspace: Workspace) -> dict[str, dict[str, Any]]:
    path = _path(workspace)
    found = without_lines(read_yaml(path)) if path.is_file() else None
    return found.get("concepts", {}) if isinstance(found, dict) else {}


def _path(workspace: Workspace) -> Path:
    return workspace.overlay("glossary") / ADDED


@contextmanager
def _editing(workspace: Workspace) -> Iterator[dict[str, dict[str, Any]]]:
    """Read what was added, let it be changed, and write it back, while every other process waits."""
    path = _path(workspace)
    path.parent.mkdir(parents=True, exist_ok=True)
    workspace.state.mkdir(parents=True, exist_ok=True)
    with (workspace.state / "glossary.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        content = _added(workspace)
        yield content
        # Beside it first, then in its place: whoever reads meanwhile finds one or the other whole.
        written = path.with_suffix(f".{os.getpid()}.new")
        written.write_text(yaml_text({"concepts": content}), encoding="utf-8")
        written.replace(path)
