"""The import contracts that import-linter does not bring: purity by allow-list, and the public face of a capability."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
from importlinter import Contract, ContractCheck, fields, output

PURE_STANDARD_LIBRARY = frozenset(
    """__future__ abc array ast base64 bisect calendar collections contextlib copy csv dataclasses datetime decimal
    difflib enum fractions functools hashlib heapq hmac io itertools json keyword math numbers operator re statistics
    string struct textwrap types typing unicodedata uuid zoneinfo""".split()  # noqa: SIM905 - forty names read better as a paragraph
)
"""Standard modules that touch neither file, network, process, clock-driven randomness nor database."""

ROOT = "tiffin"


class PureContract(Contract):  # type: ignore[misc]
    """The source modules, and all that they reach, import only allowed outside modules and never call ``open``."""

    type_name = "pure"

    source_modules = fields.ListField(subfield=fields.ModuleExpressionField())
    allowed_modules = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001, ARG002 - import-linter's own signature
        """Walk the closure of every source module and collect what it may not touch."""
        allowed = PURE_STANDARD_LIBRARY | set(self.allowed_modules or ())
        faults = sorted({fault for module in self._sources(graph) for fault in _impurities(graph, module, allowed)})
        return ContractCheck(kept=not faults, metadata={"faults": faults})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each impurity with the chain that leads to it."""
        for fault in check.metadata["faults"]:
            output.print_error(fault)

    def _sources(self, graph: grimp.ImportGraph) -> Iterator[str]:
        for expression in self.source_modules:
            pattern = str(expression)
            found = graph.find_matching_modules(pattern) if "*" in pattern else {pattern} & graph.modules
            for module in found:
                yield module
                yield from graph.find_descendants(module) if not graph.is_module_squashed(module) else ()


def _impurities(graph: grimp.ImportGraph, module: str, allowed: frozenset[str] | set[str]) -> Iterator[str]:
    for reached in {module} | {m for m in graph.find_upstream_modules(module) if m.startswith(ROOT)}:
        if reached.partition(".")[0] != ROOT:
            continue
        for imported in graph.find_modules_directly_imported_by(reached):
            top = imported.partition(".")[0]
            if top != ROOT and top not in allowed:
                yield f"{module} reaches {imported}" + (f" through {reached}" if reached != module else "")
    for line in _open_calls(module):
        yield f"{module} calls open() in line {line}"


def _open_calls(module: str) -> Iterator[int]:
    for entry in sys.path:
        base = Path(entry, *module.split("."))
        for file in (base.with_suffix(".py"), base / "__init__.py"):
            if file.is_file():
                yield from _open_calls_in(file)
                return


def _open_calls_in(file: Path) -> Iterator[int]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"open", "io.open", "eval", "exec"}:
            yield node.lineno


class PublicContract(Contract):  # type: ignore[misc]
    """One capability imports another only through its service (verbs) or its domain (nouns)."""

    type_name = "public"

    container = fields.StringField()
    public_modules = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001, ARG002 - import-linter's own signature
        """Collect the imports that reach into another capability's inside."""
        container: str = self.container
        faults = sorted(
            f"{importer} imports {imported}: of another capability only {' and '.join(self.public_modules)} are public"
            for importer in graph.find_descendants(container)
            for imported in graph.find_modules_directly_imported_by(importer)
            if self._reaches_inside(container, importer, imported)
        )
        return ContractCheck(kept=not faults, metadata={"faults": faults})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import that reaches inside."""
        for fault in check.metadata["faults"]:
            output.print_error(fault)

    def _reaches_inside(self, container: str, importer: str, imported: str) -> bool:
        prefix = container + "."
        if not imported.startswith(prefix):
            return False
        theirs, _, inner = imported.removeprefix(prefix).partition(".")
        mine = importer.removeprefix(prefix).partition(".")[0]
        return theirs != mine and inner.partition(".")[0] not in self.public_modules
