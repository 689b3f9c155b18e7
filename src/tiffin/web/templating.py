"""Templates: one Jinja environment for pages and for the self-contained files that travel by e-mail.

Templates of this package are named as they are (``base.html``); a capability's own carry its name:
``metrics/list.html`` lies in ``capabilities/metrics/templates/list.html``.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup, escape

from tiffin.runtime.i18n import (
    ENDONYMS,
    LOCALES,
    direction,
    format_country,
    format_date,
    format_duration,
    format_instant,
    format_money,
    format_number,
    format_percent,
    language_of,
    language_tag,
    plural_form,
    translate,
)
from tiffin.web.roles import role_told

WEB = Path(__file__).resolve().parent
CAPABILITIES = WEB.parent / "capabilities"
_ISOLATED = Markup("\u2068{}\u2069")  # plain characters, since a message may stand inside an attribute
STANDALONE_STYLES = ("tokens.css", "charts.css", "standalone.css")


def render(template: str, locale: str, /, **values: Any) -> str:
    """Render a template in a locale; in it ``_()`` and ``ngettext()`` translate and the filters write numbers."""
    return environment(locale).get_template(template).render(values)


@lru_cache(maxsize=16)
def environment(locale: str) -> Environment:
    """Give the Jinja environment of one locale; a name that a template does not get is an error, never blank."""
    made = Environment(
        loader=_loader(),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.loopcontrols"],
    )
    made.globals |= {
        "_": lambda msgid, **values: _translated(locale, msgid, values),
        "ngettext": partial(_counted, locale),
        "locale": locale,
        "lang": language_tag(locale),
        "dir": direction(locale),
        "locales": LOCALES,
        "endonyms": ENDONYMS,
        "language": language_of(locale),
        "language_tag": language_tag,
        "inline_styles": inline_styles,
    }
    made.filters |= _filters(locale)
    return made


@lru_cache(maxsize=1)
def inline_styles() -> Markup:
    """Give the style sheet of a self-contained file."""
    sheets = (WEB / "static" / name for name in STANDALONE_STYLES)
    return Markup("\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets))  # noqa: S704 - our own files


def _loader() -> BaseLoader:
    folders = {path.parent.name: FileSystemLoader(path) for path in sorted(CAPABILITIES.glob("*/templates"))}
    return ChoiceLoader([FileSystemLoader(WEB / "templates"), PrefixLoader(folders)])


def _translated(locale: str, msgid: str, values: Mapping[str, object]) -> Markup:
    """Translate inside a page: markup in the values stays markup, everything else is escaped."""
    return _filled(locale, translate(locale, msgid), values)


def _counted(locale: str, one: str, many: str, count: int, /, **values: object) -> Markup:
    known = {"count": format_number(count, locale), **values}
    return _filled(locale, plural_form(locale, one, many, count), known)


def _filled(locale: str, said: str, values: Mapping[str, object]) -> Markup:
    text = Markup(escape(said))  # noqa: S704 - escaped on this line
    if direction(locale) == "rtl":
        values = {name: _ISOLATED.format(value) for name, value in values.items()}
    return text.format(**values) if values else text


def _filters(locale: str) -> dict[str, Callable[..., Markup]]:
    """Give the filters that write values; each isolates what it writes from the script around it."""

    def writing(write: Callable[..., str], *places: str) -> Callable[..., Markup]:
        """Make a filter of a writer: the filter's own arguments are the writer's keywords, in this order."""

        def filtered(value: Any, *arguments: Any) -> Markup:
            return Markup("<bdi>{}</bdi>").format(
                write(value, locale=locale, **dict(zip(places, arguments, strict=False)))
            )

        return filtered

    return {
        "country": writing(format_country),
        "number": writing(format_number, "decimals"),
        "percent": writing(format_percent, "decimals"),
        "money": writing(format_money, "currency"),
        "day": writing(format_date, "skeleton"),
        "instant": writing(format_instant, "timezone"),
        "duration": writing(format_duration, "decimals"),
        "role": writing(role_told),
    }
