"""The page of alerts: what stands, what happened, the rules, and the outbox."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.scorecards.domain.alerts import Per
from tiffin.capabilities.scorecards.service import alert_acts
from tiffin.capabilities.scorecards.service.alerting import rules_of
from tiffin.capabilities.scorecards.service.messages import bounds_text, place_text
from tiffin.capabilities.scorecards.service.outbox import list_outbox, read_message
from tiffin.capabilities.scorecards.service.places import places_of
from tiffin.kernel.errors import Conflict, InvalidDefinition, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import language_of, mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.measures import show_measure
from tiffin.web.page import page, standalone_file

router = APIRouter(prefix="/alerts", include_in_schema=False)

EVENTS = {
    "raised": mark("raised"),
    "said": mark("said"),
    "acknowledged": mark("acknowledged"),
    "snoozed": mark("snoozed"),
    "recovered": mark("over"),
}
WHENS = (("above", mark("above")), ("below", mark("below")), ("anomaly", mark("out of the ordinary")))
REFUSED = (Conflict, InvalidDefinition, NotFound, WrongUse)


class RuleForm(BaseModel):
    """An alert as the page's form says it."""

    name: str = ""
    metric: str = ""
    when: str = "above"
    threshold: str = ""
    periods: int = 1
    place: str = ""
    quiet_from: str = ""
    quiet_to: str = ""

    def as_rule(self, owner: str) -> Mapping[str, Any]:
        """Write it as a rule of a file would say it."""
        try:
            threshold = {"threshold": float(self.threshold)} if self.threshold else {}
        except ValueError:
            raise WrongUse(
                Message("The threshold is a number such as 0.3; found '{text}'.", text=self.threshold)
            ) from None
        quiet = {"quiet": [self.quiet_from, self.quiet_to]} if self.quiet_from and self.quiet_to else {}
        places = {"places": [self.place]} if self.place else {}
        return {
            "metric": self.metric,
            "when": self.when,
            "per": "city_id",
            "periods": self.periods,
            "to": {"accounts": [owner]},
            **threshold,
            **quiet,
            **places,
        }


@router.get("")
def show_alerts(request: Request, context: ContextDep) -> HTMLResponse:
    """Show what stands and what happened."""
    return _page(request, context, RuleForm(), "")


@router.post("")
def make(request: Request, context: ContextDep, form: Annotated[RuleForm, Form()]) -> Response:
    """Make an alert; what is wrong with it is told beside the form."""
    try:
        alert_acts.make_rule(context, form.name, form.as_rule(context.actor.name))
    except REFUSED as error:
        return _page(request, context, form, error.said, status=HTTPStatus(error.http_status))
    return RedirectResponse("/alerts", status_code=HTTPStatus.SEE_OTHER)


@router.post("/remove")
def remove(context: ContextDep, name: Annotated[str, Form()]) -> Response:
    """Take an alert of the page away."""
    alert_acts.remove_rule(context, name)
    return RedirectResponse("/alerts", status_code=HTTPStatus.SEE_OTHER)


@router.post("/act")
def act(
    context: ContextDep,
    rule: Annotated[str, Form()],
    place: Annotated[str, Form()],
    hours: Annotated[int, Form()] = 0,
) -> Response:
    """Acknowledge an alert, or be left alone by it for some hours."""
    if hours:
        alert_acts.snooze(context, rule, place, hours=hours)
    else:
        alert_acts.acknowledge(context, rule, place)
    return RedirectResponse("/alerts", status_code=HTTPStatus.SEE_OTHER)


@router.get("/messages/{message_id}")
def show_message(context: ContextDep, message_id: int) -> Response:
    """Show a message of the outbox as its recipient gets it."""
    return standalone_file(read_message(context, message_id))


def _page(
    request: Request, context: Context, form: RuleForm, wrong: str, status: HTTPStatus = HTTPStatus.OK
) -> HTMLResponse:
    rules, problems = rules_of(context)
    per = {rule.name: rule for rule in rules}
    locale = context.locale

    def label(name: str) -> str:
        return metrics.find_metric(context, name).label.text(language_of(locale))

    def written(rule: str, value: float | None) -> str:
        unit = metrics.find_metric(context, per[rule].metric).unit if rule in per else ""
        return show_measure(value, unit, locale)

    def placed(rule: str, place: str) -> str:
        return place_text(context, per[rule].per if rule in per else Per.CITY, place)

    listed = metrics.list_metrics(context)
    return page(
        request,
        context,
        "scorecards/alerts.html",
        status=status,
        rules=[(rule, label(rule.metric), bounds_text(context, rule)) for rule in rules],
        own=alert_acts.own_rules(context),
        problems=[str(one) for one in problems],
        standing=alert_acts.list_standing(context),
        history=alert_acts.list_history(context),
        outbox=list_outbox(context, limit=20),
        events={key: translate(locale, words) for key, words in EVENTS.items()},
        whens=[(key, translate(locale, words)) for key, words in WHENS],
        metrics=sorted((one.label.text(language_of(locale)), one.name) for one in listed),
        cities=places_of(context).options("city_id", {}, locale),
        label=lambda rule: label(per[rule].metric) if rule in per else rule,
        written=written,
        placed=placed,
        form=form,
        wrong=wrong,
    )
