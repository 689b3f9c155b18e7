"""The ledger's rules once more, written plainly and without its code: one record a verdict, sums over records."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta


@dataclass
class PlainTerms:
    """What expires, and what counts at most; nought for never, None for no cap."""

    points_days: int
    points_most: int | None
    points_per: str
    money_days: int
    money_most: int | None
    money_per: str


@dataclass
class Record:
    """One verdict that was booked."""

    verdict_id: str
    number: int
    decision: tuple
    rider: str
    merchant: str
    customer: str
    points: int
    recovery: int
    compensation: int
    day: date
    at: datetime
    terms: PlainTerms
    is_stayed: bool = False
    is_reversed: bool = False
    restored: int = 0

    @property
    def points_left(self) -> int:
        """Points that stand, stayed or not."""
        return self.points - self.restored


@dataclass
class PlainLedger:
    """Incidents with their records, oldest first."""

    incidents: dict = field(default_factory=dict)

    def answer(self, command: tuple) -> str:
        """Tell what becomes of a command as things stand: ``done``, ``nothing`` or ``refused``."""
        act, incident, *rest = command
        records = self.incidents.get(incident, [])
        if act == "post":
            return self._post(records, rest[0], follows=None)
        if act == "replace":
            return self._post(records, rest[1], follows=rest[0])
        record = next((one for one in records if one.verdict_id == rest[0]), None)
        if record is None:
            return "refused"
        return {"stay": self._stay, "lift": self._lift, "reverse": self._reverse}.get(act, self._restore)(record, rest)

    def carry_out(self, command: tuple, at: datetime, terms: PlainTerms) -> None:
        """Do what was answered with ``done``."""
        act, incident, *rest = command
        records = self.incidents.setdefault(incident, [])
        if act in ("post", "replace"):
            for one in records[-1:]:
                one.is_reversed, one.is_stayed = True, False
            records.append(_recorded(rest[-1], at, terms))
            return
        record = next(one for one in records if one.verdict_id == rest[0])
        if act == "stay":
            record.is_stayed = True
        elif act == "lift":
            record.is_stayed = False
        elif act == "reverse":
            record.is_reversed, record.is_stayed = True, False
        else:
            record.restored += min(rest[1] - record.restored, record.points_left)

    def balances(self) -> dict:
        """Add up every account in every unit."""
        sums: dict = {}

        def add(account: str, unit: str, amount: int) -> None:
            sums[account, unit] = sums.get((account, unit), 0) + amount

        for one in self._standing():
            holder = "platform:suspense" if one.is_stayed else one.rider
            add(holder, "points", one.points_left)
            add("platform:points_issued", "points", -one.points)
            add("platform:points_restored", "points", one.restored)
            add("platform:suspense" if one.is_stayed else one.merchant, "SAR", one.recovery)
            add("platform:recovery_income", "SAR", -one.recovery)
            add(one.customer, "SAR", -one.compensation)
            add("platform:compensation_expense", "SAR", one.compensation)
        return {place: amount for place, amount in sums.items() if amount}

    def counted(self, party: str, unit: str, as_of: datetime) -> int:
        """Tell what counts against a rider or merchant."""
        groups: dict = {}
        for one in self._standing():
            owner, amount = (one.rider, one.points_left) if unit == "points" else (one.merchant, one.recovery)
            if one.is_stayed or owner != party or amount <= 0:
                continue
            points = unit == "points"
            most = one.terms.points_most if points else one.terms.money_most
            per = one.terms.points_per if points else one.terms.money_per
            days = one.terms.points_days if points else one.terms.money_days
            is_over = bool(days) and one.at + timedelta(days=days) <= as_of
            group = (per, _begin(one.day, per)) if most is not None else one.verdict_id
            groups.setdefault(group, []).append((one.day, one.verdict_id, amount, most, is_over))
        return sum(_under_cap(group) for group in groups.values())

    def _standing(self) -> list:
        return [one for records in self.incidents.values() for one in records if not one.is_reversed]

    def _post(self, records: list, verdict: object, follows: str | None) -> str:
        made = _recorded(verdict, verdict.decided_at, None)
        if any(one.verdict_id == made.verdict_id for one in records):
            return "nothing"
        if follows is not None and (not records or records[-1].verdict_id != follows):
            return "refused"
        if not records:
            return "done"
        if follows is None and verdict.supersedes is None:
            return "nothing" if records[-1].decision == made.decision else "refused"
        return "refused" if records[-1].number > made.number else "done"

    def _stay(self, record: Record, _rest: list) -> str:
        return "refused" if record.is_reversed else "nothing" if record.is_stayed else "done"

    def _lift(self, record: Record, _rest: list) -> str:
        return "done" if record.is_stayed else "nothing"

    def _reverse(self, record: Record, _rest: list) -> str:
        return "nothing" if record.is_reversed else "done"

    def _restore(self, record: Record, rest: list) -> str:
        amount = min(rest[1] - record.restored, record.points_left)
        return "nothing" if record.is_reversed or record.is_stayed or amount <= 0 else "done"


def _recorded(verdict: object, at: datetime, terms: PlainTerms | None) -> Record:
    about = verdict.incident
    points = {party.value: amount for party, amount in verdict.points.items()}
    money = {party.value: amount for party, amount in verdict.recovery_minor.items()}
    by = verdict.verdict_id if verdict.decided_by == "person" else ""
    return Record(
        verdict.verdict_id,
        int(verdict.verdict_id.split("|")[-1]),
        (about.key, verdict.policy, verdict.policy_version, by),
        f"rider:{about.rider_id}",
        f"merchant:{about.merchant_id}",
        f"customer:{about.customer_id}",
        points.get("rider", 0),
        money.get("merchant", 0),
        verdict.compensation_minor,
        about.business_date,
        at,
        terms,
    )


def _begin(day: date, per: str) -> date:
    return {"day": day, "week": day - timedelta(days=day.isoweekday() - 1), "month": day.replace(day=1)}[per]


def _under_cap(group: list) -> int:
    known = [most for _, _, _, most, _ in group if most is not None]
    left, total = min(known) if known else None, 0
    for _, _, amount, _, is_over in sorted(group):
        allowed = amount if left is None else min(amount, left)
        left = None if left is None else left - allowed
        total += 0 if is_over else allowed
    return total
