"""The words of checks: their kinds, how they ended, who set them."""

from tiffin.capabilities.quality.domain.checks import CheckKind, Origin, Status
from tiffin.runtime.i18n import mark

KINDS = {
    CheckKind.FRESHNESS: mark("Freshness"),
    CheckKind.VOLUME: mark("Volume"),
    CheckKind.VALIDITY: mark("Validity"),
    CheckKind.UNIQUENESS: mark("Uniqueness"),
    CheckKind.REFERENCE: mark("References"),
    CheckKind.RETENTION: mark("Retention"),
    CheckKind.RECONCILIATION: mark("Reconciliation"),
    CheckKind.DISTRIBUTION: mark("Distribution"),
}
STATUSES = {
    Status.PASSED: mark("passed"),
    Status.FAILED: mark("failed"),
    Status.UNMEASURED: mark("not measured"),
}
ORIGINS = {
    Origin.CONTRACT: mark("from the contract"),
    Origin.SHIPPED: mark("shipped"),
    Origin.WORKSPACE: mark("of this workspace"),
}
