"""What feeds are called and mean in the languages that their own files do not write, as ``feeds.yaml`` says it."""

from collections.abc import Mapping
from pathlib import Path

from tiffin.capabilities.catalog.service.sources import FeedTexts
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.workspace import Workspace

FILE = Path(__file__).resolve().parents[1] / "feeds.yaml"
_PARTS = {"label", "meaning"}


def own_file(workspace: Workspace) -> Path:
    """Give the file in which a workspace describes its own feeds."""
    return workspace.overlay("catalog") / "feeds.yaml"


def feed_texts(workspace: Workspace) -> Mapping[str, FeedTexts]:
    """Read the texts of feeds by their name; the workspace's stand over those that ship.

    Raises
    ------
    InvalidDefinition
        An entry has another part than label and meaning, or a language that the platform does not speak.
    """
    own = own_file(workspace)
    return dict(_read(FILE)) | (dict(_read(own)) if own.is_file() else {})


def _read(path: Path) -> Mapping[str, FeedTexts]:
    found = without_lines(read_yaml(path))
    listed = found.get("feeds") if isinstance(found, dict) else None
    if not isinstance(listed, dict):
        raise InvalidDefinition(f"{path} must list feeds under `feeds`, each with label and meaning by language.")
    for name, texts in listed.items():
        if not isinstance(texts, dict) or set(texts) - _PARTS or any(set(one) - set(LOCALES) for one in texts.values()):
            raise InvalidDefinition(
                f"{path}: {name} may say `label` and `meaning`, each in some of {', '.join(LOCALES)}; found {texts!r}."
            )
    return listed
