"""The glossary of a workspace: the shipped one with the workspace's own over it, and synonyms that people add."""

import os
import threading
from functools import partial
from pathlib import Path

from tiffin.capabilities.catalog.domain.glossary import MOST_LETTERS, Glossary, Term, read_glossary
from tiffin.capabilities.metrics.domain.reading import File
from tiffin.engines.metrics.model import Problem
from tiffin.engines.search.folding import folded
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.definition_folders import definition_files
from tiffin.runtime.definitions import place_of, read_yaml, without_lines, yaml_text
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "glossary"
ADDED = "added.yaml"
"""The workspace's file in which synonyms stand that people add here."""

_KEPT = 8
_LOCK = threading.Lock()
_READ: dict[str, tuple[object, Glossary, tuple[Problem, ...]]] = {}


def glossary_of(context: Context) -> Glossary:
    """Give every term by name; a faulty entry is left out, and `glossary_problems` tells of it."""
    return glossary_in(context.workspace)[0]


def glossary_problems(context: Context) -> tuple[Problem, ...]:
    """Tell what is wrong in the files of the glossary."""
    return glossary_in(context.workspace)[1]


def glossary_in(workspace: Workspace) -> tuple[Glossary, tuple[Problem, ...]]:
    """Read the glossary of a workspace; it is read again when a file of it has changed."""
    shipped = list(definition_files(SHIPPED))
    own = list(definition_files(workspace.overlay("glossary")))
    state = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in (*shipped, *own))
    with _LOCK:
        kept = _READ.get(str(workspace.root))
    if kept is not None and kept[0] == state:
        return kept[1], kept[2]
    found, problems = read_glossary(map(_file, shipped), map(_file, own))
    with _LOCK:
        if len(_READ) >= _KEPT:
            _READ.clear()
        _READ[str(workspace.root)] = (state, found, problems)
    return found, problems


def find_term(context: Context, name: str) -> Term:
    """Give one term.

    Raises
    ------
    NotFound
        There is none of that name.
    """
    found = glossary_of(context).get(name)
    if found is None:
        raise NotFound(Message("There is no term {name} in the glossary. Its page lists them all.", name=name))
    return found


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
    _write(context.workspace, name, locale, (*added_here(context.workspace, name, locale), said))
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
    added = added_here(context.workspace, name, locale)
    if words not in added:
        raise NotFound(Message("Nobody added “{said}” to the term {name} here.", said=words, name=name))
    _write(context.workspace, name, locale, tuple(one for one in added if one != words))
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


def added_here(workspace: Workspace, name: str, locale: str) -> tuple[str, ...]:
    """Give the words that people added to a term by the console or a command, and may take back so."""
    entry = _added_file(workspace).get("concepts", {}).get(name, {})
    return tuple(map(str, entry.get("synonyms", {}).get(locale, ())))


def _added_file(workspace: Workspace) -> dict[str, dict[str, dict[str, dict[str, list[str]]]]]:
    path = workspace.overlay("glossary") / ADDED
    found = without_lines(read_yaml(path)) if path.is_file() else None
    return found if isinstance(found, dict) else {}


def _write(workspace: Workspace, name: str, locale: str, words: tuple[str, ...]) -> None:
    path = workspace.overlay("glossary") / ADDED
    path.parent.mkdir(parents=True, exist_ok=True)
    with _LOCK:
        content = _added_file(workspace)
        synonyms = content.setdefault("concepts", {}).setdefault(name, {}).setdefault("synonyms", {})
        synonyms[locale] = list(words)
        # Beside it first, then in its place: whoever reads meanwhile finds one or the other whole.
        written = path.with_suffix(f".{os.getpid()}.new")
        written.write_text(yaml_text(content), encoding="utf-8")
        written.replace(path)


def _file(path: Path) -> File:
    return File(read_yaml(path), partial(place_of, path))
