"""Passwords: hashed with argon2id, and checked in the same time whether or not there is an account."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tiffin.kernel.errors import InvalidData

MIN_LENGTH = 12
MAX_LENGTH = 512
"""Longer texts are refused before hashing: nobody types them, and hashing them costs."""


def hash_password(password: str) -> str:
    """Hash a new password.

    Raises
    ------
    InvalidData
        It is too short, too long, or one character over and over.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise InvalidData(
            f"A password needs {MIN_LENGTH} to {MAX_LENGTH} characters; found {len(password)}. "
            "A few unrelated words do well."
        )
    if len(set(password)) == 1:
        raise InvalidData(
            "A password of one character over and over is guessed at once. A few unrelated words do well."
        )
    return _hasher().hash(password)


def password_matches(hashed: str | None, password: str) -> bool:
    """Tell whether a password is the hashed one; without a hash the same work is done, and the answer is no."""
    try:
        _hasher().verify(hashed or _nobodys_hash(), password[: MAX_LENGTH + 1])
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash("nobody has this password")
