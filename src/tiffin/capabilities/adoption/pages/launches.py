"""What is new, and who uses what was launched."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from tiffin.capabilities.adoption.domain.items import Launch
from tiffin.capabilities.adoption.domain.usage import WeekOfUse
from tiffin.capabilities.adoption.pages.forms import shown
from tiffin.capabilities.adoption.service import usage
from tiffin.capabilities.adoption.service.estate import address_of, label_of
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_date, format_percent, mark, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.line import Series, line_chart
from tiffin.web.edge import ContextDep

router = APIRouter()


@router.get("/new")
def show_new(request: Request, context: ContextDep, role: str = "") -> Response:
    """Show what was launched, the newest first, for everybody or for one role."""
    launches = [one for one in usage.list_launches(context) if one.state != "retired" and role in ("", one.role)]
    return shown(
        request,
        context,
        "adoption/new.html",
        launches=launches,
        products={one.item_id: _products(context, one) for one in launches},
        roles=[one.value for one in Role if one is not Role.ADMIN],
        role=role,
    )


@router.get("/products/{item_id}")
def show_product(request: Request, context: ContextDep, item_id: int) -> Response:
    """Show who uses what was launched: weekly users against the target, coverage, repeat use."""
    launch, use = usage.find_launch(context, item_id), usage.use_of_launch(context, item_id)
    return shown(
        request,
        context,
        "adoption/product.html",
        launch=launch,
        products=_products(context, launch),
        use=use,
        last=use.weeks[-1],
        users_chart=_users_chart(context, use.weeks, launch.target_users),
        shares_chart=_shares_chart(context, use.weeks),
    )


def _products(context: Context, launch: Launch) -> list[tuple[str, str]]:
    return [(label_of(context, one), address_of(context, one)) for one in launch.products]


def _users_chart(context: Context, weeks: tuple[WeekOfUse, ...], target: int) -> Markup:
    locale = context.locale
    caption = Caption(
        translate(locale, mark("People who used it, by week")),
        translate(locale, mark("Each week's users beside the number that was aimed at.")),
    )
    series = [
        Series(translate(locale, mark("Users")), tuple(float(one.users) for one in weeks)),
        Series(translate(locale, mark("Aim")), tuple(float(target) for _ in weeks)),
    ]
    return line_chart(_weeks(context, weeks), series, caption=caption, locale=locale)


def _shares_chart(context: Context, weeks: tuple[WeekOfUse, ...]) -> Markup:
    locale = context.locale
    caption = Caption(
        translate(locale, mark("Coverage and repeat use, by week")),
        translate(locale, mark("How many of those it is for used it, and how many users had come before.")),
    )
    series = [
        Series(translate(locale, mark("Coverage")), tuple(one.coverage for one in weeks)),
        Series(translate(locale, mark("Repeat use")), tuple(one.repeat for one in weeks)),
    ]

    def show(value: float | None) -> str:
        return format_percent(value, locale, decimals=0)

    return line_chart(_weeks(context, weeks), series, caption=caption, locale=locale, show=show)


def _weeks(context: Context, weeks: tuple[WeekOfUse, ...]) -> list[str]:
    return [format_date(one.monday, context.locale, skeleton="MMMd") for one in weeks]
