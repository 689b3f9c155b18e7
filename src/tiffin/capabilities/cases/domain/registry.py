"""Every sort of case, by name."""

from collections.abc import Mapping

from tiffin.capabilities.cases.domain.access_cases import ACCESS_REQUEST, EMERGENCY_ACCESS
from tiffin.capabilities.cases.domain.appeal_cases import APPEAL, ROW_DEMOTION
from tiffin.capabilities.cases.domain.coaching_cases import COACHING
from tiffin.capabilities.cases.domain.contract_cases import CONTRACT_SILENCE
from tiffin.capabilities.cases.domain.data_incidents import BROKEN_DATA, DATA_INCIDENT
from tiffin.capabilities.cases.domain.dispute_cases import DISPUTE
from tiffin.capabilities.cases.domain.incident_cases import DELIVERY_INCIDENT
from tiffin.capabilities.cases.domain.miss_cases import SUPPLY_MISS
from tiffin.capabilities.cases.domain.policy_cases import POLICY_DISAGREEMENT, POLICY_PROPOSAL, POLICY_SHADOW
from tiffin.capabilities.cases.domain.quality_cases import INSPECTION
from tiffin.capabilities.cases.domain.roll_out_cases import ROLL_OUT, ROLL_OUT_ATTENTION
from tiffin.capabilities.cases.domain.strategy_cases import STRATEGY
from tiffin.capabilities.cases.domain.trial_cases import TRIAL
from tiffin.engines.cases.declaration import CaseType

_ALL = (
    DATA_INCIDENT,
    BROKEN_DATA,
    ACCESS_REQUEST,
    EMERGENCY_ACCESS,
    CONTRACT_SILENCE,
    POLICY_PROPOSAL,
    POLICY_SHADOW,
    POLICY_DISAGREEMENT,
    DELIVERY_INCIDENT,
    APPEAL,
    ROW_DEMOTION,
    INSPECTION,
    DISPUTE,
    COACHING,
    TRIAL,
    ROLL_OUT,
    ROLL_OUT_ATTENTION,
    STRATEGY,
    SUPPLY_MISS,
)

CASE_TYPES: Mapping[str, CaseType] = {one.name: one for one in _ALL}
"""Every sort of case, by name."""

GUIDED: Mapping[str, str] = {
    BROKEN_DATA.name: "/quality/incidents/{case_id}",
    ACCESS_REQUEST.name: "/access/requests/{case_id}",
    EMERGENCY_ACCESS.name: "/access/emergencies/{case_id}",
    CONTRACT_SILENCE.name: "/catalog/contracts/silence/{case_id}",
    POLICY_PROPOSAL.name: "/policies/proposals/{case_id}",
    DELIVERY_INCIDENT.name: "/liability/cases/{case_id}",
    APPEAL.name: "/liability/appeals/{case_id}",
    ROW_DEMOTION.name: "/liability/rows/{case_id}",
    DISPUTE.name: "/liability/disputes/{case_id}",
    COACHING.name: "/liability/standards/{case_id}",
    INSPECTION.name: "/liability/quality/looks/{case_id}",
    TRIAL.name: "/experiments/{case_id}",
    ROLL_OUT.name: "/roll-outs/{case_id}",
    STRATEGY.name: "/strategies/{case_id}",
}
"""Sorts of cases whose own capability decides who sees them and what can be done, with the page that shows one."""
