"""What must hold before a policy is published."""

from datetime import date

from tiffin.capabilities.policies.domain.versions import days_of_change
from tiffin.capabilities.policies.service.ledger import every_version
from tiffin.runtime.context import Context


def check_published(context: Context, policy: str, *, since: date) -> None:
    """Refuse what was just published, within the same unit of work, if it is not sound on every day from one on."""
    days_of_change(every_version(context, policy), since=since, known_at=context.now)
