"""What a search found as plain values, for programs: the same over HTTP, on the command line and for assistants."""

from typing import Any

from tiffin.capabilities.catalog.domain.glossary import Term
from tiffin.capabilities.catalog.domain.searching import Found, Results
from tiffin.kernel.contract import LOCALES


def results_as_plain(results: Results, language: str) -> dict[str, Any]:
    """Give what a question found."""
    return {
        "question": results.question,
        "found": [_found(one, language) for one in results.found],
        "n_found": results.n_found,
        "kinds": {kind.value: count for kind, count in results.kinds.items()},
        "concepts": [{"concept": term.name, "label": term.label.text(language)} for term in results.terms],
    }


def term_as_plain(term: Term, language: str) -> dict[str, Any]:
    """Give one term of the glossary."""
    return {
        "concept": term.name,
        "label": term.label.text(language),
        "definition": term.definition.text(language),
        "synonyms": {locale: term.synonyms.get(locale, ()) for locale in LOCALES},
        "related": term.related,
        "about": [asset.text for asset in term.about],
    }


def _found(found: Found, language: str) -> dict[str, Any]:
    asset = found.asset
    return {
        "asset": asset.id.text,
        "label": asset.label_in(language),
        "meaning": asset.meaning_in(language),
        "owner": asset.owner,
        "tier": asset.tier.value,
        "life_cycle": asset.life_cycle.value,
        "address": asset.address,
        "score": round(found.score, 3),
        "why": [
            {"said": one.said, "found": one.found, "locale": one.locale, "concept": one.concept}
            for one in found.why.reasons
        ],
    }
