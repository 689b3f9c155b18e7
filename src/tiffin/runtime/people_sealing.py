"""Values of one person, sealed under the key of that person.

The seal is AES-256 in Galois counter mode. Its nonce is a keyed digest of what is sealed and of where it belongs, so
that the same value in the same place gives the same sealed text: loading the same rows again changes nothing. No two
different values share a nonce but by a collision of 96 bits under one person's key; what an onlooker learns is that a
value did not change.

References
----------
Dworkin, M. (2007). Recommendation for Block Cipher Modes of Operation: Galois/Counter Mode (GCM) and GMAC. NIST Special
Publication 800-38D, section 8.2.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tiffin.kernel.errors import InvalidData

NONCE_BYTES = 12


class Seal:
    """The key of one person, ready to seal and to open."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._nonces = blake2b(key, digest_size=32, person=b"tiffin nonces").digest()

    def sealed(self, place: str, values: Mapping[str, Any]) -> str:
        """Seal values that belong to one place; they open there and nowhere else."""
        plain = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8", "surrogatepass")
        where = place.encode("utf-8", "surrogatepass")
        marked = len(where).to_bytes(8, "big") + where + plain
        nonce = blake2b(marked, digest_size=NONCE_BYTES, key=self._nonces).digest()
        return b64encode(nonce + self._cipher.encrypt(nonce, plain, where)).decode()

    def opened(self, place: str, sealed: str) -> dict[str, Any]:
        """Open what was sealed at a place.

        Raises
        ------
        InvalidData
            It was sealed under another key or elsewhere, or was changed since.
        """
        try:
            whole = b64decode(sealed, validate=True)
            where = place.encode("utf-8", "surrogatepass")
            plain = self._cipher.decrypt(whole[:NONCE_BYTES], whole[NONCE_BYTES:], where)
        except (InvalidTag, ValueError) as error:
            raise InvalidData(
                f"The sealed values of {place} were expected to open under the person's key, and do not: they were "
                "sealed elsewhere or changed since. Load the rows again from their source."
            ) from error
        return dict(json.loads(plain))
