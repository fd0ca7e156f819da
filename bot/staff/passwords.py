"""Passwords: how they are kept, and what one must look like."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Callable

from bot.errors import Invalid

# 32 MiB and three passes, as OWASP's "Password Storage Cheat Sheet" advises for scrypt.
LOG2_COST, BLOCK, PASSES = 15, 8, 3
SALT_BYTES, HASH_BYTES = 16, 32
MEMORY_BYTES = 64 * 1024 * 1024

# Length is what counts (NIST SP 800-63B); the upper bound only keeps hashing cheap.
SHORTEST, LONGEST = 12, 128


def check_password(password: str, name: str) -> None:
    """Raises :class:`Invalid` for a password that must not be taken."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"密码要有 {SHORTEST} 到 {LONGEST} 个字符（现在 {len(password)} 个）")
    if name.casefold() in password.casefold() or len(set(password)) < 5:
        raise Invalid("密码太容易猜：不要含有账号名，也不要只用几个字符")


def hash_password(password: str, random_bytes: Callable[[int], bytes]) -> str:
    """``scrypt$<log2 of the cost>$<block>$<passes>$<salt>$<hash>``, both in base64."""
    salt = random_bytes(SALT_BYTES)
    found = _scrypt(password, salt, LOG2_COST, BLOCK, PASSES)
    numbers = f"scrypt${LOG2_COST}${BLOCK}${PASSES}"
    return f"{numbers}${b64encode(salt).decode()}${b64encode(found).decode()}"


def matches(password: str, kept: str) -> bool:
    """Whether ``kept`` was made of this password; takes as long either way."""
    _, cost, block, passes, salt, wanted = kept.split("$")
    found = _scrypt(password, b64decode(salt), int(cost), int(block), int(passes))
    return hmac.compare_digest(found, b64decode(wanted))


def _scrypt(password: str, salt: bytes, cost: int, block: int, passes: int) -> bytes:
    # One spelling, whatever keyboard typed it; half characters can't be encoded otherwise.
    typed = unicodedata.normalize("NFKC", password).encode(errors="surrogatepass")
    return hashlib.scrypt(
        typed, salt=salt, n=2**cost, r=block, p=passes, maxmem=MEMORY_BYTES, dklen=HASH_BYTES
    )
