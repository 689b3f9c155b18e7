"""How many tasks of a shop its policy, as tables, decides right: what is expected allowed, what is forbidden refused.

``nice .venv/bin/python benchmarks/shop_tasks.py [FOLDER]``: FOLDER holds ``db.json`` and ``tasks.json`` of tau2-bench's
retail domain (Sierra Research, MIT license), ``../shared/data/tau2_retail`` unless said. The tables are those that ship
in ``capabilities/liability/packs/shop-returns``. Each task's expected actions are replayed in order; before each the
table is asked. What is forbidden is made of the task's own orders (``shop_forbidden.py``), and has to be refused by the
very row that says why.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shop_forbidden import Forbidden, forbidden_after, forbidden_before, forbidden_by_status
from shop_world import POLICIES, Asked, Shop, Task, after, facts_of, read_shop, read_tasks

from tiffin.capabilities.policies.domain.decision import Case, Decision
from tiffin.capabilities.policies.domain.layering import effective
from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.capabilities.policies.domain.versions import Version, digest_of
from tiffin.capabilities.policies.service.deciding import Desk
from tiffin.capabilities.policies.service.library import read_version
from tiffin.capabilities.policies.service.parameter_files import parameters_in
from tiffin.capabilities.policies.service.reasons import reason

ROOT = Path(__file__).resolve().parent.parent
PACK = ROOT / "src/tiffin/capabilities/liability/packs/shop-returns"
DATA = ROOT.parent / "shared/data/tau2_retail"
SINCE = date(2026, 1, 1)
ASKED = 0.98

REQUESTS = {
    "10": ("return", False),  # each order's refund to the method of the other one
    "12": ("return", False),  # a refund to an account that did not pay
    "26": ("return", False),  # a refund to a card that did not pay
    "50": ("another", False),  # to undo a cancellation, for which there is no action
}
"""What customers asked for who are put through to a person, read from the text of their tasks."""

EXPLAINED = {
    "64": "it expects an exchange of an order that is pending; what it expects next, changing the items, is allowed",
    "105": "its items are dearer by 21.10, which a gift card with 17.00 is to pay; the policy's text forbids that",
}
"""Tasks that contradict the policy's own text, and how."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """An action that the tables decide otherwise than the task or the policy's text does."""

    asked: Asked
    expected: str
    found: str
    reason: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a task.

    Parameters
    ----------
    refused : Counter
        By row, how many forbidden actions it refused.
    """

    task: Task
    allowed: int
    refused: Counter[str]
    wrong: tuple[Wrong, ...]


def main() -> None:
    """Print the figure, and what is decided otherwise."""
    judged = judge_all(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
    right = [one for one in judged if not one.wrong]
    refused = sum((one.refused for one in judged), Counter[str]())
    print(f"tasks {len(judged)}, expected actions allowed {sum(one.allowed for one in judged)}")
    print(f"forbidden actions refused by the row that says why {refused.total()}")
    for row, count in sorted(refused.items()):
        print(f"  {row:34} {count:5}")
    never = sorted(set(refusing_rows(read_pack())) - set(refused))
    print(f"rows that refuse nothing here: {', '.join(never) or 'none'}")
    for one in judged:
        for fault in one.wrong:
            print(f"task {one.task.number}: {fault.asked.policy} of {fault.asked.of}: {fault.expected} was expected,")
            print(f"  {fault.found} decides: {fault.reason}")
            print(f"  {EXPLAINED.get(one.task.number, 'not explained')}")
    share = len(right) / len(judged)
    is_explained = all(one.task.number in EXPLAINED for one in judged if one.wrong)
    verdict = "holds" if share >= ASKED and is_explained else "does not hold"
    asked = f"asked {ASKED:.0%} and the rest explained: {verdict}"
    print(f"tasks decided right: {share:.1%} ({len(right)} of {len(judged)}); {asked}")


def judge_all(folder: Path) -> list[Judged]:
    """Replay every task."""
    shop, desks = read_shop(folder), {name: Desk(one) for name, one in read_pack().items()}
    return [judge(task, shop, desks) for task in read_tasks(folder, shop, REQUESTS)]


def read_pack(pack: Path = PACK) -> dict[str, Effective]:
    """Read the shop's tables as they are in force on their first day, by the name without its prefix."""
    return {name: _in_force(pack / f"shop-{name}") for name in POLICIES.values()}


def refusing_rows(pack: dict[str, Effective]) -> Iterator[str]:
    """Name the rows that refuse something."""
    for one in pack.values():
        refuses = (row.then["decision"].text == '"refused"' for row in one.stated.rows)
        yield from (row.id for row, is_refusing in zip(one.stated.rows, refuses, strict=True) if is_refusing)


def _in_force(folder: Path) -> Effective:
    text = (folder / f"{SINCE}.yaml").read_text(encoding="utf-8")
    base = read_version(Version(folder.name, "", SINCE, digest_of(text), text))
    return effective(base, (), parameters_in(folder / "parameters.yaml"), SINCE)


def judge(task: Task, shop: Shop, desks: dict[str, Desk]) -> Judged:
    """Replay one task: allowed actions change the shop, and around each of them the forbidden ones are asked for."""
    wrong: list[Wrong] = []
    refused: Counter[str] = Counter()
    allowed = 0
    _refuse(shop, forbidden_by_status(shop, task.customer), desks, wrong, refused)
    for asked in task.expected:
        decision = ask(shop, asked, desks)
        if decision.outputs["decision"] != "eligible":
            wrong.append(Wrong(asked, "allowing it", decision.rows[0], reason(decision, "en")))
            continue
        allowed += 1
        _refuse(shop, forbidden_before(shop, asked), desks, wrong, refused)
        shop = after(shop, asked, _status_after(decision))
        _refuse(shop, forbidden_after(asked), desks, wrong, refused)
    _refuse(shop, forbidden_by_status(shop, task.customer), desks, wrong, refused)
    return Judged(task, allowed, refused, tuple(wrong))


def ask(shop: Shop, asked: Asked, desks: dict[str, Desk]) -> Decision:
    """Ask the table that rules something."""
    return desks[asked.policy].decide(Case(facts_of(shop, asked), SINCE, market="US", city="shop"))


def _refuse(
    shop: Shop, forbidden: Iterable[Forbidden], desks: dict[str, Desk], wrong: list[Wrong], refused: Counter[str]
) -> None:
    for asked, row in forbidden:
        decision, expected = ask(shop, asked, desks), f"{asked.policy}.{row}"
        if decision.outputs["decision"] == "refused" and decision.rows == (expected,):
            refused[expected] += 1
        else:
            wrong.append(Wrong(asked, expected, ", ".join(decision.rows), reason(decision, "en")))


_STATUSES = {
    "items_modified": "pending (items modified)",
    "return_requested": "return requested",
    "exchange_requested": "exchange requested",
}


def _status_after(decision: Decision) -> str | None:
    found = decision.outputs.get("status_after")
    return None if found is None else _STATUSES.get(str(found), str(found))


if __name__ == "__main__":
    main()
