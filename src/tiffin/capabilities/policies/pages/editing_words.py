"""What the editor of a policy's table says, and its keys."""

from collections.abc import Mapping

from tiffin.runtime.i18n import mark

SIDES: Mapping[str, str] = {
    "id": mark("Rule"),
    "over": mark("Goes before"),
    "when": mark("When"),
    "then": mark("Then"),
    "reason": mark("Reason"),
}

EVERYWHERE = mark("All markets")
"""The base file, for whom it holds."""

KINDS: Mapping[str, str] = {
    "string": mark("text in quotes"),
    "number": mark("number"),
    "boolean": mark("true or false"),
    "date": mark("day"),
    "time": mark("time of day"),
    "date and time": mark("instant"),
    "days and time duration": mark("duration"),
    "years and months duration": mark("months"),
}

WORDS: Mapping[str, str] = {
    "options": mark("Values that may stand here"),
    "checking": mark("Being proven …"),
    "checked": mark("Proven and set against past cases in {seconds} s"),
    "failed": mark("The server did not answer. What you wrote is kept in this browser."),
    "saved": mark("Saved"),
    "unsaved": mark("Not saved yet"),
    "saving": mark("Being saved …"),
    "rows": mark("Rows: {count}"),
}

SHORTCUTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("Enter", "F2"), mark("Write in the cell; what you type replaces it")),
    (("Tab",), mark("Take it and go on to the next cell")),
    (("Esc",), mark("Leave the cell as it was")),
    (("Shift", "↑↓←→"), mark("Mark several cells")),
    (("Ctrl", "C / X / V"), mark("Copy, cut and paste, also from a spreadsheet")),
    (("Delete",), mark("Empty the marked cells")),
    (("Ctrl", "Z / Y"), mark("Undo and redo")),
    (("Ctrl", "Enter"), mark("Add a row below")),
    (("Ctrl", "D"), mark("Double the row")),
    (("Ctrl", "Delete"), mark("Remove the marked rows")),
    (("Alt", "↑↓"), mark("Move the marked rows")),
    (("Ctrl", "S"), mark("Save")),
)
