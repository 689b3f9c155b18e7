"""Where an index is kept between processes: by the digest of what it was made of, so that a stale one is never read."""

import hashlib
import io
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from zipfile import BadZipFile

import numpy as np

from tiffin.engines.search.concepts import Concept, Phrasebook
from tiffin.engines.search.documents import ABOUT, WEIGHTS, Document
from tiffin.engines.search.index import SATURATION, Index, build
from tiffin.runtime.workspace import Workspace

FORM = 3
"""Of the file; a higher one is another form, and older files are not read."""

KEPT = 3
"""Files that stay; older ones are removed."""


def index_of(workspace: Workspace, documents: Sequence[Document], concepts: Sequence[Concept]) -> Index:
    """Give the index of documents: the kept one if it was made of the same, else a new one, which is then kept."""
    digest = digest_of(documents, concepts)
    path = workspace.state / "search" / f"{digest}.npz"
    if path.is_file():
        try:
            return _read(path.read_bytes(), concepts)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            path.unlink(missing_ok=True)  # half a file, from a machine that went down
    made = build(documents, concepts)
    _keep(workspace, digest, made)
    return made


def digest_of(documents: Sequence[Document], concepts: Sequence[Concept]) -> str:
    """Sum up what an index is made of, and how."""
    summed = hashlib.sha256(repr((FORM, SATURATION, ABOUT, sorted(WEIGHTS.items()))).encode())
    for document in documents:
        summed.update(f"{document.key}\0{document.prior}\0".encode())
        for text in document.texts:
            summed.update(f"{text.field}\0{text.locale}\0{text.text}\0".encode())
    summed.update(json.dumps([asdict(one) for one in concepts], ensure_ascii=False, sort_keys=True).encode())
    return summed.hexdigest()[:32]


def _keep(workspace: Workspace, digest: str, index: Index) -> None:
    folder = workspace.state / "search"
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / f"{digest}.{os.getpid()}.new"
    with written.open("wb") as file:
        np.savez(
            file,
            keys=_lines(index.keys),
            vocabulary=_lines(index.vocabulary),
            starts=index.starts,
            documents=index.documents,
            worth=index.worth,
            priors=index.priors,
        )
    written.replace(folder / f"{digest}.npz")
    aged = sorted(folder.glob("*.npz"), key=lambda one: one.stat().st_mtime_ns)
    for old in aged[:-KEPT]:
        old.unlink(missing_ok=True)


def _read(content: bytes, concepts: Sequence[Concept]) -> Index:
    with np.load(io.BytesIO(content), allow_pickle=False) as found:
        return Index(
            keys=_unlined(found["keys"]),
            vocabulary=_unlined(found["vocabulary"]),
            starts=found["starts"],
            documents=found["documents"],
            worth=found["worth"],
            priors=found["priors"],
            phrasebook=Phrasebook(concepts),
        )


def _lines(texts: Sequence[str]) -> np.ndarray:
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def _unlined(raw: np.ndarray) -> tuple[str, ...]:
    text = raw.tobytes().decode()
    return tuple(text.split("\n")) if text else ()
