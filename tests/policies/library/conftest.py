"""Small policies as files, read and laid over each other, and a workspace that holds some."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tiffin.capabilities.policies.domain.layering import effective
from tiffin.capabilities.policies.domain.parameters import read_parameters
from tiffin.capabilities.policies.domain.policy import Effective, PolicyVersion
from tiffin.capabilities.policies.domain.reading import Filed, read_policy
from tiffin.capabilities.policies.domain.versions import digest_of
from tiffin.runtime.context import Context
from tiffin.runtime.database import engine_for
from tiffin.runtime.definitions import parse_yaml, yaml_text
from tiffin.runtime.edge import open_context
from tiffin.runtime.schema import migrate
from tiffin.runtime.workspace import create_workspace

DAY = date(2026, 1, 1)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

Plain = dict[str, Any]
Building = Callable[..., Plain]
Reading = Callable[..., PolicyVersion]
Laying = Callable[..., Effective]


def text(english: str) -> Mapping[str, str]:
    return {"en": english}


def row(row_id: str, when: Mapping[str, Any], then: Mapping[str, Any], **more: Any) -> Plain:
    return {"id": row_id, "when": dict(when), "then": dict(then), "reason": {"en": row_id}, **more}


BASE: Plain = {
    "policy": "credit",
    "title": text("Credit"),
    "question": text("What does a customer get?"),
    "owner": "experience",
    "source": "Assumption",
    "inputs": [
        {"name": "late", "label": text("Late"), "type": "number", "whole": True, "required": True, "values": "[0..99]"},
        {"name": "cause", "label": text("Cause"), "type": "string", "values": '"rain", "kitchen"'},
    ],
    "outputs": [{"name": "amount", "label": text("Amount"), "type": "number", "values": ">= 0"}],
    "rows": [
        row("little", {"late": "< grace"}, {"amount": 0}),
        row("much", {"late": ">= grace"}, {"amount": 500}),
    ],
}
PARAMETERS = [{"name": "grace", "from": DAY, "value": 15, "unit": "min", "source": "Assumption"}]


@pytest.fixture(scope="session")
def a_policy() -> Building:
    """Give a base file as plain values, with some of its keys changed."""
    return lambda **changes: {**deepcopy(BASE), **changes}


@pytest.fixture(scope="session")
def an_overlay() -> Building:
    """Give the file of a place as plain values."""
    return lambda place, *rows, **more: {
        "policy": "credit",
        "overlay": place,
        "source": "Assumption",
        "rows": [*rows],
        **more,
    }


@pytest.fixture(scope="session")
def a_row() -> Building:
    return row


@pytest.fixture(scope="session")
def read() -> Reading:
    """Read plain values as if they stood in a file."""

    def reading(plain: Plain, place: str = "", day: date = DAY) -> PolicyVersion:
        written = yaml_text(plain)
        name = f"credit/{day}.{place}.yaml" if place else f"credit/{day}.yaml"
        filed = Filed("credit", place, day, digest_of(written), name)
        return read_policy(parse_yaml(written, name), filed)

    return reading


@pytest.fixture(scope="session")
def lay(read: Reading) -> Laying:
    """Lay overlays, by place, over a base with parameters."""

    def laying(
        base: Plain,
        overlays: Mapping[str, Plain] | None = None,
        *,
        parameters: list[Plain] | None = None,
        on: date = DAY,
    ) -> Effective:
        entries = PARAMETERS if parameters is None else parameters
        written = yaml_text({"parameters": entries})
        known = read_parameters(parse_yaml(written, "credit/parameters.yaml"), "credit/parameters.yaml")
        over = [read(one, place) for place, one in (overlays or {}).items()]
        return effective(read(base), over, known, on)

    return laying


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a workspace without policies of its own."""
    workspace = create_workspace(tmp_path / "workspace")
    migrate(engine_for(workspace.database_url))
    return workspace.root


@pytest.fixture
def context(root: Path) -> Iterator[Context]:
    with open_context(root, now=NOW) as opened:
        yield opened


@pytest.fixture
def put(root: Path) -> Callable[..., Path]:
    """Put a file into the workspace's folder of policies."""

    def putting(name: str, plain: Plain | str) -> Path:
        path = root / "policies" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(plain if isinstance(plain, str) else yaml_text(plain), encoding="utf-8")
        return path

    return putting
