"""A draft tried before anybody relies on it: its problems, its worked example, its values beside the published ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tiffin import capabilities
from tiffin.capabilities.metrics.domain.forms import InvalidField
from tiffin.capabilities.metrics.domain.reading import read_definitions
from tiffin.capabilities.metrics.service.answering import MetricResult, answer
from tiffin.capabilities.metrics.service.authoring_texts import DraftText, field_of_line, read_text
from tiffin.capabilities.metrics.service.checking import example_outcomes
from tiffin.capabilities.metrics.service.library import Library, known_tables, unchecked_library
from tiffin.capabilities.metrics.service.meaning import likenesses_of
from tiffin.engines.metrics.building import build_model
from tiffin.engines.metrics.comparing.fingerprint import Likeness
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.definitions import Definitions, Metric
from tiffin.engines.metrics.lineage import lineage_of
from tiffin.engines.metrics.model import Model, Problem
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.errors import InvalidDefinition, TiffinError
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context
from tiffin.runtime.definition_folders import definition_files
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.workspace import Workspace

PUBLISHED = "{}__published"
"""Name under which the published definition stands beside the draft's in a trial."""

DAYS = 56
DAY, CITY = "business_date", "city_id"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Something wrong in a draft: what, in which field of the form, on which line of the text."""

    message: str
    field: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft's text, checked against everything that is published.

    Parameters
    ----------
    metric : Metric or None
        None where it cannot be read.
    library : Library or None
        The workspace's definitions with the draft among them, and the published one beside it.
    """

    problems: tuple[FieldProblem, ...]
    metric: Metric | None
    plain: Mapping[str, Any]
    library: Library | None
    example_failures: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Tell whether it could be computed and its example is right."""
        return not self.problems and not self.example_failures


@dataclass(frozen=True, slots=True)
class Consumers:
    """What a change of a metric touches.

    Parameters
    ----------
    files : tuple of (str, tuple of str)
        Dashboards, alerts and other definitions that name it, with the places in them.
    """

    made_of_it: tuple[str, ...]
    parents: tuple[str, ...]
    children: tuple[str, ...]
    files: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class TrialDay:
    """One business day's value under the published definition and under the draft's; None where there is none."""

    day: date
    old: float | None
    new: float | None


def check_text(context: Context, text: str) -> Checked:
    """Check a draft's text; nothing is written."""
    try:
        found = read_text(text)
    except InvalidDefinition as error:
        return Checked((FieldProblem(error.said),), None, {}, None, ())
    definitions, unread = read_definitions((found.file,))
    if not definitions.metrics:
        return Checked(tuple(_problem(one, found) for one in unread), None, found.plain, None, ())
    metric = definitions.metrics[0]
    library = trial_library(context.workspace, metric)
    problems = [_problem(one, found) for one in (*unread, *library.problems)]
    failures: tuple[str, ...] = ()
    if not problems:
        try:
            outcomes = example_outcomes(context, library, (metric.name,), engines=("duckdb",))
            failures = tuple(outcome.why for outcome in outcomes if not outcome.is_good)
        except InvalidDefinition as error:
            problems.append(FieldProblem(error.said, "example"))
    return Checked(tuple(problems), metric, found.plain, library, failures)


def form_problem(error: InvalidDefinition) -> FieldProblem:
    """Turn a complaint about a filled form into a problem at its field."""
    return FieldProblem(error.said, error.path if isinstance(error, InvalidField) else "")


def trial_library(workspace: Workspace, metric: Metric) -> Library:
    """Give the definitions of a workspace with a draft in place of the published one, which stands beside it."""
    model = unchecked_library(workspace).model
    former = model.metrics.get(metric.name)
    others = tuple(one for name, one in model.metrics.items() if name != metric.name)
    beside = (replace(former, name=PUBLISHED.format(metric.name)),) if former is not None else ()
    definitions = Definitions(
        tuple(model.dimensions.values()),
        tuple(prepared.source for prepared in model.sources.values()),
        (metric, *others, *beside),
    )
    built, problems = build_model(definitions, known_tables())
    return Library(built, problems, {dialect: Fragments(built, dialect) for dialect in ("duckdb", "spark")})


def trial_values(context: Context, checked: Checked, *, city_id: str = "", days: int = DAYS) -> tuple[TrialDay, ...]:
    """Compute a draft and what is published on the real facts, day by day, over the last weeks of them.

    Raises
    ------
    WrongUse
        The metric adds up money and no city was chosen.
    """
    metric, library = checked.metric, checked.library
    if metric is None or library is None or metric.name not in library.model.resolved:
        return ()
    former = PUBLISHED.format(metric.name)
    names = [metric.name, *([former] if former in library.model.resolved else [])]
    where = (Condition(CITY, Operator.EQ, (city_id,)),) if city_id else ()
    found: dict[date, dict[str, float | None]] = {}
    for name in names:
        for day, value in _by_day(context, MetricRequest((name,), (DAY,), where), library).rows:
            if day is not None:
                found.setdefault(day, {})[name] = None if value is None else float(value)
    kept = sorted(found)[-days:]
    return tuple(TrialDay(day, found[day].get(former), found[day].get(metric.name)) for day in kept)


def _by_day(context: Context, request: MetricRequest, library: Library) -> MetricResult:
    return answer(context, request, library=library)


def duplicates_of(context: Context, metric: Metric) -> tuple[Likeness, ...]:
    """List the published metrics that mean the same as a draft, or nearly."""
    return likenesses_of(unchecked_library(context.workspace), metric)


def consumers_of(context: Context, name: str) -> Consumers:
    """Tell what a change of a metric touches."""
    model = unchecked_library(context.workspace).model
    return Consumers(
        made_of_it=_made_of(name, model),
        parents=tuple(parent.metric for parent in model.metrics[name].parents) if name in model.metrics else (),
        children=tuple(
            other.name for other in model.metrics.values() if name in {parent.metric for parent in other.parents}
        ),
        files=tuple(_files_naming(name, context.workspace)),
    )


def last_day(days: tuple[TrialDay, ...]) -> Days | None:
    """Give the span of a trial's last week."""
    return Days(max(days[0].day, days[-1].day - timedelta(days=6)), days[-1].day) if days else None


def _made_of(name: str, model: Model) -> tuple[str, ...]:
    """List every metric whose formula names one, directly or through others."""
    named = {other: frozenset(lineage_of(other, model).metrics) for other in model.metrics}
    found: dict[str, None] = {}
    reached = {name}
    while more := [other for other, inner in named.items() if other not in found and inner & reached]:
        found.update(dict.fromkeys(more))
        reached |= set(more)
    return tuple(found)


def _files_naming(name: str, workspace: Workspace) -> Iterator[tuple[str, tuple[str, ...]]]:
    shipped = Path(capabilities.__path__[0])
    folders = [*sorted(shipped.glob("*/*/")), *sorted(one for one in workspace.root.glob("*/") if one.name[0] != ".")]
    skipped = {"metrics", "contracts", "feeds", "locale"}
    for folder in folders:
        for path in definition_files(folder) if folder.name not in skipped else ():
            try:
                places = tuple(_places(without_lines(read_yaml(path)), name, ""))
            except TiffinError:  # another part's own file, which that part complains about
                continue
            if places:
                yield "/".join(path.parts[-3:]), places


def _places(content: Any, name: str, above: str) -> Iterator[str]:
    if isinstance(content, Mapping):
        for key, value in content.items():
            if key == name:
                yield above or str(key)
            yield from _places(value, name, f"{above}.{key}" if above else str(key))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from _places(value, name, f"{above}[{index + 1}]")
    elif content == name:
        yield above


def _problem(problem: Problem, draft: DraftText) -> FieldProblem:
    place = problem.place
    line = place.line if place is not None and place.file == draft.file.place_of({}, None).file else None
    return FieldProblem(problem.message, field_of_line(draft, line), line)
