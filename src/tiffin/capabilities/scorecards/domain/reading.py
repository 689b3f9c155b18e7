"""From the plain values of dashboard files to dashboards; every complaint names the file, the line and the fix."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from tiffin.capabilities.metrics.domain.plain import LINES, Complaint, PlaceOf
from tiffin.capabilities.metrics.domain.reading import File
from tiffin.capabilities.scorecards.domain.dashboards import DAY, HOUR, ZONE, Against, Aim, Dashboard, Form, Tile
from tiffin.engines.metrics.definitions import Level, Wording
from tiffin.engines.metrics.model import Model, Problem
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.contract import LOCALES

TOP = ("dashboard", "title", "purpose", "level", "filters", "needs", "days", "currency", "tiles")
TILE = ("metric", "metrics", "form", "by", "days", "against", "aims", "title", "limit")
AIM = ("value", "from", "country", "city")
FILTERS = (
    "country",
    "city_id",
    "zone_id",
    "day_part",
    "local_hour",
    "fleet_id",
    "vehicle",
    "category",
    "merchant_id",
)
"""Dimensions by which a dashboard may be narrowed."""
MOST_TILES, MOST_DAYS, MOST_LIMIT = 40, 400, 200
SPLITS = {Form.VALUE: (0, 0), Form.LINE: (1, 1), Form.BAR: (1, 1), Form.HEATMAP: (2, 2), Form.TABLE: (1, 2)}
CURRENCY_LETTERS = 3

Choice = TypeVar("Choice", bound=StrEnum)


def read_dashboards(files: Iterable[File], model: Model) -> tuple[tuple[Dashboard, ...], tuple[Problem, ...]]:
    """Read dashboard files against the metrics that there are; a faulty dashboard is left out and reported."""
    found: dict[str, Dashboard] = {}
    problems: list[Problem] = []
    for file in files:
        reader = _Reader(file.place_of, model)
        dashboard = reader.dashboard(file.content)
        problems += reader.problems
        if dashboard is not None and not reader.problems:
            found[dashboard.name] = dashboard
    return tuple(found.values()), tuple(problems)


class _Reader:
    def __init__(self, place_of: PlaceOf, model: Model) -> None:
        self._place = place_of
        self._model = model
        self.problems: list[Problem] = []

    def dashboard(self, raw: Any) -> Dashboard | None:
        try:
            own = self._named(raw, TOP)
            tiles = self._list(own, "tiles", MOST_TILES)
            dashboard = Dashboard(
                name=self._text(own, "dashboard"),
                title=self._wording(own, "title"),
                purpose=self._wording(own, "purpose"),
                level=self._choice(own, "level", Level),
                filters=self._filters(own),
                tiles=tuple(tile for entry in tiles if (tile := self._tile(own, entry)) is not None),
                needs=self._needs(own),
                days=self._whole(own, "days", default=1, most=MOST_DAYS),
                currency=self._currency(own),
                place=self._place(own, "dashboard"),
            )
        except Complaint as complaint:
            self._complain(complaint)
            return None
        self._check_filters(own, dashboard)
        return dashboard

    def _tile(self, dashboard: Mapping[str, Any], raw: Any) -> Tile | None:
        try:
            own = self._named(raw, TILE)
            form = self._choice(own, "form", Form) if "form" in own else Form.VALUE
            tile = Tile(
                form=form,
                metrics=self._metrics(own, form),
                by=self._by(own, form),
                days=self._whole(own, "days", default=0, most=MOST_DAYS) or None,
                against=self._choice(own, "against", Against) if "against" in own else None,
                aims=tuple(self._aim(entry) for entry in own.get("aims") or ()),
                title=self._wording(own, "title") if "title" in own else None,
                limit=self._whole(own, "limit", default=12, most=MOST_LIMIT),
                place=self._place(own, None),
            )
            self._check(own, tile)
        except Complaint as complaint:
            self._complain(complaint if complaint.place else Complaint(str(complaint), self._place(dashboard, "tiles")))
            return None
        return tile

    def _metrics(self, own: Mapping[str, Any], form: Form) -> tuple[str, ...]:
        if ("metric" in own) == ("metrics" in own):
            raise Complaint("a tile has `metric`, or several under `metrics`.", self._place(own, None))
        key = "metric" if "metric" in own else "metrics"
        names = tuple(str(name) for name in (self._list(own, key, 12) if key == "metrics" else (own[key],)))
        for name in names:
            if name not in self._model.resolved:
                raise Complaint(f"there is no metric {name}.{near(name, self._model.metrics)}", self._place(own, key))
        if len(names) > 1 and form in (Form.VALUE, Form.HEATMAP, Form.MAP):
            raise Complaint(f"a tile of the form {form} shows one metric; found {len(names)}.", self._place(own, key))
        units = {self._model.metrics[name].unit for name in names}
        if len(units) > 1 and form in (Form.LINE, Form.BAR):
            raise Complaint(
                f"one axis has one unit; {', '.join(names)} count {', '.join(sorted(units))}. Make two tiles of them.",
                self._place(own, key),
            )
        return names

    def _by(self, own: Mapping[str, Any], form: Form) -> tuple[str, ...]:
        raw = own.get("by")
        default = {Form.LINE: (DAY,), Form.MAP: (ZONE,)}.get(form, ())
        by = default if raw is None else tuple(str(one) for one in (raw if isinstance(raw, list) else (raw,)))
        least, most = SPLITS.get(form, (1, 1))
        if not least <= len(by) <= most:
            wanted = f"{least}" if least == most else f"{least} to {most}"
            raise Complaint(f"a tile of the form {form} is split by {wanted} dimensions.", self._place(own, "by"))
        if form is Form.MAP and by != (ZONE,):
            raise Complaint(f"a map is split by {ZONE}.", self._place(own, "by"))
        return by

    def _check(self, own: Mapping[str, Any], tile: Tile) -> None:
        for name in tile.metrics:
            known = self._model.resolved[name].dimensions
            for dimension in tile.by:
                if dimension not in known:
                    raise Complaint(
                        f"{name} cannot be split by {dimension}.{near(dimension, known)}", self._place(own, "by")
                    )
        if tile.against in (Against.TARGET, Against.PLAN) and not tile.aims:
            raise Complaint(f"a comparison with a {tile.against} needs `aims`.", self._place(own, "against"))
        if tile.against and tile.form is not Form.VALUE and (tile.against is not Against.WEEK or tile.by != (HOUR,)):
            raise Complaint("only values, and lines or bars by local_hour, are compared.", self._place(own, "against"))

    def _check_filters(self, own: Mapping[str, Any], dashboard: Dashboard) -> None:
        if not dashboard.tiles and not self.problems:
            self._complain(Complaint("a dashboard has at least one tile.", self._place(own, "tiles")))
        for name in dashboard.filters:
            if self.problems or any(name in self._model.resolved[one].dimensions for one in dashboard.metrics):
                continue
            self._complain(Complaint(f"no metric here can be filtered by {name}.", self._place(own, "filters")))

    def _filters(self, own: Mapping[str, Any]) -> tuple[str, ...]:
        found = tuple(str(one) for one in own.get("filters") or ())
        for name in found:
            if name not in FILTERS:
                raise Complaint(
                    f"{name} is no filter of dashboards; there are {', '.join(FILTERS)}.{near(name, FILTERS)}",
                    self._place(own, "filters"),
                )
        return found

    def _needs(self, own: Mapping[str, Any]) -> str | None:
        name = own.get("needs")
        if name is not None and name not in (own.get("filters") or ()):
            raise Complaint(f"`needs` names one of the filters; found {name!r}.", self._place(own, "needs"))
        return None if name is None else str(name)

    def _currency(self, own: Mapping[str, Any]) -> str | None:
        code = own.get("currency")
        if code is not None and not (isinstance(code, str) and len(code) == CURRENCY_LETTERS and code.isupper()):
            raise Complaint(f"`currency` is a code such as USD; found {code!r}.", self._place(own, "currency"))
        return code

    def _aim(self, raw: Any) -> Aim:
        own = self._named(raw, AIM)
        value, since = own.get("value"), own.get("from", date.min)
        if isinstance(value, bool) or not isinstance(value, int | float) or not isinstance(since, date):
            raise Complaint("an aim has a number under `value`, and a date under `from`.", self._place(own, None))
        return Aim(float(value), since, own.get("country"), own.get("city"))

    def _complain(self, complaint: Complaint) -> None:
        self.problems.append(Problem(str(complaint), complaint.place))

    def _named(self, raw: Any, allowed: tuple[str, ...]) -> Mapping[str, Any]:
        if not isinstance(raw, Mapping):
            raise Complaint(f"names with values were expected, found {raw!r}.", None)
        for key in raw:
            if key != LINES and key not in allowed:
                raise Complaint(
                    f"`{key}` means nothing here; known are {', '.join(allowed)}.{near(str(key), allowed)}",
                    self._place(raw, key),
                )
        return raw

    def _text(self, own: Mapping[str, Any], key: str) -> str:
        if not isinstance(own.get(key), str) or not own[key]:
            raise Complaint(f"`{key}` is missing. Add `{key}:`.", self._place(own, None))
        return str(own[key])

    def _list(self, own: Mapping[str, Any], key: str, most: int) -> list[Any]:
        found = own.get(key)
        if not isinstance(found, list) or not 0 < len(found) <= most:
            raise Complaint(f"`{key}` lists 1 to {most} entries.", self._place(own, key))
        return found

    def _whole(self, own: Mapping[str, Any], key: str, *, default: int, most: int) -> int:
        found = own.get(key, default)
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= most:
            raise Complaint(f"`{key}` is a whole number up to {most}; found {found!r}.", self._place(own, key))
        return found

    def _choice(self, own: Mapping[str, Any], key: str, choices: type[Choice]) -> Choice:
        found = str(own.get(key))
        try:
            return choices(found)
        except ValueError:
            known = list(choices)
            raise Complaint(
                f"`{key}` is one of {', '.join(known)}; found {found!r}.{near(found, known)}", self._place(own, key)
            ) from None

    def _wording(self, own: Mapping[str, Any], key: str) -> Wording:
        texts = own.get(key)
        if not isinstance(texts, Mapping):
            raise Complaint(f"`{key}` needs a text in each of {', '.join(LOCALES)}.", self._place(own, key))
        for locale in LOCALES:
            if not str(texts.get(locale) or "").strip():
                raise Complaint(f"`{key}` has no text in {locale}. Add `{locale}:`.", self._place(own, key))
        return Wording({locale: " ".join(str(texts[locale]).split()) for locale in LOCALES})
