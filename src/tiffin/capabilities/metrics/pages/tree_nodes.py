"""A decomposition as nodes to draw: each with its value, its change and what it contributes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import takewhile

from markupsafe import Markup

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.capabilities.metrics.service.decomposing import Decomposition
from tiffin.engines.metrics.decomposition.splitting import GroupPart, Part
from tiffin.engines.metrics.definitions import Combination, Direction, Metric
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.web.charts.contribution import contribution_bar
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.waterfall import Step, waterfall
from tiffin.web.measures import show_change, show_measure

MOST_GROUPS = 12
LEVELS_SHOWN = 3
"""Levels drawn below the node that the page stands on; deeper ones are walked to."""

SIGNS = {
    Combination.ADDS: ("+", mark("adds to")),
    Combination.SUBTRACTS: ("\u2212", mark("is taken from")),
    Combination.MULTIPLIES: ("\u00d7", mark("multiplies")),
    Combination.DIVIDES: ("\u00f7", mark("divides")),
    Combination.INFLUENCES: ("~", mark("influences")),
}

Address = Callable[[str], str]
"""Gives the address that walks to a metric of the tree."""


@dataclass(frozen=True, slots=True)
class TreeNode:
    """One metric of a drawn tree, in the reader's language.

    Parameters
    ----------
    sign, says : str
        How it enters the one above, as a sign and in words.
    tone : str
        ``better`` or ``worse``, by what the metric wants; empty where it wants neither or nothing changed.
    href : str
        Where to walk to; empty for the node that the page stands on.
    hidden : int
        Parts below that are not drawn here.
    """

    metric: str
    label: str
    sign: str
    says: str
    value: str
    before: str
    change: str
    tone: str
    contribution: str
    bar: Markup
    href: str
    unexplained: str = ""
    hidden: int = 0
    children: tuple["TreeNode", ...] = ()
    influences: tuple["TreeNode", ...] = ()


@dataclass(frozen=True, slots=True)
class GroupRow:
    """What a group contributes, as texts; the address narrows the page to the group."""

    name: str
    before: str
    value: str
    contribution: str
    rate: str
    mix: str
    bar: Markup
    href: str


def tree_node(context: Context, found: Decomposition, address: Address) -> TreeNode:
    """Build the drawn tree from the parts of a decomposition."""
    return _Drawing(context, found, address).node()


def parts_chart(context: Context, found: Decomposition) -> Markup:
    """Draw how the parts just below the root lead from one value to the other."""
    root, below = found.parts[0], [part for part in found.parts if part.depth == 1 and part.to_parent is not None]
    names = [service.find_metric(context, part.metric).label.text(context.locale) for part in below]
    steps = [Step(name, float(part.to_parent or 0)) for name, part in zip(names, below, strict=True)]
    return _chart(context, found, steps, unexplained=root.unexplained, title=mark("What the parts contribute"))


def groups_chart(context: Context, found: Decomposition, label: str) -> Markup:
    """Draw how the groups of a dimension lead from one value to the other, the largest first."""
    if found.groups is None:
        return Markup("")
    ranked = _ranked(found.groups.groups)
    steps = [Step(_named(context, group), float(group.total)) for group in ranked[:MOST_GROUPS]]
    rest = sum((group.total for group in ranked[MOST_GROUPS:]), Decimal(0))
    if len(ranked) > MOST_GROUPS:
        steps.append(Step(translate(context.locale, "All others"), float(rest)))
    title = translate(context.locale, "Contribution by {dimension}", dimension=label.lower())
    return _chart(context, found, steps, unexplained=found.groups.unexplained, title=title)


def group_rows(context: Context, found: Decomposition, address: Address) -> list[GroupRow]:
    """Tell every group's contribution, the largest first."""
    if found.groups is None:
        return []
    root = service.find_metric(context, found.root)
    ranked = _ranked(found.groups.groups)
    largest = max((abs(group.total) for group in ranked), default=Decimal(0)) or Decimal(1)
    return [
        GroupRow(
            name=_named(context, group),
            before=_shown(context, group.base, root, found),
            value=_shown(context, group.actual, root, found),
            contribution=_signed(context, group.total, root, found),
            rate=_signed(context, group.rate, root, found) if group.rate is not None else "",
            mix=_signed(context, group.mix, root, found) if group.mix is not None else "",
            bar=contribution_bar(float(group.total / largest), locale=context.locale),
            href=address(str(group.group)) if group.group is not None else "",
        )
        for group in ranked
    ]


@dataclass(frozen=True, slots=True)
class _Drawing:
    context: Context
    found: Decomposition
    address: Address

    def node(self) -> TreeNode:
        return self._node(0)

    def _node(self, index: int) -> TreeNode:
        part = self.found.parts[index]
        metric = service.find_metric(self.context, part.metric)
        root = service.find_metric(self.context, self.found.root)
        sign, says = SIGNS[part.combination] if part.combination else ("", "")
        return TreeNode(
            metric=part.metric,
            label=metric.label.text(self.context.locale),
            sign=sign,
            says=translate(self.context.locale, says) if says else "",
            value=_shown(self.context, part.actual, metric, self.found),
            before=_shown(self.context, part.base, metric, self.found),
            change=_signed(self.context, part.change, metric, self.found),
            tone=_tone(metric, part),
            contribution=_signed(self.context, part.to_root, root, self.found) if part.depth else "",
            bar=self._bar(part),
            href="" if not part.depth else self.address(part.metric),
            unexplained=_signed(self.context, part.unexplained, metric, self.found) if part.unexplained else "",
            hidden=self._hidden(index),
            children=tuple(self._node(below) for below in self._below(index)) if part.depth < LEVELS_SHOWN else (),
            influences=tuple(self._influence(name) for name in self._influences(part.metric))
            if part.depth < LEVELS_SHOWN
            else (),
        )

    def _hidden(self, index: int) -> int:
        deep = self.found.parts[index].depth
        below = takewhile(lambda part: part.depth > deep, self.found.parts[index + 1 :])
        return sum(1 for _ in below) if deep >= LEVELS_SHOWN else 0

    def _below(self, index: int) -> list[int]:
        found, depth = [], self.found.parts[index].depth
        for below in range(index + 1, len(self.found.parts)):
            if self.found.parts[below].depth <= depth:
                break
            if self.found.parts[below].depth == depth + 1:
                found.append(below)
        return found

    def _influences(self, metric: str) -> tuple[str, ...]:
        fork = self.found.tree.forks.get(metric)
        return tuple(name for name in fork.influences if name in self.found.influences) if fork else ()

    def _influence(self, name: str) -> TreeNode:
        metric = service.find_metric(self.context, name)
        base, actual = (None if one is None else Decimal(repr(float(one))) for one in self.found.influences[name])
        change = None if base is None or actual is None else actual - base
        sign, says = SIGNS[Combination.INFLUENCES]
        return TreeNode(
            metric=name,
            label=metric.label.text(self.context.locale),
            sign=sign,
            says=translate(self.context.locale, says),
            value=_shown(self.context, actual, metric, self.found),
            before=_shown(self.context, base, metric, self.found),
            change=_signed(self.context, change, metric, self.found),
            tone="",
            contribution="",
            bar=Markup(""),
            href="",
        )

    def _bar(self, part: Part) -> Markup:
        known = [abs(one.to_root) for one in self.found.parts if one.depth and one.to_root is not None]
        largest = max(known, default=Decimal(0))
        if not part.depth or part.to_root is None or not largest:
            return Markup("")
        return contribution_bar(float(part.to_root / largest), locale=self.context.locale)


def _chart(context: Context, found: Decomposition, steps: list[Step], *, unexplained: Decimal, title: str) -> Markup:
    locale, root = context.locale, found.parts[0]
    metric = service.find_metric(context, found.root)
    if unexplained:
        steps.append(Step(translate(locale, "Not explained by these"), float(unexplained)))
    if not steps or root.change is None:
        return Markup("")
    other, own = sides_of(context, found)
    before = f"{other}: {_shown(context, root.base, metric, found)}"
    now = f"{own}: {_shown(context, root.actual, metric, found)}"
    caption = Caption(
        translate(locale, title),
        translate(locale, "The bars lead from the earlier value to the present one and add up to the change exactly."),
    )
    show = partial(show_change, unit=metric.unit, locale=locale, currency=found.currency)
    end = Step(now, float(root.change))
    return waterfall(Step(before, 0.0), steps, end, caption=caption, locale=locale, show=show)


def sides_of(context: Context, found: Decomposition) -> tuple[str, str]:
    """Name both sides of the comparison: before and now, or two places."""
    place = found.against.place
    if place is None:
        return translate(context.locale, "Before"), translate(context.locale, "Now")
    own = next((one.values[0] for one in found.where if one.dimension == place.dimension and one.values), "")
    names = {city.city_id: city.name for city in visible_cities(context)} if place.dimension == "city_id" else {}
    told = [translate(context.locale, names.get(str(value), str(value))) for value in (place.values[0], own)]
    return told[0], told[1] or translate(context.locale, "Now")


def _ranked(groups: Sequence[GroupPart]) -> list[GroupPart]:
    return sorted(groups, key=lambda group: (-abs(group.total), str(group.group)))


def _named(context: Context, group: GroupPart) -> str:
    return translate(context.locale, "not known") if group.group is None else str(group.group)


def _shown(context: Context, value: Decimal | None, metric: Metric, found: Decomposition) -> str:
    number = None if value is None else float(value)
    return show_measure(number, metric.unit, context.locale, currency=found.currency)


def _signed(context: Context, value: Decimal | None, metric: Metric, found: Decomposition) -> str:
    number = None if value is None else float(value)
    return show_change(number, metric.unit, context.locale, currency=found.currency)


def _tone(metric: Metric, part: Part) -> str:
    if not part.change or metric.direction is Direction.NEITHER:
        return ""
    return "better" if (part.change > 0) == (metric.direction is Direction.UP) else "worse"
