"""What is generated from the contracts, and whether the committed files still say the same."""

from collections.abc import Mapping
from pathlib import Path

import tiffin
from tiffin.runtime.contracts.code import write_module, write_registry
from tiffin.runtime.contracts.dictionary import write_dictionary
from tiffin.runtime.contracts.reading import CONTRACTS_FOLDER, read_contracts
from tiffin.runtime.contracts.translations import FILE, old_translations, write_translations

PACKAGE = Path(tiffin.__file__).parent


def generated_files() -> Mapping[Path, str]:
    """Give the text of every generated file by its path in the checkout."""
    contracts = read_contracts()
    code = PACKAGE / "kernel" / "facts"
    files = {code / "__init__.py": '"""The marketplace\'s facts, generated from their contracts."""\n'}
    files |= {code / f"{contract.name}.py": write_module(contract) for contract in contracts}
    files[code / "registry.py"] = write_registry(contracts)
    files[_translations()] = write_translations(contracts, _translations())
    dictionary = PACKAGE.parents[1] / "docs" / "data-dictionary"
    return files | {dictionary / name: text for name, text in write_dictionary(contracts).items()}


def aged_translations() -> tuple[str, ...]:
    """Name the translations of the contracts that are older than their English text."""
    return old_translations(read_contracts(), _translations())


def stale_files() -> tuple[Path, ...]:
    """List the files that differ from what the contracts say: changed, missing or left over."""
    files = generated_files()
    changed = [path for path, text in files.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    folders = {path.parent for path in files}
    left_over = [path for folder in folders for path in folder.glob("*.[pm][yd]") if path not in files]
    return tuple(sorted(changed + left_over))


def write_stale_files() -> tuple[Path, ...]:
    """Write again what differs, remove what is left over, and list both."""
    files = generated_files()
    stale = stale_files()
    for path in stale:
        if path not in files:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], encoding="utf-8")
    return stale


def _translations() -> Path:
    return PACKAGE / CONTRACTS_FOLDER.relative_to(CONTRACTS_FOLDER.parents[2]) / FILE
