"""Comments on cases of any sort, and sentences that are often written."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tiffin.capabilities.cases.models import CaseRecord
from tiffin.capabilities.cases.service import act_common
from tiffin.capabilities.cases.service.records import find_record, roles_over, type_of
from tiffin.engines.cases.declaration import COMMENT
from tiffin.kernel.errors import Forbidden, InvalidDefinition, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.i18n import LOCALES
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "comments.yaml"
MOST_LETTERS = 4000


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence that is often written, in one language."""

    name: str
    text: str


def comment(context: Context, case_id: int, text: str, *, version: int | None = None) -> None:
    """Write a comment into a case, open or closed.

    Raises
    ------
    NotFound
        There is no such case, or the actor may not see it.
    Forbidden
        He may only look at it.
    WrongUse
        Nothing was written, or too much.
    """
    record = find_record(context, case_id)
    require_voice(context, record)
    said = text.strip()
    if not said or len(said) > MOST_LETTERS:
        raise WrongUse(Message("A comment has 1 to {most} letters; found {found}.", most=MOST_LETTERS, found=len(said)))
    act_common(context, record, COMMENT, {"text": said}, version=version)


def has_voice(context: Context, record: CaseRecord) -> bool:
    """Tell whether the actor may say something in a case: whoever may act on it in any of its states."""
    roles = roles_over(context.actor, country=record.country, city_id=record.city_id)
    return any(one.roles & roles for one in type_of(record.case_type).transitions)


def require_voice(context: Context, record: CaseRecord) -> None:
    """Let nobody pass who may only look at a case.

    Raises
    ------
    Forbidden
        He has no role that acts on it.
    """
    if not has_voice(context, record):
        raise Forbidden(
            Message("{name} may look at this case and not write into it. Ask a colleague.", name=context.actor.name)
        )


def templates_for(workspace: Workspace, locale: str) -> tuple[Template, ...]:
    """Give the sentences that are often written, in a reader's language.

    Raises
    ------
    InvalidDefinition
        ``parameters/comments.yaml`` of the workspace is not what it should be.
    """
    own = workspace.overlay("parameters") / "comments.yaml"
    paths = [SHIPPED, own] if own.is_file() else [SHIPPED]
    listed = {one["name"]: one["text"] for path in paths for one in _listed(path)}
    return tuple(Template(name, text[locale]) for name, text in listed.items())


def _listed(path: Path) -> list[Mapping[str, Any]]:
    found = without_lines(read_yaml(path))
    listed = found.get("comments") if isinstance(found, dict) else None
    if not isinstance(listed, list) or not all(_is_template(one) for one in listed):
        raise InvalidDefinition(
            Message(
                "{path} must hold a list under `comments`, each with a name and a `text` in {languages}.",
                path=path,
                languages=", ".join(LOCALES),
            )
        )
    return listed


def _is_template(one: Any) -> bool:
    text = one.get("text") if isinstance(one, dict) and isinstance(one.get("name"), str) else None
    return isinstance(text, dict) and all(isinstance(text.get(locale), str) for locale in LOCALES)
