"""What happens to a customer's message before it is on disk.

Secrets never get there: a one-time code that was asked for is sealed and travels as a
reference, passwords and card security codes are struck out.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import unicodedata
from datetime import timedelta

from bot.conversations.log import Message, MessageLog
from bot.conversations.sealed import SealedInputs
from bot.conversations.uploads import Uploads
from bot.errors import Conflict, NotFound
from bot.gateway.errors import ApiError
from bot.gateway.tokens import derive_key
from bot.storage import Database
from bot.text.masking import drop_secrets

CODE_SHOWN = "（验证码已安全提交）"
# "123 456", "１２３４５６", "验证码是：123456。" once blanks are gone and NFKC is applied.
_CODE = re.compile(
    r"(?:我的)?(?:短信)?(?:验证码|校验码|动态码|code)?(?:是|为)?:?(\d{4,8})[。.!]?", re.I
)
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_BLANKS = re.compile(r"[\s\-]+")
# A whole application's papers come many times over.
MOST_FILES_A_DAY = 100
A_DAY = timedelta(days=1)
# The question for a code stands in the last few messages or has been passed by.
_TAIL = 20


class Inbox:
    """Receives messages into the log.

    Args:
        secret: keys the fingerprint by which a repeated ``client_id`` is told from a reused one.
    """

    def __init__(
        self,
        db: Database,
        log: MessageLog,
        sealed: SealedInputs,
        uploads: Uploads,
        secret: bytes,
    ) -> None:
        self._db = db
        self._log = log
        self._sealed = sealed
        self._uploads = uploads
        self._key = derive_key(secret, "message-fingerprint")

    def text(self, conversation_id: str, text: str, client_id: str) -> tuple[Message, bool]:
        """Receive typed text, already cleaned; a repeat gives the stored message and ``False``.

        Raises:
            ApiError: 409 ``client_id_reused``.
        """
        fingerprint = self._fingerprint("text", text)
        with self._db.begin():
            code = one_time_code(text)
            if code is None or not self._code_is_asked(conversation_id):
                stored, _ = drop_secrets(text)
                return self._receive(conversation_id, stored, client_id, None, fingerprint)
            ref = self._sealed.seal(conversation_id, code)
            payload = "/inform" + json.dumps({"code_ref": ref})
            message, new = self._receive(
                conversation_id, CODE_SHOWN, client_id, payload, fingerprint
            )
            if not new:
                self._sealed.open(conversation_id, ref)
            return message, new

    def choice(self, conversation_id: str, value: str, client_id: str) -> tuple[Message, bool]:
        """Receive a pressed quick reply; a repeat gives the stored message and ``False``.

        Raises:
            ApiError: 409 ``quick_reply_stale`` or ``client_id_reused``, 422 ``quick_reply_unknown``.
        """
        fingerprint = self._fingerprint("quick_reply", value)
        with self._db.begin():
            try:
                chosen = self._log.quick_reply(conversation_id, value)
            except NotFound:
                raise ApiError(
                    422, "quick_reply_unknown", "没有这个选项，请直接输入您的问题。"
                ) from None
            except Conflict:
                # Pressing a button makes it stale, so a retry of that very press comes here.
                return self._pressed_before(conversation_id, value, client_id, fingerprint), False
            return self._receive(
                conversation_id, chosen.title, client_id, chosen.payload, fingerprint
            )

    def file(
        self,
        conversation_id: str,
        customer_id: str,
        name: str,
        media_type: str,
        content: bytes,
        client_id: str,
    ) -> tuple[Message, bool]:
        """Receive a file, already checked; a repeat gives the stored message and ``False``.

        Raises:
            ApiError: 409 ``client_id_reused``, 429 ``too_many_files``.
        """
        fingerprint = self._fingerprint("file", f"{name}\0{hashlib.sha256(content).hexdigest()}")
        upload_id = secrets.token_hex(16)
        payload = "/upload_file" + json.dumps({"upload": upload_id})
        shown = f"［文件］{name}（{_size(len(content))}）"
        with self._db.begin():
            message, new = self._receive(conversation_id, shown, client_id, payload, fingerprint)
            if new:
                if self._uploads.count(customer_id, A_DAY) >= MOST_FILES_A_DAY:
                    raise ApiError(
                        429, "too_many_files", "今天上传的文件太多了，请明天再传或联系人工客服。"
                    )
                self._uploads.keep(
                    upload_id, conversation_id, customer_id, name, media_type, content
                )
        return message, new

    def _pressed_before(
        self, conversation_id: str, value: str, client_id: str, fingerprint: str
    ) -> Message:
        offered_at = int(value.partition(".")[0])
        for message in self._log.after(conversation_id, offered_at):
            if message.client_id == client_id:
                return self._receive(
                    conversation_id, message.text, client_id, message.payload, fingerprint
                )[0]
        raise ApiError(
            409, "quick_reply_stale", "这个选项已经过期，请从最新的消息里选择，或直接输入。"
        )

    def _receive(
        self,
        conversation_id: str,
        text: str,
        client_id: str,
        payload: str | None,
        fingerprint: str,
    ) -> tuple[Message, bool]:
        try:
            return self._log.receive(
                conversation_id, text, client_id, payload=payload, body_hash=fingerprint
            )
        except Conflict:
            raise ApiError(
                409, "client_id_reused", "这个 client_id 已用于另一条消息，请换一个再发。"
            ) from None

    def _code_is_asked(self, conversation_id: str) -> bool:
        """Whether the latest thing said to the customer asks for a one-time code."""
        start = max(0, self._log.last_seq(conversation_id) - _TAIL)
        answered = False
        for message in reversed(self._log.after(conversation_id, start)):
            if message.role == "customer":
                if answered:
                    return False
                continue
            answered = True
            if (message.card or {}).get("type") == "one_time_code":
                return True
        return False

    def _fingerprint(self, kind: str, body: str) -> str:
        # Keyed: a plain hash of six digits would give the code away in a million guesses.
        return hmac.new(self._key, f"{kind}\0{body}".encode(), hashlib.sha256).hexdigest()


def _size(count: int) -> str:
    """``1.2 MB``, ``356 KB``."""
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f} MB"
    return f"{max(1, round(count / 1000))} KB"


def one_time_code(text: str) -> str | None:
    """The 4 to 8 digits that a text consists of, however they were typed."""
    bare = _BLANKS.sub("", unicodedata.normalize("NFKC", text)).translate(_CHINESE_DIGITS)
    found = _CODE.fullmatch(bare)
    return found[1] if found else None
