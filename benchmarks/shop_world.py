"""A shop as tau2-bench gives it: what asking for something there means, and what it changes.

``tau2-bench`` (Sierra Research, MIT license), domain retail: ``db.json`` and ``tasks.json``.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

POLICIES = {
    "cancel_pending_order": "cancel",
    "modify_pending_order_address": "change-address",
    "modify_pending_order_payment": "change-payment",
    "modify_pending_order_items": "change-items",
    "return_delivered_order_items": "return",
    "exchange_delivered_order_items": "exchange",
    "modify_user_address": "change-profile",
    "transfer_to_human_agents": "transfer",
}
"""By the name of a tool that writes, the table that rules it."""

_REASONS = {"no longer needed": "no_longer_needed", "ordered by mistake": "ordered_by_mistake"}
_USER_ID = re.compile(r"\b[a-z]+_[a-z]+_\d+\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that is asked for.

    Parameters
    ----------
    policy : str
        The table that rules it, without its prefix.
    by : str
        The customer who asks.
    of : str
        The order, or for a profile the customer whose it is.
    request : str
        What he wanted who is to be put through to a person; the shop's rules allow it or not.
    """

    policy: str
    by: str
    of: str = ""
    items: tuple[str, ...] = ()
    new_items: tuple[str, ...] = ()
    method: str = ""
    reason: str = ""
    request: str = "another"
    is_allowed: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A customer's conversation with the shop.

    Parameters
    ----------
    customer : str
        Whom its text names.
    expected : tuple of Asked
        What is to be done for him, in order.
    """

    number: str
    customer: str
    expected: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Shop:
    """A state of the shop; what changes it gives another one.

    Parameters
    ----------
    balances : mapping
        By gift card, minor units.
    """

    users: Mapping[str, Any]
    orders: Mapping[str, Any]
    variants: Mapping[str, Any]
    products: Mapping[str, Any]
    balances: Mapping[str, int] = field(default_factory=dict)

    def kind(self, customer: str, method: str) -> str:
        """Say what a customer's payment method is, or that it is not his."""
        found = self.users[customer]["payment_methods"].get(method)
        return str(found["source"]) if found else "of_somebody_else"

    def paid_with(self, order: str) -> str:
        """Give the payment method that an order is paid with now."""
        history = self.orders[order]["payment_history"]
        return str([one for one in history if one["transaction_type"] == "payment"][-1]["payment_method_id"])

    def total_minor(self, order: str) -> int:
        """Give what an order was paid with, minor units."""
        return minor(self.orders[order]["payment_history"][0]["amount"])

    def items(self, order: str) -> tuple[str, ...]:
        """Name the items of an order."""
        return tuple(one["item_id"] for one in self.orders[order]["items"])

    def difference_minor(self, asked: Asked) -> int:
        """Give by how much new items are dearer than those of the order, minor units."""
        old = {one["item_id"]: minor(one["price"]) for one in self.orders[asked.of]["items"]}
        new = sum(minor(self.variants[one]["price"]) for one in asked.new_items)
        return new - sum(old.get(one, 0) for one in asked.items)


def minor(amount: float) -> int:
    """Give an amount of dollars as cents."""
    return round(amount * 100)


def read_shop(folder: Path) -> Shop:
    """Read a shop as it is before anything is asked for."""
    held = json.loads((folder / "db.json").read_text(encoding="utf-8"))
    products = held["products"]
    variants = {
        name: one | {"product": product} for product, of in products.items() for name, one in of["variants"].items()
    }
    methods = (one for user in held["users"].values() for one in user["payment_methods"].values())
    balances = {one["id"]: minor(one["balance"]) for one in methods if one["source"] == "gift_card"}
    return Shop(held["users"], held["orders"], variants, products, balances)


def read_tasks(folder: Path, shop: Shop, requests: Mapping[str, tuple[str, bool]]) -> tuple[Task, ...]:
    """Read the tasks, each with the customer whom its text names.

    Parameters
    ----------
    requests : mapping
        By task in which somebody is put through to a person, what he asked for and whether the rules allow it.
    """
    held = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    return tuple(_task(one, shop, requests) for one in held)


def _task(one: Mapping[str, Any], shop: Shop, requests: Mapping[str, tuple[str, bool]]) -> Task:
    text = " ".join(str(part) for part in one["user_scenario"]["instructions"].values())
    customer = _customer(text, shop.users)
    request = requests.get(one["id"], ("another", False))
    written = (act for act in one["evaluation_criteria"].get("actions") or () if act["name"] in POLICIES)
    return Task(one["id"], customer, tuple(_asked(act, customer, request) for act in written))


def _customer(text: str, users: Mapping[str, Any]) -> str:
    named = {one for one in _USER_ID.findall(text) if one in users}
    found = named or {name for name, user in users.items() if _is_told(user, text)}
    if len(found) != 1:
        message = f"one customer was expected in the text of a task; found {sorted(found)}"
        raise ValueError(message)
    return found.pop()


def _is_told(user: Mapping[str, Any], text: str) -> bool:
    name = f"{user['name']['first_name']} {user['name']['last_name']}"
    return user["email"] in text or (name.lower() in text.lower() and user["address"]["zip"] in text)


def _asked(act: Mapping[str, Any], customer: str, request: tuple[str, bool]) -> Asked:
    given = act["arguments"]
    return Asked(
        POLICIES[act["name"]],
        customer,
        given.get("order_id") or given.get("user_id", ""),
        tuple(given.get("item_ids", ())),
        tuple(given.get("new_item_ids", ())),
        given.get("payment_method_id", ""),
        given.get("reason", ""),
        *request,
    )


def facts_of(shop: Shop, asked: Asked) -> dict[str, object]:
    """Give what the table of something asked for reads."""
    if asked.policy == "transfer":
        return {"request": asked.request, "is_eligible": asked.is_allowed}
    if asked.policy == "change-profile":
        return {"is_own": asked.by == asked.of}
    order = shop.orders[asked.of]
    facts: dict[str, object] = {"is_own": order["user_id"] == asked.by, "status": _status(order["status"])}
    return facts | dict(_others(shop, asked))


def _status(status: str) -> str:
    return "items_modified" if status.startswith("pending (") else status.replace(" ", "_")


def _others(shop: Shop, asked: Asked) -> Iterator[tuple[str, object]]:
    owner, paid = shop.orders[asked.of]["user_id"], shop.paid_with(asked.of)
    if asked.policy in {"cancel", "change-payment"}:
        yield "paid_by", shop.kind(owner, paid)
    if asked.policy == "cancel":
        yield "reason", _REASONS.get(asked.reason, "other")
    if asked.policy == "change-payment":
        yield "is_original", asked.method == paid
        yield "amount_minor", shop.total_minor(asked.of)
    if asked.policy in {"return", "exchange", "change-items"}:
        yield "are_of_order", not Counter(asked.items) - Counter(shop.items(asked.of))
    if asked.policy == "return":
        yield "refund_to", "original" if asked.method == paid else _refund_to(shop.kind(owner, asked.method))
    if asked.policy in {"exchange", "change-items"}:
        yield from _changes(shop, asked)
        yield "amount_minor", shop.difference_minor(asked)
    if asked.policy in {"exchange", "change-items", "change-payment"}:
        yield "pays_with", shop.kind(owner, asked.method)
        yield "gift_card_balance_minor", shop.balances.get(asked.method, 0)


def _refund_to(kind: str) -> str:
    return kind if kind in {"gift_card", "of_somebody_else"} else "another_own"


def _changes(shop: Shop, asked: Asked) -> Iterator[tuple[str, object]]:
    pairs = tuple(zip(asked.items, asked.new_items, strict=True))
    products = [(shop.variants[old]["product"], shop.variants[new]["product"]) for old, new in pairs]
    yield "are_same_product", all(old == new for old, new in products)
    yield "are_other_options", all(old != new for old, new in pairs)
    yield "are_available", all(shop.variants[new]["available"] for _, new in pairs)


def after(shop: Shop, asked: Asked, status: str | None) -> Shop:
    """Give the shop after something allowed was done.

    Parameters
    ----------
    status : str or None
        What the table says of the order's status afterwards.
    """
    if status is None:
        return shop
    order = {**shop.orders[asked.of], "status": status}
    if asked.policy == "change-items":
        order["items"] = _replaced(shop, asked)
    if asked.policy == "change-payment":
        paid = {"transaction_type": "payment", "amount": order["payment_history"][0]["amount"]}
        order["payment_history"] = [*order["payment_history"], paid | {"payment_method_id": asked.method}]
    balances = dict(shop.balances)
    for method, change in _moved(shop, asked):
        if method in balances:
            balances[method] += change
    return replace(shop, orders={**shop.orders, asked.of: order}, balances=balances)


def _replaced(shop: Shop, asked: Asked) -> Sequence[Mapping[str, Any]]:
    left = list(zip(asked.items, asked.new_items, strict=True))
    items = []
    for one in shop.orders[asked.of]["items"]:
        new = next((pair for pair in left if pair[0] == one["item_id"]), None)
        if new:
            left.remove(new)
        items.append({**one, "item_id": new[1], "price": shop.variants[new[1]]["price"]} if new else one)
    return items


def _moved(shop: Shop, asked: Asked) -> Iterator[tuple[str, int]]:
    """Tell what gift cards get or give at once."""
    if asked.policy in {"cancel", "change-payment"}:
        yield shop.paid_with(asked.of), shop.total_minor(asked.of)
    if asked.policy == "change-payment":
        yield asked.method, -shop.total_minor(asked.of)
    if asked.policy == "change-items":
        yield asked.method, -shop.difference_minor(asked)
