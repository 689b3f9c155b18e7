"""Which English text each translation was made from, so that one that is older than its text is found.

Beside each folder of metric definitions lies ``translations.json`` with a digest of the English text and one of the
translation, for each text and language. A translation is old when its English text has changed since and it has not.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tiffin import capabilities
from tiffin.capabilities.metrics.domain.drafts import digest_of
from tiffin.engines.metrics.definitions import Metric
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import Workspace

FILE = "translations.json"
LENGTH = 12
TEXTS = ("label", "meaning")

Digests = dict[str, str]
"""By ``metric.text.locale``: digest of the English text and of the translation, with a colon between."""


def old_translations(workspace: Workspace, metric: Metric) -> tuple[tuple[str, str], ...]:
    """List the texts of a metric whose translation is older than the English text: which text, in which language."""
    known = _known(workspace)
    return tuple(
        (text, locale)
        for text, locale, key, now in _texts(metric.name, {name: dict(getattr(metric, name).texts) for name in TEXTS})
        if _is_old(known.get(key), now)
    )


def unknown_translations(workspace: Workspace, metric: Metric) -> tuple[tuple[str, str], ...]:
    """List the texts of a metric of which no digest is kept yet."""
    known = _known(workspace)
    wordings = {name: dict(getattr(metric, name).texts) for name in TEXTS}
    return tuple((text, locale) for text, locale, key, _ in _texts(metric.name, wordings) if key not in known)


def remember_translations(
    context: Context, name: str, former: Mapping[str, Any] | None, plain: Mapping[str, Any]
) -> None:
    """Keep the digests of a published definition's texts; a translation that is older than its text stays so."""
    workspace = context.workspace
    file = workspace.overlay("metrics") / FILE
    known = _known(workspace)
    before = {key: now for _, _, key, now in _texts(name, _wordings(former))} if former else {}
    own = dict(_read(file))
    for _, _, key, now in _texts(name, _wordings(plain)):
        kept = known.get(key) or before.get(key)
        own[key] = kept if kept and _is_old(kept, now) else now
    file.parent.mkdir(parents=True, exist_ok=True)
    _write(file, own)


def record_shipped(metrics: Mapping[str, Metric]) -> int:
    """Keep the digests of shipped definitions, beside them; for builders. Give the number of texts that were new."""
    count = 0
    for folder in sorted(Path(capabilities.__path__[0]).glob("*/metrics")):
        file = folder / FILE
        known = _read(file)
        held = {name: one for name, one in metrics.items() if one.place and Path(one.place.file).parent == folder}
        now = {
            key: known[key] if _is_old(known.get(key), digest) else digest
            for name, one in sorted(held.items())
            for _, _, key, digest in _texts(name, {text: dict(getattr(one, text).texts) for text in TEXTS})
        }
        count += sum(known.get(key) != digest for key, digest in now.items())
        if now != known:
            _write(file, now)
    _shipped.cache_clear()
    return count


def _known(workspace: Workspace) -> Digests:
    return _shipped() | _read(workspace.overlay("metrics") / FILE)


@cache
def _shipped() -> Digests:
    files = sorted(Path(capabilities.__path__[0]).glob(f"*/metrics/{FILE}"))
    return {key: digests for file in files for key, digests in _read(file).items()}


def _read(file: Path) -> Digests:
    if not file.is_file():
        return {}
    try:
        found: Digests = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidDefinition(f"{file} is no JSON: {error}. Take it from your backup, or delete it.") from error
    return found


def _write(file: Path, digests: Digests) -> None:
    written = json.dumps(dict(sorted(digests.items())), indent=0, ensure_ascii=False)
    temporary = file.with_suffix(".writing")
    temporary.write_text(f"{written}\n", encoding="utf-8")
    temporary.replace(file)


def _wordings(plain: Mapping[str, Any] | None) -> dict[str, dict[str, str]]:
    found = {name: (plain or {}).get(name) for name in TEXTS}
    return {name: dict(texts) for name, texts in found.items() if isinstance(texts, Mapping)}


def _texts(name: str, wordings: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str, str, str]]:
    for text, texts in wordings.items():
        english = " ".join(str(texts.get("en", "")).split())
        for locale in LOCALES:
            if locale != "en" and locale in texts:
                translated = " ".join(str(texts[locale]).split())
                digests = f"{digest_of(english)[:LENGTH]}:{digest_of(translated)[:LENGTH]}"
                yield text, locale, f"{name}.{text}.{locale}", digests


def _is_old(kept: str | None, now: str) -> bool:
    if kept is None or kept == now:
        return False
    (english, translated), (new_english, new_translated) = kept.split(":"), now.split(":")
    return english != new_english and translated == new_translated
