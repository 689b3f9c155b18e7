"""Whether the market of a case can be: one that there is, or none."""

from functools import cached_property

from tiffin.kernel.errors import InvalidData
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.markets import load_markets


class CaseMarkets:
    """The markets of which cases may be, looked up once for many cases.

    Parameters
    ----------
    context : Context
        The workspace whose markets count.
    """

    def __init__(self, context: Context) -> None:
        self._overlay = context.workspace.overlay("markets")

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(load_markets(self._overlay))

    def has(self, market: str) -> bool:
        """Tell whether a case may be of a market; one without a market may."""
        return not market or market in self._known

    def check(self, market: str) -> None:
        """Refuse a case of a market that does not exist.

        Raises
        ------
        InvalidData
            It is of one.
        """
        if not self.has(market):
            known = ", ".join(sorted(self._known))
            raise InvalidData(
                Message("There is no market {market}. There are: {known}.", market=market[:20], known=known)
            )
