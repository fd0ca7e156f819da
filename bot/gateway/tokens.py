"""Who may speak: conversation tokens that we sign, customer tokens that the bank's app signs."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from bot.errors import ConfigError
from bot.gateway.errors import ApiError
from bot.text.clock import Clock

AUDIENCE = "bankbot"
ALGORITHMS = ("HS256", "RS256", "ES256")
# Two machines' clocks differ by a little; a token is not refused for that.
LEEWAY = timedelta(seconds=30)
CUSTOMER_ID_MAX_CHARS = 64
_BEARER = {"WWW-Authenticate": "Bearer"}


def derive_key(secret: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose, so that what one signs is worthless to another."""
    return hmac.new(secret, purpose.encode(), hashlib.sha256).digest()


@dataclass(frozen=True)
class Grant:
    """What a conversation token allows, and until when."""

    conversation_id: str
    expires_at: datetime


class ConversationTokens:
    """Signs and reads conversation tokens (JWT, HS256; ``sub`` is the conversation id).

    Args:
        secret: the project's secret; a key of its own is derived from it.
        ttl: life of a token.
        clock: where "now" comes from.
    """

    def __init__(self, secret: bytes, ttl: timedelta, clock: Clock) -> None:
        self._key = derive_key(secret, "conversation-token")
        self._ttl = ttl
        self._clock = clock

    def issue(self, conversation_id: str) -> tuple[str, Grant]:
        """A fresh token for a conversation."""
        expires_at = (self._clock() + self._ttl).replace(microsecond=0)
        claims = {"sub": conversation_id, "aud": "conversation", "exp": expires_at}
        return jwt.encode(claims, self._key, "HS256"), Grant(conversation_id, expires_at)

    def verify(self, token: str | None) -> Grant:
        """Read a token.

        Raises:
            ApiError: 401 ``token_missing``, ``token_invalid`` or ``token_expired``.
        """
        if not token:
            raise ApiError(401, "token_missing", "会话没有打开，请刷新页面重新开始。", _BEARER)
        claims = _claims(
            token,
            self._key,
            "HS256",
            "conversation",
            "token_invalid",
            "会话已失效，请刷新页面重新开始。",
        )
        expires_at = _time(claims["exp"])
        if self._clock() >= expires_at:
            raise ApiError(401, "token_expired", "会话已过期，请刷新页面重新开始。", _BEARER)
        return Grant(claims["sub"], expires_at)


class CustomerTokens:
    """Reads the tokens with which the bank's app names its customer.

    The token is a JWT for audience ``bankbot`` with ``sub`` (the customer id) and ``exp``.

    Args:
        key: the shared secret for HS256, the PEM public key for RS256 and ES256.
        algorithm: the only algorithm accepted; a token cannot choose.
        clock: where "now" comes from.

    Raises:
        ConfigError: the algorithm is unknown or the key does not fit it.
    """

    def __init__(self, key: str, algorithm: str, clock: Clock) -> None:
        if algorithm not in ALGORITHMS:
            raise ConfigError(
                f"BANKBOT_CUSTOMER_JWT_ALGORITHM is {algorithm!r}: use {', '.join(ALGORITHMS)}"
            )
        _check_key(key, algorithm)
        self._key = key
        self._algorithm = algorithm
        self._clock = clock

    def verify(self, token: str) -> str:
        """The customer id that a token vouches for.

        Raises:
            ApiError: 401 ``customer_token_invalid`` or ``customer_token_expired``.
        """
        claims = _claims(
            token,
            self._key,
            self._algorithm,
            AUDIENCE,
            "customer_token_invalid",
            "登录信息无效，请重新登录。",
        )
        now = self._clock()
        starts = claims.get("nbf", 0)
        if not isinstance(starts, int | float) or now + LEEWAY < _time(starts):
            raise _refused("customer_token_invalid", "登录信息无效，请重新登录。")
        if now >= _time(claims["exp"]) + LEEWAY:
            raise _refused("customer_token_expired", "登录已过期，请重新登录。")
        if len(claims["sub"]) > CUSTOMER_ID_MAX_CHARS:
            raise _refused("customer_token_invalid", "登录信息无效，请重新登录。")
        return str(claims["sub"])

    def sign(self, customer_id: str, ttl: timedelta) -> str:
        """A token as the bank's app would make it; for demo customers.

        Raises:
            ConfigError: the key is a public one, which can only verify.
        """
        if self._algorithm != "HS256":
            raise ConfigError(
                "demo mode signs its customers itself: leave BANKBOT_CUSTOMER_JWT_ALGORITHM at HS256"
            )
        claims = {"sub": customer_id, "aud": AUDIENCE, "exp": self._clock() + ttl}
        return jwt.encode(claims, self._key, "HS256")


def bearer(header: str | None) -> str | None:
    """The token in an ``Authorization`` header, or ``None`` if there is no header.

    Raises:
        ApiError: 401 ``token_invalid`` if the header is of another kind.
    """
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _refused("token_invalid", "请求的凭证格式不正确。")
    return token.strip()


def _claims(
    token: str, key: str | bytes, algorithm: str, audience: str, code: str, message: str
) -> Mapping[str, Any]:
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=audience,
            # Times are checked by the caller against the clock that was passed in.
            options={
                "require": ["exp", "sub", "aud"],
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
        _time(claims["exp"])
    except (jwt.InvalidTokenError, TypeError, ValueError, OverflowError, OSError):
        raise _refused(code, message) from None
    if not claims["sub"]:
        raise _refused(code, message)
    return claims


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)


def _refused(code: str, message: str) -> ApiError:
    return ApiError(401, code, message, _BEARER)


def _check_key(key: str, algorithm: str) -> None:
    if algorithm == "HS256":
        if len(key) < 32:
            raise ConfigError(
                f"BANKBOT_CUSTOMER_JWT_KEY has {len(key)} characters: HS256 needs at least 32"
            )
        return
    try:
        load_pem_public_key(key.encode())
    except ValueError:
        raise ConfigError(
            f"BANKBOT_CUSTOMER_JWT_KEY is no PEM public key, which {algorithm} needs"
        ) from None
