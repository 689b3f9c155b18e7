"""Where feeds lie: the gallery that ships, overlaid by the workspace's own folder."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from tiffin.capabilities import facts
from tiffin.capabilities.facts.domain.feed import Feed
from tiffin.capabilities.facts.service.definitions import read_feed
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.runtime.definition_folders import definition_files
from tiffin.runtime.workspace import Workspace

GALLERY = Path(facts.__file__).parent / "feeds"


def feed_files(workspace: Workspace) -> Iterator[Path]:
    """List the files of all feeds; the workspace's own replace those of the same name."""
    return definition_files(GALLERY, workspace.overlay("feeds"))


def read_feeds(workspace: Workspace) -> tuple[Feed, ...]:
    """Read every feed.

    Raises
    ------
    InvalidDefinition
        One breaks the form of feeds.
    """
    return tuple(sorted((_named(path) for path in feed_files(workspace)), key=lambda feed: feed.name))


def find_feed(workspace: Workspace, name: str) -> Feed:
    """Find a feed by name; the others are not even read.

    Raises
    ------
    NotFound
        There is none of that name.
    InvalidDefinition
        It breaks the form of feeds.
    """
    files = {path.stem: path for path in feed_files(workspace)}
    if name not in files:
        near = get_close_matches(name, files, n=1, cutoff=0.5)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise NotFound(
            f"There is no feed {name!r}.{hint} There are: {', '.join(sorted(files))}; a new one is a file under feeds/."
        )
    return _named(files[name])


def _named(path: Path) -> Feed:
    feed = read_feed(path)
    if feed.name != path.stem:
        raise InvalidDefinition(
            f"{path}: the file of a feed is named as the feed; `feed: {feed.name}` was found in {path.name}. Rename "
            "one of them."
        )
    return feed
