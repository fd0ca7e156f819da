"""Customers' numbers and secrets do not get where they must not be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.masking import HIDDEN, drop_secrets, mask_address, mask_name, mask_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("卡号6222020200112233445", "卡号622202*********3445"),
        ("6222 0202 0011 2233 445", "622202*********3445"),
        ("电话１３８１２３４５６７８", "电话138****5678"),
        ("13812345678 13987654321", "138****5678 139****4321"),
        ("身份证11010119900307123X", "身份证110*************3X"),
        ("2026-03-02 10:22:33 转了300", "2026-03-02 10:22:33 转了300"),
        ("工单T20260302-0001", "工单T20260302-0001"),
        ("编号TF20260302000017办了吗", "编号TF20260302000017办了吗"),
        ("ICBC6222020200112233445", "ICBC622202*********3445"),
        ("尾号8866", "尾号8866"),
    ],
)
def test_numbers_are_masked(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@given(st.integers(10**15, 10**19 - 1), st.sampled_from(["", " ", "-"]))
def test_no_card_number_survives(number: int, between: str) -> None:
    digits = str(number)
    written = between.join(digits[i : i + 4] for i in range(0, len(digits), 4))
    shown = mask_text(f"我的卡是{written}，查余额")
    assert digits not in shown.replace(" ", "").replace("-", "")
    assert "*" * (len(digits) - 10) in shown


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("我的密码是864213", "864213"),
        ("密码：abc12345", "abc12345"),
        ("密码是八六四二一三", "八六四二一三"),
        ("密碼864213", "864213"),
        ("验证码 482 913", "482 913"),
        ("482913是验证码", "482913"),
        ("CVV是123", "123"),
        ("卡背面的安全码３２１", "321"),
    ],
)
def test_secrets_are_struck_out(text: str, secret: str) -> None:
    kept, found = drop_secrets(text)
    assert found
    assert secret not in kept
    assert HIDDEN in kept


@pytest.mark.parametrize(
    "text", ["密码忘了怎么办", "密码输错3次会锁吗", "验证码多久过期", "转账500"]
)
def test_talk_about_secrets_stays(text: str) -> None:
    assert drop_secrets(text) == (text, False)


def test_names() -> None:
    assert (mask_name("张伟"), mask_name("欧阳小明"), mask_name("")) == ("*伟", "***明", "")


def test_of_an_address_the_street_stays() -> None:
    assert mask_address("云杉市滨江区文华路18号3栋502室") == "云杉市滨江区文华路****"
    assert mask_address("云杉市高新区创业大道66号2栋") == "云杉市高新区创业大道****"
    assert mask_address("云杉市某处") == "云杉市某处****"
