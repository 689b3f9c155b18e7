"""The outside world: settings, database, warehouse, definitions, context, auth, audit, logging, translation."""
