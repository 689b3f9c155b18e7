"""What was changed in a modeler, laid over our own files: three ways, so that what nobody touched stays as it was."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from tiffin.capabilities.policies.domain.exchange.dmn_views import RowView, TableView
from tiffin.capabilities.policies.domain.exchange.dmn_writing import REASON, ROW_ID
from tiffin.capabilities.policies.domain.exchange.files import PolicyFiles
from tiffin.capabilities.policies.domain.exchange.flattening import ANYTHING
from tiffin.capabilities.policies.domain.exchange.foreign import Draft
from tiffin.capabilities.policies.domain.policy import CITY, MARKET
from tiffin.kernel.messages import Message

Content = dict[str, Any]


class Merging:
    """Lays the difference between two views of a table over the files of which the first was made.

    Parameters
    ----------
    before, after : TableView
        The table as it was taken out, and as it came back.
    drafted : Draft
        What a new policy made of the second would say: for columns and rows that are new.
    """

    def __init__(self, files: PolicyFiles, before: TableView, after: TableView, drafted: Draft) -> None:
        self.files, self.before, self.after, self.drafted = files, before, after, drafted.content
        self.contents: list[Content] = [deepcopy(dict(one.content)) for one in files.tables]
        self.left: list[Message] = []
        self.called: dict[str, str] = {}

    def merged(self) -> tuple[Mapping[str, Any], ...]:
        """Give the content of each table file as it is now, in their order; `left` tells what was not taken over."""
        self._head()
        self._columns("inputs", [one.text for one in self.before.inputs], [one.text for one in self.after.inputs])
        self._columns("outputs", [one.name for one in self.before.outputs], [one.name for one in self.after.outputs])
        self._rows()
        return tuple(self.contents)

    @property
    def base(self) -> Content:
        """The base's content."""
        return self.contents[0]

    def _head(self) -> None:
        for key, before, after in (
            ("title", self.before.title, self.after.title),
            ("question", self.before.question, self.after.question),
        ):
            if before != after and after:
                self.base[key] = {**(self.base.get(key) or {}), "en": after}
        for key in ("hit_policy", "aggregation"):
            if getattr(self.before, key) != getattr(self.after, key):
                self.base[key] = getattr(self.after, key).lower()
                if not self.base[key]:
                    del self.base[key]

    def _columns(self, kind: str, before: list[str], after: list[str]) -> None:
        """Take columns out, bring columns in, and change what is said of those that stay."""
        own = {str(one.get("feel") or one["name"]): one for one in self.base.get(kind, ())}
        said = dict(zip(before, getattr(self.before, kind), strict=True))
        now = dict(zip(after, getattr(self.after, kind), strict=True))
        drafts = dict(zip(after, self.drafted[kind], strict=True))
        self.called |= {text: str(own.get(text, one)["name"]) for text, one in drafts.items()}
        for text in said.keys() - now.keys():
            if text in own:
                self._remove(kind, own.pop(text))
        for text, column in own.items():
            self._change(column, said[text], now[text])
        new = [text for text in now if text not in said]
        kept = [own[text] if text in own else drafts[text] for text in now if text in own or text in new]
        self.base[kind] = kept

    def _change(self, column: Content, before: Any, after: Any) -> None:
        if before.label != after.label and after.label:
            column["label"] = {**(column.get("label") or {}), "en": after.label}
        for key in ("type", "values", "default"):
            new = getattr(after, key, "")
            if getattr(before, key, "") != new:
                column[key] = new
                if not new:
                    del column[key]

    def _remove(self, kind: str, column: Mapping[str, Any]) -> None:
        for content in self.contents:
            for row in content.get("rows", ()):
                row.get("when" if kind == "inputs" else "then", {}).pop(column["name"], None)
            for case in content.get("worked_cases", ()):
                case.get("given" if kind == "inputs" else "expect", {}).pop(column["name"], None)

    def _rows(self) -> None:
        before = _by_id(self.before.rows)
        after = _by_id(self.after.rows)
        for identity in before.keys() - after.keys():
            self._drop(identity)
        for identity, rows in after.items():
            if identity not in before:
                continue
            if len(rows) != 1 or len(before[identity]) != 1:
                self._note_several(identity, before[identity], rows)
            else:
                self._change_row(identity, before[identity][0], rows[0])
        self._add_new(before)
        self._order(list(after))

    def _drop(self, identity: str) -> None:
        for content in self.contents:
            content["rows"] = [row for row in content.get("rows", ()) if row["id"] != identity]

    def _note_several(self, identity: str, before: list[RowView], after: list[RowView]) -> None:
        if [(one.tests, one.results, dict(one.notes)) for one in before] != [
            (one.tests, one.results, dict(one.notes)) for one in after
        ]:
            self.left.append(
                Message(
                    "The row {row} overrides several others and stands in the table once for each; change it in our "
                    "own editor.",
                    row=identity,
                )
            )

    def _change_row(self, identity: str, before: RowView, after: RowView) -> None:
        row = next(row for content in self.contents for row in content.get("rows", ()) if row["id"] == identity)
        inputs, outputs = self._names(self.before.inputs), [one.name for one in self.before.outputs]
        had = dict(zip(inputs, before.tests, strict=True)) | dict(zip(outputs, before.results, strict=True))
        columns = [*self._names(self.after.inputs), *(one.name for one in self.after.outputs)]
        for name, cell in zip(columns, (*after.tests, *after.results), strict=True):
            if had.get(name, ANYTHING) != cell:
                self._set(row, name, cell)
        for heading, text in after.notes.items():
            found = REASON.fullmatch(heading)
            if found and before.notes.get(heading, "") != text:
                reason = {**(row.get("reason") or {}), found[1]: text}
                row["reason"] = {language: said for language, said in reason.items() if said}

    def _set(self, row: Content, name: str, cell: str) -> None:
        if name in (MARKET, CITY) and name not in self._own("inputs"):
            self.left.append(
                Message("The row {row} holds where its file says; its place was not changed.", row=row["id"])
            )
        elif name in self._own("outputs"):
            then = row.setdefault("then", {})
            then[name] = _as_before(cell, then.get(name))
        elif cell == ANYTHING and not row.get("overrides"):
            row.get("when", {}).pop(name, None)
        else:
            when = row.setdefault("when", {})
            when[name] = _as_before(cell, when.get(name))

    def _add_new(self, before: Mapping[str, list[RowView]]) -> None:
        """Add to the base the rows that nobody knows; a place that they name is told, since only an overlay has one."""
        inputs = [one.text for one in self.after.inputs]
        names = set(before) | {row["id"] for content in self.contents for row in content.get("rows", ())}
        for view, drafted in zip(self.after.rows, self.drafted["rows"], strict=True):
            if view.notes.get(ROW_ID) in before:
                continue
            places = [
                test
                for text, test in zip(inputs, view.tests, strict=True)
                if text in (MARKET, CITY) and test != ANYTHING
            ]
            if places and not {MARKET, CITY} & self._own("inputs"):
                self.left.append(
                    Message(
                        "A new row for {places} was not taken over: write it as an overlay, which names the row "
                        "that it overrides.",
                        places=", ".join(places),
                    )
                )
                continue
            self.base.setdefault("rows", []).append(self._new_row(view, drafted, names))

    def _new_row(self, view: RowView, drafted: Mapping[str, Any], names: set[str]) -> Content:
        own = self._names(self.after.inputs)
        when = {
            name: cell
            for name, cell in zip(own, view.tests, strict=True)
            if cell != ANYTHING and name in self._own("inputs")
        }
        then = {one.name: cell for one, cell in zip(self.after.outputs, view.results, strict=True)}
        wanted, number = view.notes.get(ROW_ID) or str(drafted["id"]), 2
        identity = wanted
        while identity in names:
            identity, number = f"{wanted}.{number}", number + 1
        names.add(identity)
        return {"id": identity, "when": when, "then": then, "reason": drafted["reason"]}

    def _order(self, wanted: list[str]) -> None:
        """Bring the base's rows into the order of the table; rows whose id is new stay where they were added."""
        place = {identity: number for number, identity in enumerate(wanted)}
        rows = self.base.get("rows", [])
        self.base["rows"] = sorted(rows, key=lambda row: place.get(row["id"], len(place)))

    def _names(self, inputs: Any) -> list[str]:
        """Give our name of each column by the expression that it tests; places have none in a base."""
        own = self._own("inputs")
        named = [self.called.get(one.text, one.text) for one in inputs]
        return [name if name in own else one.text for name, one in zip(named, inputs, strict=True)]

    def _own(self, kind: str) -> set[str]:
        return {str(one["name"]) for one in self.base.get(kind, ())}


def _as_before(cell: str, before: object) -> str | int:
    """Give a cell as a plain number where a plain number stood."""
    is_plain = isinstance(before, int) and not isinstance(before, bool) and cell.removeprefix("-").isdigit()
    return int(cell) if is_plain else cell


def _by_id(rows: tuple[RowView, ...]) -> dict[str, list[RowView]]:
    found: dict[str, list[RowView]] = {}
    for row in rows:
        if row.notes.get(ROW_ID):
            found.setdefault(row.notes[ROW_ID], []).append(row)
    return found
