"""Questions of one's own: metrics, a split, filters and days make a dashboard of one drawing and its table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.scorecards.domain.dashboards import HOUR, Against, Dashboard, Form, Tile
from tiffin.capabilities.scorecards.domain.grammar import form_for, in_order
from tiffin.capabilities.scorecards.domain.reading import FILTERS
from tiffin.capabilities.scorecards.service.viewing import DashboardView, show_dashboard
from tiffin.engines.metrics.definitions import Level, Metric, Tier, Wording
from tiffin.kernel.errors import TiffinError, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import LOCALES, language_of

MOST_METRICS, MOST_SPLITS, SHOWN = 8, 2, 40
NAMELESS = Wording(dict.fromkeys(LOCALES, "explore"))
FORMS = (Form.LINE, Form.BAR, Form.HEATMAP, Form.TABLE, Form.MAP)
MONEY_INTO = "USD"


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody builds; the address carries all of it.

    Parameters
    ----------
    choices : mapping of str to str
        Filters by dimension, ``first`` and ``last``.
    form : str
        A drawing that he chose himself; empty for what the grammar chooses.
    """

    metrics: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    compared: bool = False
    search: str = ""

    @property
    def address(self) -> str:
        """What follows the question mark."""
        pairs: list[tuple[str, str]] = [("metrics", name) for name in self.metrics]
        pairs += [("by", name) for name in self.by]
        pairs += [(name, value) for name, value in sorted(self.choices.items()) if value]
        pairs += [("form", self.form)] if self.form else []
        pairs += [("compared", "on")] if self.compared else []
        return urlencode(pairs)


@dataclass(frozen=True, slots=True)
class MetricChoice:
    """A metric that can be chosen, with what it means."""

    name: str
    label: str
    meaning: str
    is_chosen: bool
    is_draft: bool


@dataclass(frozen=True, slots=True)
class Built:
    """A question with everything that can be chosen, and its answer.

    Parameters
    ----------
    splits : tuple of (str, str)
        Dimensions that go with all chosen metrics.
    left_out : int
        Metrics that match the search beyond those that are listed.
    wrong : str
        What cannot be asked so, and what to do; empty where all is well.
    """

    question: Question
    offered: tuple[MetricChoice, ...]
    left_out: int
    splits: tuple[tuple[str, str], ...]
    view: DashboardView | None
    form: str
    wrong: str


def build(context: Context, question: Question) -> Built:
    """Answer a question as far as it has come; what is wrong with it is told, not raised."""
    offered, left_out = _offered(context, question)
    wrong, view, form = "", None, ""
    known = {one.name for one in metrics.list_metrics(context)}
    names = tuple(name for name in question.metrics if name in known)[:MOST_METRICS]
    shared = metrics.dimensions_of(context, *names)
    splits = tuple((one.name, one.label.text(language_of(context.locale))) for one in shared) if names else ()
    try:
        if names:
            dashboard = _dashboard(context, question, names, {name for name, _ in splits})
            form = dashboard.tiles[0].form
            view = show_dashboard(context, dashboard, question.choices)
    except TiffinError as error:
        wrong = error.said
    return Built(question, offered, left_out, splits, view, form, wrong)


def export_address(built: Built, kind: str) -> str:
    """Give where the same answer is had as a file."""
    view, question = built.view, built.question
    if view is None:
        return ""
    parameters: list[tuple[str, str]] = [("metrics", name) for name in question.metrics]
    parameters += [("by", name) for name in question.by]
    parameters += [("where", _condition(name, value)) for name, value in view.chosen.values.items()]
    parameters += [("first", view.address["first"]), ("last", view.address["last"]), ("format", kind)]
    return f"/api/metrics/query?{urlencode(parameters)}"


def _condition(name: str, value: str) -> str:
    quoted = value.replace("'", "''")
    return f"{name} = {value}" if name == HOUR else f"{name} = '{quoted}'"


def _offered(context: Context, question: Question) -> tuple[tuple[MetricChoice, ...], int]:
    """List the chosen metrics, then those that match the search; certified ones before drafts."""
    everything = {one.name: one for one in metrics.list_metrics(context)}
    found = [one for one in metrics.search_metrics(context, question.search) if one.name not in question.metrics]
    found.sort(key=lambda one: (one.tier is not Tier.CERTIFIED, one.label.text(language_of(context.locale))))
    chosen = [everything[name] for name in question.metrics if name in everything]
    listed = [*chosen, *found[:SHOWN]]
    return tuple(_choice(one, context.locale, question) for one in listed), max(len(found) - SHOWN, 0)


def _choice(metric: Metric, locale: str, question: Question) -> MetricChoice:
    language = language_of(locale)
    return MetricChoice(
        metric.name,
        metric.label.text(language),
        metric.meaning.text(language),
        metric.name in question.metrics,
        metric.tier is not Tier.CERTIFIED,
    )


def _dashboard(context: Context, question: Question, names: tuple[str, ...], shared: set[str]) -> Dashboard:
    by = in_order(question.by)
    if len(by) > MOST_SPLITS:
        raise WrongUse(Message("At most {most} dimensions are shown together. Take one away.", most=MOST_SPLITS))
    alone = [name for name in by if name not in shared]
    if alone:
        raise WrongUse(
            Message(
                "The chosen metrics cannot be split by {dimensions} together. Choose another split.",
                dimensions=", ".join(alone),
            )
        )
    return Dashboard(
        name="explore",
        title=NAMELESS,
        purpose=NAMELESS,
        level=Level.OPERATIONS,
        filters=tuple(name for name in FILTERS if name in shared),
        tiles=_tiles(context, question, names, by),
        days=14 if "business_date" in by else 7,
        currency=MONEY_INTO,
    )


def _tiles(context: Context, question: Question, names: tuple[str, ...], by: tuple[str, ...]) -> tuple[Tile, ...]:
    if not by:
        return tuple(Tile(Form.VALUE, (name,), against=Against.WEEK) for name in names)
    model = library_of(context.workspace).model
    units = len({model.metrics[name].unit for name in names})
    form = form_for(by, units=units, has_city=bool(question.choices.get("city_id")), metrics=len(names))
    if question.form in FORMS and _fits(Form(question.form), by, units, len(names)):
        form = Form(question.form)
    compared = question.compared and form in (Form.LINE, Form.BAR) and by[0] == HOUR and len(names) == 1
    table = Tile(Form.TABLE, names, by, limit=60)
    if form is Form.TABLE:
        return (table,)
    return (Tile(form, names, by, against=Against.WEEK if compared else None, limit=24), table)


def _fits(form: Form, by: Sequence[str], units: int, count: int) -> bool:
    if form in (Form.LINE, Form.BAR):
        return len(by) == 1 and units == 1
    if form is Form.HEATMAP:
        return len(by) == MOST_SPLITS and count == 1
    return form is Form.TABLE or (tuple(by) == ("zone_id",) and count == 1)
