"""Which English text each translation of a contract was made from, so that one that is older than its text is found.

``translations.json`` beside the contracts keeps, for each text and language, a digest of the English text and one of
the translation. A translation is old when its English text has changed since and it has not.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tiffin.kernel.contract import LOCALES, TableContract
from tiffin.kernel.errors import InvalidDefinition

FILE = "translations.json"
_LENGTH = 12


def old_translations(contracts: Sequence[TableContract], file: Path) -> tuple[str, ...]:
    """Name the translations that are older than their English text, as ``orders.limitations.ar``.

    Raises
    ------
    InvalidDefinition
        The file of digests cannot be read.
    """
    known = _read(file)
    return tuple(name for name, now in _digests(contracts) if _is_old(known.get(name), now))


def write_translations(contracts: Sequence[TableContract], file: Path) -> str:
    """Write the digests as they now are; a translation that is older than its text keeps those it was made from.

    Raises
    ------
    InvalidDefinition
        The file of digests cannot be read.
    """
    known = _read(file)
    digests = {name: known[name] if _is_old(known.get(name), now) else now for name, now in _digests(contracts)}
    return json.dumps(dict(sorted(digests.items())), indent=0) + "\n"


def _digests(contracts: Sequence[TableContract]) -> Iterator[tuple[str, str]]:
    for contract in contracts:
        for name, texts in _texts(contract):
            for locale in LOCALES[1:]:
                if locale in texts:
                    yield f"{name}.{locale}", f"{_digest(texts['en'])}:{_digest(texts[locale])}"


def _texts(contract: TableContract) -> Iterator[tuple[str, Mapping[str, str]]]:
    for text in ("meaning", "grain", "usage", "limitations"):
        yield f"{contract.name}.{text}", getattr(contract, text)
    for kind, parts in (("columns", contract.columns), ("rules", contract.rules)):
        for part in parts:
            yield f"{contract.name}.{kind}.{part.name}", part.meaning


def _digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:_LENGTH]


def _is_old(kept: str | None, now: str) -> bool:
    if kept is None or kept == now:
        return False
    (english, translated), (new_english, new_translated) = kept.split(":"), now.split(":")
    return english != new_english and translated == new_translated


def _read(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    try:
        found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidDefinition(f"{file} is no JSON: {error}. Take it from the history of the repository.") from error
    return found
