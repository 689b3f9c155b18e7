"""The audit trail as it was chained before actors had codes and texts salts, and what is left to prove of it.

Its digests covered names and texts as they were, without a salt: whoever knows all else of an entry finds a name by
trying. So they were not kept when the trail was carried over, but the last one, in the entry that tells of it. They can
be computed again as long as everything stands that they covered.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from tiffin.runtime.actor_codes import names_of
from tiffin.runtime.audit_chain import FIRST_DIGEST, Anchor, digest_of
from tiffin.runtime.audit_reading import raw_entries

CARRIED_OVER = "trail_carried_over"
"""The act in the trail; its details tell how many entries there were, the last digest, and what was wrong."""

ERASED = b"erased-"


def former_anchors(connection: Connection, anchors: Sequence[Anchor]) -> Mapping[Anchor, str | None]:
    """Give what the former chain's digest was where each anchor says; None where nobody can tell any more."""
    if not anchors:
        return {}
    wanted = {anchor.entries for anchor in anchors}
    found: dict[int, str | None] = {}
    names = {code.encode(): name.encode() for code, name in names_of(connection.execute).items()}
    # A name that was erased changes every digest from its first act on, and nothing tells any more which that was.
    is_renamed = any(name.startswith(ERASED) for name in names.values())
    count, digest, is_known = 0, FIRST_DIGEST.encode(), True
    for batch in raw_entries(connection):
        for number, at, code, action, subject, outcome, details, _, _, remainder, *_ in batch:
            is_known, count = is_known and remainder is None, count + 1
            digest = digest_of(digest, number, (at, names.get(code, b""), action, subject, outcome, details)).encode()
            if count in wanted:
                found[count] = digest.decode() if is_known else None
    return {
        anchor: None if is_renamed and found[anchor.entries] != anchor.digest else found[anchor.entries]
        for anchor in anchors
    }
