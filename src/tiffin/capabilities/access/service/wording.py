"""What a grant opens, and what the audit trail tells, in words."""

from collections.abc import Mapping

from tiffin.kernel.contract import Classification
from tiffin.runtime.i18n import mark

CLASSES: Mapping[Classification, str] = {
    Classification.CONFIDENTIAL: mark("money and other confidential columns"),
    Classification.PERSONAL: mark("single people"),
    Classification.SPECIAL: mark("special columns"),
}

ROLES: Mapping[str, str] = {
    "viewer": mark("viewer"),
    "auditor": mark("auditor"),
    "analyst": mark("analyst"),
    "city_manager": mark("city manager"),
    "steward": mark("data steward"),
    "admin": mark("administrator"),
}
"""What each role is called."""

ACTIONS: Mapping[str, str] = {
    "access_refused": mark("access refused"),
    "access_requested": mark("access requested"),
    "access_review_started": mark("review of grants started"),
    "access_reviewed": mark("grant reviewed"),
    "account_added": mark("account added"),
    "account_disabled": mark("account disabled"),
    "account_enabled": mark("account enabled"),
    "alert_acknowledged": mark("alert acknowledged"),
    "alert_made": mark("alert made"),
    "alert_removed": mark("alert removed"),
    "alert_snoozed": mark("alert snoozed"),
    "audit_trail_exported": mark("audit trail exported"),
    "audit_trail_read": mark("audit trail read"),
    "audit_trail_verified": mark("audit trail verified"),
    "case_acted": mark("case acted"),
    "case_opened": mark("case opened"),
    "certificate_came_back": mark("certificate came back"),
    "certificate_fell": mark("certificate fell"),
    "column_class_confirmed": mark("class of a column confirmed"),
    "column_class_kept": mark("class of a column kept"),
    "columns_classified": mark("columns looked at by detectors"),
    "dashboard_sent": mark("dashboard sent"),
    "days_settled": mark("days settled"),
    "definitions_imported": mark("definitions imported"),
    "emergency_opened": mark("opened in an emergency"),
    "emergency_used": mark("used in an emergency"),
    "facts_loaded": mark("facts loaded"),
    "facts_written": mark("facts written"),
    "looser_class_asked": mark("looser class of a column asked for"),
    "metric_draft_saved": mark("metric draft saved"),
    "metric_draft_sent_back": mark("metric draft sent back"),
    "metric_draft_submitted": mark("metric draft submitted"),
    "metric_draft_withdrawn": mark("metric draft withdrawn"),
    "metric_publication_taken_back": mark("metric publication taken back"),
    "metric_published": mark("metric published"),
    "number_published": mark("number published"),
    "numbers_compared": mark("numbers compared"),
    "owner_renewed": mark("owner's grant renewed"),
    "numbers_taken": mark("numbers taken"),
    "password_set": mark("password set"),
    "people_brought": mark("personnel file applied"),
    "quarantine_read": mark("quarantine read"),
    "question_removed": mark("question removed"),
    "question_saved": mark("question saved"),
    "role_granted": mark("role granted"),
    "role_revoked": mark("role revoked"),
    "rollup_quarantined": mark("roll-up quarantined"),
    "rollups_built": mark("roll-ups built"),
    "rows_exported": mark("rows exported"),
    "rows_seen": mark("rows seen"),
    "sign_in_link_made": mark("sign-in link made"),
    "sign_in_refused": mark("sign-in refused"),
    "signed_in": mark("signed in"),
    "snapshot_scheduled": mark("snapshot scheduled"),
    "snapshot_unscheduled": mark("snapshot unscheduled"),
    "token_made": mark("token made"),
    "token_revoked": mark("token revoked"),
    "workspace_backed_up": mark("workspace backed up"),
}
"""Everything that is audited, by the name that the trail keeps."""
