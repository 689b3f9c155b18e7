"""What a shop's policy forbids, made of a task's own orders: each with the row that has to refuse it."""

from collections.abc import Iterator
from dataclasses import replace

from shop_world import Asked, Shop

Forbidden = tuple[Asked, str]
"""Something that may not be done, and the name of the row that refuses it, without its policy."""

_ON_PENDING = ("cancel", "change-address", "change-payment", "change-items")
_ON_DELIVERED = ("return", "exchange")


def forbidden_before(shop: Shop, asked: Asked) -> Iterator[Forbidden]:
    """Give what may not be done in place of something allowed, changed in one respect each."""
    if asked.policy == "transfer":
        return
    yield replace(asked, by=_somebody_else(shop, asked.by)), "not_own"
    yield Asked("transfer", asked.by, request=asked.policy.replace("-", "_"), is_allowed=True), "handled"
    if asked.policy == "cancel":
        yield replace(asked, reason="found it cheaper"), "reason"
    if asked.method:
        yield replace(asked, method=_method_of_somebody_else(shop, asked.by)), "method_not_own"
    yield from _methods(shop, asked)
    yield from _items(shop, asked)


def forbidden_after(asked: Asked) -> Iterator[Forbidden]:
    """Give what may not be done once something allowed was."""
    if asked.policy == "cancel":
        yield asked, "not_pending"
    elif asked.policy == "change-items":
        yield asked, "items_modified"
        yield Asked("cancel", asked.by, asked.of, reason="no longer needed"), "items_modified"
        yield Asked("change-address", asked.by, asked.of), "items_modified"
    elif asked.policy == "return":
        yield asked, "already_requested"
        yield replace(asked, policy="exchange", new_items=asked.items), "already_requested"
    elif asked.policy == "exchange":
        yield asked, "already_requested"
        yield replace(asked, policy="return", new_items=()), "already_requested"


def forbidden_by_status(shop: Shop, customer: str) -> Iterator[Forbidden]:
    """Give what the status of a customer's orders forbids, asked for with all else in order."""
    for of in shop.users[customer]["orders"]:
        status = shop.orders[of]["status"]
        if status != "pending":
            row = "items_modified" if status.startswith("pending (") else "not_pending"
            yield from ((one, row) for one in _in_order(shop, customer, of, _ON_PENDING))
        if status != "delivered":
            row = "already_requested" if status.endswith(" requested") else "not_delivered"
            yield from ((one, row) for one in _in_order(shop, customer, of, _ON_DELIVERED))


def _in_order(shop: Shop, customer: str, of: str, policies: tuple[str, ...]) -> Iterator[Asked]:
    paid = shop.paid_with(of)
    other = next((one for one in shop.users[customer]["payment_methods"] if one != paid), paid)
    changes = {one: new for one in shop.items(of) if (new := _variant(shop, one, available=True))}
    items, new_items = tuple(changes), tuple(changes.values())
    for policy in policies:
        if policy in {"change-items", "exchange"}:
            yield Asked(policy, customer, of, items, new_items, paid)
        elif policy == "return":
            yield Asked(policy, customer, of, shop.items(of), method=paid)
        else:
            yield Asked(policy, customer, of, method=other, reason="no longer needed")


def _methods(shop: Shop, asked: Asked) -> Iterator[Forbidden]:
    if asked.policy not in {"change-payment", "return"}:
        return
    paid = shop.paid_with(asked.of)
    mine = shop.users[asked.by]["payment_methods"]
    if asked.policy == "change-payment":
        yield replace(asked, method=paid), "same_method"
        short = (one for one in mine if one != paid and one in shop.balances)
        yield from (
            (replace(asked, method=one), "gift_card_short")
            for one in short
            if shop.balances[one] < shop.total_minor(asked.of)
        )
    else:
        others = (one for one in mine if one != paid and one not in shop.balances)
        yield from ((replace(asked, method=one), "refund_elsewhere") for one in others)


def _items(shop: Shop, asked: Asked) -> Iterator[Forbidden]:
    if not asked.items:
        return
    product = shop.variants[asked.items[0]]["product"]
    elsewhere = next(name for name, one in shop.variants.items() if one["product"] != product and one["available"])
    yield replace(asked, items=(*asked.items[:-1], _foreign(shop, asked))), "not_of_order"
    if not asked.new_items:
        return
    rest = asked.new_items[1:]
    yield replace(asked, new_items=(elsewhere, *rest)), "other_product"
    yield replace(asked, new_items=(asked.items[0], *rest)), "same_item"
    if gone := _variant(shop, asked.items[0], available=False):
        yield replace(asked, new_items=(gone, *rest)), "unavailable"
    yield from _short(shop, asked)


def _short(shop: Shop, asked: Asked) -> Iterator[Forbidden]:
    """Choose the dearest items there are, and a gift card that does not cover them."""
    dear = tuple(_dearest(shop, one) for one in asked.items)
    if None in dear:
        return
    wished = replace(asked, new_items=tuple(str(one) for one in dear))
    for method in shop.users[asked.by]["payment_methods"]:
        if method in shop.balances and shop.balances[method] < shop.difference_minor(wished):
            yield replace(wished, method=method), "gift_card_short"


def _dearest(shop: Shop, item: str) -> str | None:
    product = shop.variants[item]["product"]
    offered = shop.products[product]["variants"].values()
    others = [one for one in offered if one["available"] and one["item_id"] != item]
    return str(max(others, key=lambda one: one["price"])["item_id"]) if others else None


def _variant(shop: Shop, item: str, *, available: bool) -> str | None:
    offered = shop.products[shop.variants[item]["product"]]["variants"].values()
    return next((one["item_id"] for one in offered if one["available"] is available and one["item_id"] != item), None)


def _foreign(shop: Shop, asked: Asked) -> str:
    """Name an item that the order does not hold: of another order of the same customer where there is one."""
    held = set(shop.items(asked.of))
    mine = (one for of in shop.users[asked.by]["orders"] for one in shop.items(of))
    return next((one for one in (*mine, *shop.variants) if one not in held and one in shop.variants), "")


def _somebody_else(shop: Shop, customer: str) -> str:
    return next(one for one in shop.users if one != customer)


def _method_of_somebody_else(shop: Shop, customer: str) -> str:
    mine = shop.users[customer]["payment_methods"]
    others = (method for user in shop.users.values() for method in user["payment_methods"])
    return next(one for one in others if one not in mine)
