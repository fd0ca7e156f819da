"""Signed webhooks after the Standard Webhooks specification (standardwebhooks.com, 1.0).

Headers ``webhook-id``, ``webhook-timestamp`` (seconds) and ``webhook-signature``, which is
``v1,`` and the base64 of an HMAC-SHA256 of ``id.timestamp.body``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from bot.errors import ConfigError, Forbidden

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
# An older or newer message is refused, so that a stolen one is of no use for long.
TOLERANCE = timedelta(minutes=5)
# HMAC-SHA256 gains nothing below its own length (RFC 2104, section 3).
MIN_KEY_BYTES = 32


class Signer:
    """Signs what goes out and checks what comes in, with one key both sides have."""

    def __init__(self, key: bytes) -> None:
        if len(key) < MIN_KEY_BYTES:
            raise ConfigError(f"签名密钥只有 {len(key)} 字节：至少 {MIN_KEY_BYTES} 字节")
        self._key = key

    def headers(self, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
        """The three headers of a message."""
        timestamp = str(int(now.timestamp()))
        return {
            ID: message_id,
            TIMESTAMP: timestamp,
            SIGNATURE: self._sign(message_id, timestamp, body),
        }

    def check(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """The id of a message that the other side signed lately.

        Raises:
            Forbidden: it is not signed with the key, or not lately.
        """
        message_id, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
        given = headers.get(SIGNATURE, "").split()
        expected = self._sign(message_id, timestamp, body)
        # While a key is being replaced there are several signatures.
        if not any(hmac.compare_digest(each.encode(), expected.encode()) for each in given):
            raise Forbidden("签名不对")
        sent = datetime.fromtimestamp(int(timestamp), timezone.utc)
        if abs(now - sent) > TOLERANCE:
            raise Forbidden("消息过期了，请核对两边的时钟")
        return message_id

    def _sign(self, message_id: str, timestamp: str, body: bytes) -> str:
        signed = f"{message_id}.{timestamp}.".encode() + body
        digest = hmac.new(self._key, signed, hashlib.sha256).digest()
        return f"v1,{base64.b64encode(digest).decode()}"
