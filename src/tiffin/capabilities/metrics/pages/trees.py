"""Pages of the metric trees: which there are, and each drawn with what made its change, to be walked down."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.domain.comparing import Comparison, read_against
from tiffin.capabilities.metrics.domain.tree_asking import AskedTree
from tiffin.capabilities.metrics.pages.tree_nodes import group_rows, groups_chart, parts_chart, sides_of, tree_node
from tiffin.capabilities.metrics.pages.wording import LEVELS
from tiffin.capabilities.metrics.service.decomposing import Decomposition
from tiffin.capabilities.metrics.service.footprints import CityRecord
from tiffin.capabilities.metrics.service.forest import find_tree, list_trees
from tiffin.capabilities.metrics.service.walking import decompose_as_asked
from tiffin.engines.metrics.decomposition.trees import Tree
from tiffin.engines.metrics.definitions import Unit
from tiffin.kernel.errors import WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(prefix="/trees")

EVERYWHERE = "*"
NOWHERE = ("business_date", "week", "month", "quarter", "year")


class Chosen(BaseModel):
    """What the reader chose: place, days, comparison, dimension, where in the tree he stands, and groups entered.

    ``inside`` holds ``dimension:value`` of each group that he walked into.
    """

    city: str = ""
    first: str = ""
    last: str = ""
    against: str = Comparison.PREVIOUS
    by: str = ""
    at: str = ""
    inside: list[str] = Field(default=[], max_length=10)

    def address(self, tree: str, **changed: object) -> str:
        """Give the address of a tree with these choices, some of them changed."""
        kept = {key: value for key, value in (self.model_dump() | changed).items() if value}
        return f"/metrics/trees/{tree}?{urlencode(kept, doseq=True)}"


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step back: up the tree, or out of a group."""

    label: str
    href: str


@router.get("")
def show_trees(request: Request, context: ContextDep) -> HTMLResponse:
    """Show the trees by level."""
    trees = list_trees(context)
    told = [
        (translate(context.locale, words), [t for t in trees if t.level is level]) for level, words in LEVELS.items()
    ]
    return page(request, context, "metrics/trees.html", levels=[(name, found) for name, found in told if found])


@router.get("/{name}")
def show_tree(request: Request, context: ContextDep, name: str, chosen: Annotated[Chosen, Query()]) -> HTMLResponse:
    """Show a tree drawn, with the change of each part, the waterfall, and the groups that drove it."""
    tree, begin = find_tree(context, name)
    root = next((one for one in (chosen.at, begin) if one in tree.parts()), tree.root)
    cities = _cities(context, root)
    city = chosen.city or (cities[0][0] if cities else EVERYWHERE)
    chosen = chosen.model_copy(update={"city": city, "at": "" if root == tree.root else root})
    splits = _splits(context, tree, root, chosen)
    found = _found(context, tree, root, chosen, splits)
    labels = {one.name: one.label.text(context.locale) for one in service.dimensions_of(context)}
    drill = _drill(tree, chosen)
    return page(
        request,
        context,
        "metrics/tree.html",
        tree=tree,
        chosen=chosen,
        found=found,
        cities=cities,
        comparisons=_comparisons(context, cities, chosen),
        splits=[("", translate(context.locale, "Nothing"))] + [(one, labels[one]) for one in splits],
        node=tree_node(context, found, lambda metric: chosen.address(tree.name, at=metric)),
        waterfall=parts_chart(context, found),
        sides=sides_of(context, found),
        by_label=labels.get(chosen.by, ""),
        groups=groups_chart(context, found, labels.get(chosen.by, "")),
        rows=group_rows(context, found, lambda value: _entered(chosen, tree, value, drill)),
        crumbs=_crumbs(context, tree, root, chosen),
        entered=_groups_entered(chosen, tree.name, labels),
        root_label=service.find_metric(context, root).label.text(context.locale),
        root_meaning=service.find_metric(context, root).meaning.text(context.locale),
    )


def _found(context: Context, tree: Tree, root: str, chosen: Chosen, splits: Sequence[str]) -> Decomposition:
    where = tuple(_condition(text) for text in chosen.inside)
    city = "" if chosen.city == EVERYWHERE else chosen.city
    rows = AskedTree(city, where, chosen.first or None, chosen.last or None)
    by = chosen.by if chosen.by in splits else ""
    return decompose_as_asked(context, tree.name, rows, at=root, against=chosen.against, by=by)


def _condition(text: str) -> str:
    dimension, separator, value = text.partition(":")
    if not separator or not dimension.isidentifier():
        raise WrongUse(f"A group such as zone_id:al-olaya was expected, {text!r} was found.")
    quoted = value.replace("'", "''")
    return f"{dimension} = '{quoted}'"


def _cities(context: Context, root: str) -> list[tuple[str, str]]:
    """List the cities to choose from; all together where amounts of several currencies are not added up."""
    cities: tuple[CityRecord, ...] = service.cities_with(context, root) or service.cities_with(context, "orders")
    options = [(one.city_id, translate(context.locale, one.name)) for one in cities]
    is_money = service.find_metric(context, root).unit is Unit.MONEY
    if not options or (is_money and len({one.currency for one in cities}) > 1):
        return options
    return [*options, (EVERYWHERE, translate(context.locale, "All cities"))]


def _splits(context: Context, tree: Tree, root: str, chosen: Chosen) -> list[str]:
    known = [one.name for one in service.dimensions_of(context, root)]
    entered = {text.partition(":")[0] for text in chosen.inside}
    narrow = {"city_id", "country"} if chosen.city != EVERYWHERE else set()
    return [name for name in tree.drill if name in known and name not in entered | narrow | set(NOWHERE)]


def _comparisons(context: Context, cities: list[tuple[str, str]], chosen: Chosen) -> list[tuple[str, str]]:
    usual = [
        (Comparison.PREVIOUS.value, translate(context.locale, mark("The days before"))),
        (Comparison.WEEK.value, translate(context.locale, mark("The same weekdays before"))),
    ]
    others = [(f"city_id={city}", name) for city, name in cities if city not in (chosen.city, EVERYWHERE)]
    own = [] if chosen.against in dict([*usual, *others]) else [(chosen.against, chosen.against)]
    read_against(chosen.against)
    return [*usual, *(others if chosen.city != EVERYWHERE else []), *own]


def _drill(tree: Tree, chosen: Chosen) -> str:
    """Name the dimension to split by once the reader has walked into a group of the present one."""
    if chosen.by not in tree.drill:
        return ""
    return next(iter(tree.drill[tree.drill.index(chosen.by) + 1 :]), "")


def _entered(chosen: Chosen, tree: Tree, value: str, drill: str) -> str:
    if chosen.by == "city_id":
        return chosen.address(tree.name, city=value, by=drill)
    return chosen.address(tree.name, inside=[*chosen.inside, f"{chosen.by}:{value}"], by=drill)


def _crumbs(context: Context, tree: Tree, root: str, chosen: Chosen) -> list[Crumb]:
    path = tree.path_to(root)
    return [
        Crumb(
            service.find_metric(context, metric).label.text(context.locale),
            "" if metric == root else chosen.address(tree.name, at="" if metric == tree.root else metric),
        )
        for metric in path
    ]


def _groups_entered(chosen: Chosen, name: str, labels: dict[str, str]) -> list[Crumb]:
    return [
        Crumb(
            f"{labels.get(text.partition(':')[0], '')}: {text.partition(':')[2]}",
            chosen.address(name, inside=[one for one in chosen.inside if one != text], by=text.partition(":")[0]),
        )
        for text in chosen.inside
    ]
