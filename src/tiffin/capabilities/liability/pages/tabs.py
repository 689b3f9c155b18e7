"""The row of tabs over the pages of liability: the one place that names them."""

from typing import NamedTuple

from tiffin.runtime.i18n import mark


class Tab(NamedTuple):
    """One page of the row.

    Parameters
    ----------
    name : str
        By which a page says that it is the one that is open.
    label : str
        Message of the catalogues.
    """

    name: str
    label: str
    path: str


TABS: tuple[Tab, ...] = (
    Tab("queue", mark("Queue"), "/liability"),
    Tab("verdicts", mark("Verdicts"), "/liability/verdicts"),
    Tab("appeals", mark("Appeals"), "/liability/appeals"),
    Tab("disputes", mark("Disputes"), "/liability/disputes"),
    Tab("exemptions", mark("Exemptions"), "/liability/exemptions"),
    Tab("rows", mark("Rows"), "/liability/rows"),
    Tab("standards", mark("Standards"), "/liability/standards"),
    Tab("ledger", mark("Ledger"), "/liability/ledger"),
    Tab("notices", mark("Notices"), "/liability/notices"),
    Tab("quality", mark("Quality"), "/liability/quality"),
    Tab("signals", mark("Signals"), "/liability/signals"),
)
"""Every page of the row, in its order; `liability/parts.html` draws them by the macro ``tabs(tabs, here)``."""
