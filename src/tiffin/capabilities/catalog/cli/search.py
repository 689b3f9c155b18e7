"""``tiffin catalog search|glossary|synonym|unanswered``: find assets in one's own words, look after the words."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.catalog.service.glossary import find_term, glossary_of, glossary_problems
from tiffin.capabilities.catalog.service.glossary_writing import add_synonym, remove_synonym
from tiffin.capabilities.catalog.service.search_plain import results_as_plain, term_as_plain
from tiffin.capabilities.catalog.service.searching import search
from tiffin.capabilities.catalog.service.unanswered import unanswered
from tiffin.kernel.assets import AssetKind
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_number, language_of, ngettext, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of


def register(app: typer.Typer) -> None:
    """Add the commands to the catalog's."""
    app.command("search")(find)
    app.command("glossary")(show_glossary)
    app.command("synonym")(change_synonym)
    app.command("unanswered")(show_unanswered)


def find(
    question: Annotated[list[str], typer.Argument(help="What you look for, in your own words and language.")],
    *,
    kind: Annotated[list[AssetKind] | None, typer.Option("--kind", help="Only this kind; may be repeated.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="How many at most.")] = 10,
    workspace: WorkspaceOption = None,
    user: UserOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find assets by what they mean, in English, Arabic, Chinese or Portuguese.

    JSON: {"question", "found": [{"asset", "label", "meaning", "owner", "tier", "address", "score", "why": [{"said",
    "found", "locale", "concept"}]}], "n_found", "kinds": {kind: count}, "concepts": [{"concept", "label"}]}.
    """
    with open_context(workspace, user=user) as context:
        locale = context.locale
        found = results_as_plain(
            search(context, " ".join(question), kinds=kind or (), limit=limit), language_of(locale)
        )
    emit(found, as_json=as_json, human=lambda payload: _results(payload, locale))


def show_glossary(
    name: Annotated[str | None, typer.Argument(help="Term; all of them without one.")] = None,
    *,
    workspace: WorkspaceOption = None,
    user: UserOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the words of the business in every language.

    JSON: {"concepts": [{"concept", "label", "definition", "synonyms", "related", "about"}], "problems": [text]}.
    """
    with open_context(workspace, user=user) as context:
        language = language_of(context.locale)
        chosen = [find_term(context, name)] if name else [*glossary_of(context).values()]
        problems = [str(one) for one in glossary_problems(context)]
    payload = {"concepts": [term_as_plain(term, language) for term in chosen], "problems": problems}
    emit(payload, as_json=as_json, human=lambda found: _terms(found, language))


def change_synonym(
    term: Annotated[str, typer.Argument(help="Name of the term, such as refund.")],
    locale: Annotated[str, typer.Argument(help="Language of the word: en, ar, zh_Hans, zh_Hant or pt_BR.")],
    words: Annotated[list[str], typer.Argument(help="Another word or phrase for it.")],
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Take back a word that was added here.")] = False,
    workspace: WorkspaceOption = None,
    user: UserOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a word to a term of the glossary, or take it back; for stewards, and audited.

    JSON: {"concept", "label", "definition", "synonyms", "related", "about"}.
    """
    change = remove_synonym if remove else add_synonym
    with open_context(workspace, user=user) as context:
        language = language_of(context.locale)
        changed = term_as_plain(change(context, term, locale, " ".join(words)), language)
    emit(changed, as_json=as_json, human=lambda found: _terms({"concepts": [found], "problems": []}, language))


def show_unanswered(*, workspace: WorkspaceOption = None, user: UserOption = None, as_json: JsonOption = False) -> None:
    """List searches that found nothing, without who asked; for stewards.

    JSON: {"unanswered": [{"words", "times", "last_day"}]}.
    """
    with open_context(workspace, user=user) as context:
        found = unanswered(context)
    rows = [{"words": one.words, "times": one.times, "last_day": one.last_day} for one in found]
    emit(
        {"unanswered": rows},
        as_json=as_json,
        human=lambda _: table_of(("words", "times", "last"), [tuple(map(str, one.values())) for one in rows]),
    )


def _results(found: Mapping[str, Any], locale: str) -> RenderableType:
    terms = ", ".join(term["label"] for term in found["concepts"])
    if not found["found"]:
        lines = [translate(locale, "Nothing was found for “{question}”.", question=found["question"])]
        lines += [translate(locale, "The nearest terms of the glossary: {terms}.", terms=terms)] if terms else []
        return Text("\n".join(lines))
    rows = [(one["asset"], one["label"], _why(one["why"])) for one in found["found"]]
    counted = ngettext(locale, "{count} asset found.", "{count} assets found.", found["n_found"])
    return Group(table_of(("asset", "label", "why"), rows), Text(counted))


def _why(reasons: list[dict[str, Any]]) -> str:
    return "; ".join(f"{one['said']} → {one['found']}" for one in reasons[:3])


def _terms(found: Mapping[str, Any], locale: str) -> RenderableType:
    rows = [
        (one["concept"], one["label"], one["definition"], ", ".join(one["synonyms"][locale]))
        for one in found["concepts"]
    ]
    counted = translate(locale, "Terms: {count}", count=format_number(len(rows), locale))
    return Group(table_of(("term", "label", "meaning", "also"), rows), Text("\n".join((counted, *found["problems"]))))
