"""Who may act on cases: roles of grants, and roles that a capability finds somebody to have over a case."""

STEWARDS = frozenset({"steward"})
HANDLERS = frozenset({"steward", "analyst"})
READERS = frozenset({"steward", "analyst", "city_manager"})

APPROVER = frozenset({"approver"})
"""Whom a capability finds entitled to decide; no grant carries this role by itself."""

REQUESTER = frozenset({"requester"})
