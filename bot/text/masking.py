"""Hiding customers' data: masks for what may be shown in part, removal for what may not be kept.

Classes after JR/T 0171-2020: C3 (passwords, CVN, one-time codes) is dropped, C2 (card, phone and
identity numbers, names) is masked.
"""

from __future__ import annotations

import re
import unicodedata

HIDDEN = "******"

# A telephone number by itself, or digits with the blanks and dashes that people put among them;
# neither the digits of a ticket (T…), a receipt (R…, or two letters, a day and six digits) nor those
# of a date and time.
_RUN = re.compile(
    r"(?<![\dTR])(?!(?<=[A-Z]{2})20\d{12}(?!\d))(?:1[3-9]\d{9}(?!\d)"
    r"|(?!20\d\d-\d\d?-\d\d?(?!\d))\d(?:[ \-—]?\d){8,}[xX]?(?!\d))"
)
_ID_LENGTHS = (15, 18)
_PHONE = re.compile(r"1[3-9]\d{9}")

_SECRET_NAME = (
    r"(?:(?:交易|支付|登录|登陆|取款|查询|银行卡|卡|我的|手机银行|网银)?(?:密[码碼]|口令)|"
    r"[Cc][Vv][VvNn]2?|安全[码碼]|[验驗][证證][码碼]|校验[码碼]|[动動][态態][码碼]|"
    r"后三位|有效期|pin码?|PIN码?|mima|yzm)"
)
_JOIN = r"(?:[^\d，。,.;；!！?？\n]{0,6}?)"
_IS = r"\s*(?:是|为|為|就是|:|：|=)\s*"
# 密码：abc12345 or 密码是八六四二一三; 密码 864213; 482913是验证码.
_SECRETS = (
    re.compile(
        rf"(?P<before>{_SECRET_NAME}{_IS})"
        r"(?P<secret>(?=\S*\d)[A-Za-z0-9!@#$%^&*_.\-]{5,20}|[零〇一二两三四五六七八九幺]{4,8})"
    ),
    re.compile(
        rf"(?P<before>{_SECRET_NAME}{_JOIN}[:：]?\s*)(?P<secret>\d[\d \-]{{1,10}}\d)"
        r"(?![\d]*\s*[次天年月日个位分秒元块])"
    ),
    re.compile(rf"(?P<secret>(?<!\d)\d{{4,8}})(?P<after>\s*(?:就?是)(?:我的?)?{_SECRET_NAME})"),
)


def mask_card(number: str) -> str:
    """``6222020200112233445`` as ``622202*********3445``: first six and last four at most."""
    if len(number) <= 4:
        return number
    head = 6 if len(number) >= 13 else 0
    return number[:head] + "*" * (len(number) - head - 4) + number[-4:]


def mask_phone(number: str) -> str:
    """``13812345678`` as ``138****5678``."""
    if len(number) < 7:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def mask_id(number: str) -> str:
    """An identity number with everything between the first three and last two hidden."""
    if len(number) < 5:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 5) + number[-2:]


def mask_name(name: str) -> str:
    """``张伟`` as ``*伟``, ``欧阳小明`` as ``***明``: only the last character stays."""
    return "*" * (len(name) - 1) + name[-1] if name else name


def mask_address(address: str) -> str:
    """``云杉市滨江区文华路18号502室`` as ``云杉市滨江区文华路****``: the street stays."""
    street = re.match(r".+?(?:[路街道巷村镇]|大道)(?=[\d\s甲乙东西南北])", address)
    return (street.group() if street else address[:6]) + "****"


def mask_text(text: str) -> str:
    """Running text with every card, account, phone and identity number masked."""
    return _RUN.sub(lambda match: _mask_number(match.group()), _ascii_digits(text))


def drop_secrets(text: str) -> tuple[str, bool]:
    """Take passwords, security codes and one-time codes out; whether there were any.

    The digits are replaced, so neither log nor model ever sees them.
    """
    cleaned = _ascii_digits(text)
    total = 0
    for pattern in _SECRETS:
        cleaned, count = pattern.subn(_hide, cleaned)
        total += count
    return (cleaned, True) if total else (text, False)


def _hide(match: re.Match[str]) -> str:
    parts = match.groupdict(default="")
    return parts.get("before", "") + HIDDEN + parts.get("after", "")


def _mask_number(found: str) -> str:
    digits = re.sub(r"[ \-—]", "", found)
    if _PHONE.fullmatch(digits):
        return mask_phone(digits)
    if len(digits) in _ID_LENGTHS and _looks_like_id(digits):
        return mask_id(digits)
    return mask_card(digits)


def _looks_like_id(digits: str) -> bool:
    """Whether an 18-digit number holds a plausible birthday where an identity number has one."""
    if len(digits) == 15:
        return digits[8:10] <= "12"
    return digits[6:8] in ("19", "20") and digits[10:12] <= "12" and digits[12:14] <= "31"


def _ascii_digits(text: str) -> str:
    """Full-width and other decimal digits as ASCII ones, character by character."""
    return "".join(
        str(unicodedata.digit(c)) if not c.isascii() and unicodedata.category(c) == "Nd" else c
        for c in text
    )
