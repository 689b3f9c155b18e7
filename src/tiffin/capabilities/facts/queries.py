"""Queries over quarantine tables, built as expressions."""

from sqlglot import exp


def quarantine_rules(table: str) -> exp.Select:
    """Count a quarantine's entries by rule."""
    return (
        exp.select(
            "rule", exp.func("min", exp.column("reason")).as_("reason"), exp.Count(this=exp.Star()).as_("entries")
        )
        .from_(exp.to_table(table))
        .group_by("rule")
        .order_by("entries DESC", "rule")
    )


def quarantine_rows(table: str, *, rule: str | None, limit: int, offset: int) -> exp.Select:
    """Give part of a quarantine, newest first."""
    names = ("rule", "reason", "kept", "file", "line", "row", "feed", "load_id", "quarantined_at")
    query = exp.select(*(exp.column(name, quoted=True) for name in names)).from_(exp.to_table(table))
    if rule is not None:
        query = query.where(exp.column("rule", quoted=True).eq(exp.Literal.string(rule)))
    order = [
        exp.column("quarantined_at", quoted=True).desc(),
        *(exp.column(n, quoted=True) for n in ("file", "line", "rule")),
    ]
    return query.order_by(*order).limit(limit).offset(offset)
