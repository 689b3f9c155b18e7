"""How many units were given which arm."""

from collections.abc import Mapping

from sqlalchemy import func, select

from tiffin.capabilities.experiments.models import TrialExposure, TrialRecord
from tiffin.capabilities.experiments.service.records import sees_all, trial_in
from tiffin.runtime.context import Context


def exposed(context: Context, record: TrialRecord) -> Mapping[str, int]:
    """Count the units that were given each arm of a trial; nothing for whoever does not see all of its cities."""
    if not sees_all(context, record):
        return {}
    asked = select(TrialExposure.arm, func.count().label("units")).where(TrialExposure.trial_id == record.trial_id)
    counts = {row.arm: row.units for row in context.session.execute(asked.group_by(TrialExposure.arm))}
    return {arm.name: counts.get(arm.name, 0) for arm in trial_in(record).arms}
