"""The words for what an exemption holds for; those of circumstances stand with the values of policies."""

from collections.abc import Mapping

from tiffin.capabilities.liability.domain.exemptions import Scope
from tiffin.runtime.i18n import mark

SCOPES: Mapping[Scope, str] = {
    Scope.CITY: mark("The whole city"),
    Scope.ZONE: mark("One zone"),
    Scope.MERCHANT: mark("One merchant"),
    Scope.ORDER: mark("One order"),
}
