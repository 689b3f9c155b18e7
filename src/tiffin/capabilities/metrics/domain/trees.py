"""From the plain values of tree files to trees; every complaint names the file, the line and the fix."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from tiffin.capabilities.metrics.domain.plain import LINES
from tiffin.capabilities.metrics.domain.reading import File
from tiffin.engines.metrics.decomposition.trees import PRODUCTS, SUMS, Branch, Fork, Tree
from tiffin.engines.metrics.definitions import Combination, Level, Wording
from tiffin.engines.metrics.model import Model, Problem
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import InvalidDefinition, Place

TREE_KEYS = ("label", "meaning", "level", "root", "drill", "weights", "forks")
FORK_KEYS = (*(str(one) for one in (*SUMS, *PRODUCTS, Combination.INFLUENCES)), "constant")


def read_trees(files: Iterable[File], model: Model) -> tuple[tuple[Tree, ...], tuple[Problem, ...]]:
    """Read tree files; a tree that cannot be read or names what does not exist is left out and reported."""
    found: dict[str, Tree] = {}
    problems: list[Problem] = []
    for file in files:
        entries = _entries(file, problems)
        for name in entries:
            if name == LINES:
                continue
            place = file.place_of(entries, name)
            try:
                tree = _tree(name, entries[name], file)
                _check(tree, model)
                found[name] = tree
            except InvalidDefinition as error:
                problems.append(Problem(f"{name}: {error}", place))
    return tuple(found.values()), tuple(problems)


def _entries(file: File, problems: list[Problem]) -> Mapping[str, Any]:
    try:
        trees: Mapping[str, Any] = _named(file.content, ("trees",)).get("trees") or {}
        _named(trees, None)
    except InvalidDefinition as error:
        problems.append(Problem(str(error), file.place_of({}, None)))
        return {}
    return trees


def _tree(name: str, raw: Any, file: File) -> Tree:
    own = _named(raw, TREE_KEYS)
    forks = _named(_need(own, "forks"), None)
    weights = _named(own.get("weights") or {}, None)
    try:
        level = Level(str(_need(own, "level")))
    except ValueError:
        raise InvalidDefinition(f"`level` is one of {', '.join(Level)}; found {own['level']!r}.") from None
    return Tree(
        name=name,
        label=_wording(own, "label"),
        meaning=_wording(own, "meaning"),
        level=level,
        root=str(_need(own, "root")),
        forks={metric: _fork(metric, forks[metric], file.place_of(own["forks"], metric)) for metric in forks},
        drill=tuple(str(one) for one in own.get("drill") or ()),
        weights={metric: str(weights[metric]) for metric in weights},
        place=file.place_of(raw, "root"),
    )


def _fork(metric: str, raw: Any, place: Place) -> Fork:
    own = _named(raw, FORK_KEYS)
    branches = tuple(
        Branch(str(below), combination) for combination in (*SUMS, *PRODUCTS) for below in own.get(combination) or ()
    )
    kinds = {branch.combination in PRODUCTS for branch in branches}
    if len(kinds) > 1:
        raise InvalidDefinition(f"{metric} is a sum or a product, not both: use an own metric for one of the two.")
    if True in kinds and "constant" in own:
        raise InvalidDefinition(f"{metric} is a product; `constant` is what a sum begins with.")
    constant = Fraction(str(own.get("constant", 0)))
    influences = tuple(str(one) for one in own.get(Combination.INFLUENCES) or ())
    return Fork(metric, branches, constant, influences, place)


def _check(tree: Tree, model: Model) -> None:
    named = {tree.root, *tree.forks, *tree.weights, *tree.weights.values()}
    named.update(branch.metric for fork in tree.forks.values() for branch in fork.branches)
    named.update(metric for fork in tree.forks.values() for metric in fork.influences)
    for metric in sorted(named):
        if metric not in model.metrics:
            raise InvalidDefinition(f"There is no metric {metric}.{near(metric, model.metrics)}")
    for dimension in tree.drill:
        if dimension not in model.dimensions:
            raise InvalidDefinition(f"There is no dimension {dimension}.{near(dimension, model.dimensions)}")
    _refuse_circles(tree, tree.root, ())
    for metric in tree.forks:
        if metric not in tree.metrics():
            raise InvalidDefinition(f"{metric} hangs on nothing: no branch from {tree.root} leads to it.")


def _refuse_circles(tree: Tree, metric: str, above: tuple[str, ...]) -> None:
    if metric in above:
        raise InvalidDefinition(f"{' < '.join((*above, metric))} runs in a circle.")
    fork = tree.forks.get(metric)
    for below in (*(branch.metric for branch in fork.branches), *fork.influences) if fork else ():
        _refuse_circles(tree, below, (*above, metric))


def _wording(raw: Mapping[str, Any], key: str) -> Wording:
    texts = _named(_need(raw, key), LOCALES)
    for locale in LOCALES:
        if not str(texts.get(locale) or "").strip():
            raise InvalidDefinition(f"`{key}` has no text in {locale}. Add `{locale}:` under `{key}`.")
    return Wording({locale: " ".join(str(texts[locale]).split()) for locale in LOCALES})


def _need(raw: Mapping[str, Any], key: str) -> Any:
    if raw.get(key) is None:
        raise InvalidDefinition(f"`{key}` is missing. Add `{key}:`.")
    return raw[key]


def _named(raw: Any, allowed: Iterable[str] | None) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise InvalidDefinition(f"names with values were expected, found {raw!r}.")
    known = None if allowed is None else tuple(allowed)
    for key in raw:
        if known is not None and key != LINES and key not in known:
            message = f"`{key}` means nothing here; known are {', '.join(known)}.{near(str(key), known)}"
            raise InvalidDefinition(message)
    return {str(key): raw[key] for key in raw if key != LINES}
