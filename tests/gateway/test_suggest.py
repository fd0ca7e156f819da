"""Suggestions while typing: what matches, in which order, and what never leaves the bank."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import httpx
import pytest

from bot.faq.publication import CURRENT, ENTRIES
from bot.faq.suggest import LiveSuggester, Suggester, worth_matching
from bot.gateway.app import create_app
from bot.storage import Database
from tests.gateway.bank import entry, publish, small_bank
from tests.gateway.conftest import make_config, running
from tests.gateway.peers import Rasa, until

TODAY = date(2026, 3, 2)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def suggester() -> Suggester:
    return Suggester(small_bank())


def ids(suggester: Suggester, text: str, audience: str = "public") -> list[str]:
    return [each.id for each in suggester.suggest(text, TODAY, audience)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("信用卡年", "credit.fee"),
        ("限额", "transfer.limit"),
        ("卡不见", "loss.how"),
        ("转帐限额", "transfer.limit"),
        ("zhuanzhangduo", "transfer.time"),
        ("xyknf", "credit.fee"),
        ("xinykyq", "credit.overdue"),
        ("信用卡yuqi", "credit.overdue"),
        ("yinhangka", "loss.how"),
        ("tqhk", "credit.repay"),
        ("tiqianhuankuan", "credit.repay"),
        ("xin'yong'ka'nian'fei", "credit.fee"),
        ("ＸＹＫＮＦ", "credit.fee"),
        ("信用卡 年费", "credit.fee"),
        ("轉賬多久", "transfer.time"),
        ("我想提高一下转账限额", "transfer.limit"),
    ],
)
def test_characters_pinyin_initials_and_words_match(
    suggester: Suggester, text: str, first: str
) -> None:
    assert ids(suggester, text)[:1] == [first]


def test_a_beginning_comes_before_a_middle_and_a_question_before_a_variant(
    suggester: Suggester,
) -> None:
    assert ids(suggester, "转账")[:2] == ["transfer.time", "transfer.limit"]
    assert ids(suggester, "信用卡")[:2] == ["credit.fee", "credit.overdue"]
    # Only a variant of the one begins so, while the other's own question holds it.
    assert ids(suggester, "换手机") == ["mobile.new"]


@pytest.mark.parametrize(
    "text",
    ["", "卡", "  ", "？？", "12", "6222", "信用卡622202", "验证码 48 29 13", "１２３４５６是什么"]
    + ["138-0013-8000 转账", "转账" * 30, "今天天气怎么样", "(((", "\\d[", "\0\0\0"],
)
def test_what_is_no_beginning_of_a_question_has_no_suggestions(
    suggester: Suggester, text: str
) -> None:
    assert ids(suggester, text) == []


def test_long_numbers_are_told_from_amounts() -> None:
    assert worth_matching("转账50000元")
    assert not worth_matching("转账到6222 0202")


def test_at_most_five_and_each_once() -> None:
    many = [entry(f"many.{n}", f"转账问题之{n}？", f"转账{n}怎么办") for n in range(9)]
    found = ids(Suggester(many), "转账")
    assert len(found) == len(set(found)) == 5


def test_only_what_is_in_effect_for_the_audience() -> None:
    suggester = Suggester(
        small_bank(
            credit_fee={"expires": TODAY},
            credit_overdue={"effective": date(2026, 3, 3)},
            loss_how={"audience": "signed_in"},
            transfer_time={"status": "withdrawn"},
        )
    )
    assert ids(suggester, "信用卡") == []
    assert ids(suggester, "转账") == ["transfer.limit"]
    assert ids(suggester, "挂失") == []
    assert ids(suggester, "挂失", "signed_in") == ["loss.how"]


def test_a_new_publication_is_noticed_and_a_broken_one_is_not_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    live = LiveSuggester(tmp_path)
    assert ids(live.current(), "转账") == []
    publish(tmp_path, "1", small_bank())
    assert until(lambda: ids(live.current(), "转账"))
    same = live.current()
    assert live.current() is same
    publish(tmp_path, "2", [entry("new.one", "转账新规是什么？")])
    assert until(lambda: ids(live.current(), "转账") == ["new.one"])
    (publish(tmp_path, "3", []) / "3" / ENTRIES).write_text("[{")
    (tmp_path / CURRENT).touch()
    assert until(lambda: "cannot be read" in caplog.text or not live.current())
    assert ids(live.current(), "转账") == ["new.one"]


def test_the_gateway_loads_no_model() -> None:
    heavy = ("torch", "tensorflow", "rasa", "faiss", "numpy", "jieba", "spacy", "sklearn")
    program = (
        "import sys, bot.gateway.app; from bot.faq.suggest import Suggester;"
        "from tests.gateway.bank import small_bank; from datetime import date;"
        "assert Suggester(small_bank()).suggest('zhuanzhang', date(2026, 3, 2));"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


async def test_the_call(rasa: Rasa, db: Database, tmp_path: Path) -> None:
    folder = publish(tmp_path / "faq", "1", small_bank())
    config = make_config(rasa.url, faq_publications=folder, suggestions_per_minute=3)
    async with running(create_app(config, db)) as http:

        async def ask(**params: str) -> httpx.Response:
            return await http.get("/api/faq/suggest", params=params)

        assert (await ask(q="xyknf")).json() == {
            "questions": [{"id": "credit.fee", "question": "信用卡年费怎么收？"}]
        }
        assert (await ask(q="卡号6222020200112233445")).json() == {"questions": []}
        assert (await ask()).status_code == (await ask(q="x" * 201)).status_code == 422
        await ask(q="转账")
        refused = await ask(q="转账")
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_requests")
        assert int(refused.headers["Retry-After"]) > 0


async def test_without_a_publication_there_are_no_questions(http: httpx.AsyncClient) -> None:
    for path in ("/api/faq/suggest?q=转账", "/api/faq/hot"):
        answer = await http.get(path)
        assert (answer.status_code, answer.json()) == (200, {"questions": []})
