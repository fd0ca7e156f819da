"""Several requests in one message, told apart by the trained understanding itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.events import ActiveLoop, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.pieces import cut
from bot.nlu.pipeline import Pipeline
from bot.nlu.requests import DROPPED, NOW, THEN, find_requests, pending, waiting
from bot.text.normalise import normalise

# Rasa and TensorFlow warn of their own matters when a model is loaded.
pytestmark = pytest.mark.filterwarnings("ignore")

MODEL = Path(__file__).parents[2] / "models" / "assistant.tar.gz"


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline.load(MODEL)


THEN_OR_ALSO = [
    ("查一下余额，然后给张伟转500", ["查一下余额", "给张伟转500"]),
    ("先查一下余额再转500给李梅", ["先查一下余额", "转500给李梅"]),
    ("给李梅转500，再给王建国转300", ["给李梅转500", "给王建国转300"]),
    ("查8866的余额，再查一下2001的余额", ["查8866的余额", "查一下2001的余额"]),
    ("给李梅转500，备注房租，然后查余额", ["给李梅转500，备注房租", "查余额"]),
    ("查信用卡账单，另外转账限额是多少", ["查信用卡账单", "转账限额是多少"]),
    ("查余额。挂失尾号2001的卡", ["查余额", "挂失尾号2001的卡"]),
    (
        "查一下余额，再看看上个月的明细，最后给李梅转200",
        ["查一下余额", "看看上个月的明细", "给李梅转200"],
    ),
    ("给李梅转300，再帮我交电费", ["给李梅转300", "帮我交电费"]),
    ("请帮我查一下余额，然后请转500给李梅", ["请帮我查一下余额", "请转500给李梅"]),
    ("对了，查余额，顺便查积分", ["查余额", "查积分"]),
]
# With a comma alone; each is a command that needs nothing of the other.
BY_COMMA = """
查余额，转500给张伟
查一下余额，给李梅转500
帮我查余额，转200给王芳
转500给张伟，查一下余额
给张伟转500，查余额
查信用卡账单，转500给李梅
查一下这个月账单，还信用卡3000
查积分，查余额
查余额，查一下上个月的明细
交电费，查余额
交200块电费，给李梅转500
还信用卡，查余额
挂失尾号2001的卡，查一下尾号8866的余额
冻结尾号2001的账户，查余额
查余额，交水费
看看余额，转一千给王芳
我要还信用卡，转500给李梅
查贷款进度，查余额
给我妈转两千，查信用卡账单
给李梅转500，帮我交一下电费
我想查余额，我要转500给张伟
充话费100，查余额
查余额,转500給張偉
查明细，交燃气费
查最近三笔交易，还信用卡全额
兑换积分，查信用卡账单
查余额，申请消费贷10万
查余额，查积分，转500给李梅
"""
WHOLE = """
给李梅转500，从8866转，备注房租
转500给李梅，不对，转给王建国
我的卡丢了，然后怎么办
我要挂失，另外转人工
卡里还有多少钱
工资到底发没发，我等着再还房贷呢
挂失收费吗？多久能补卡？
转500给张伟，余额够吗
转500给张伟，看看余额够不够
帮我挂失，卡号尾号8866
给房东转3000，交房租
转2000给我妈，交电费
转500给张伟，还他钱
转3000给我老婆，还信用卡
我要贷款20万，算一下月供
我要贷款20万，分3年还
帮我挂失，补一张新卡
卡丢了，帮我挂失
卡丢了，冻结账户
挂失这张卡，冻结账户
查一下转给张伟的那笔，看看到账没有
给张伟转500，备注房租
给张伟转500，从工资卡扣
转500给张伟，看看手续费多少
转500给张伟，查一下到账时间
撤销刚才的转账，转给李梅
我查过余额，转了500没成功
查余额，余额不够就不转了
还信用卡，还最低还款额
账单分12期，算一下利息
取消转账，不转了
转500给张伟，不要转给李伟
查一下余额，是不是少了500
查余额，够的话转500给张伟
给李梅转500，今天转
信用卡账单还3000，用8866还
交电费200，户号1234567890
查一下尾号8866的余额，2001的也看看
我要转账，转给李梅500
还款3000，转账还
我想提额，提高到5万
办理激活，激活新卡
补办新卡，查一下工本费
查一下上个月的明细，打车的那些
打500给张伟，打到他农行卡
我妈要看病，转5000给她
查余额，怎么少了
申请贷款，查一下利率
查余额，谢谢
还款日快到了吧，看看要还多少
"""
# What is said while a form asks something: what it hears, what follows at once, what follows later.
IN_A_FORM = [
    ("transfer_money", "给张伟转500，顺便查下余额", ("给张伟转500", ["查下余额"], [])),
    ("transfer_money", "500，另外帮我查下信用卡账单", ("500", ["帮我查下信用卡账单"], [])),
    ("transfer_money", "500，查下余额", ("500", ["查下余额"], [])),
    ("transfer_money", "确认，然后查一下余额", ("确认", [], ["查一下余额"])),
    ("transfer_money", "李梅，另外帮我交电费", ("李梅", [], ["帮我交电费"])),
    ("transfer_money", "算了不转了，帮我查余额", ("算了不转了", ["帮我查余额"], [])),
    (
        "transfer_money",
        "尾号8866的，备注房租，另外查余额",
        ("尾号8866的，备注房租", ["查余额"], []),
    ),
    ("transfer_money", "好的，对了转账限额是多少", ("好的", ["转账限额是多少"], [])),
    # What is looked up first is no answer, and what follows it is.
    ("transfer_money", "查一下余额，然后转500", ("查一下余额", ["转500"], [])),
    ("transfer_money", "转300给王芳，再给李梅转200", ("转300给王芳", [], ["给李梅转200"])),
    ("repay_card", "全部还清，然后给李梅转500", ("全部还清", [], ["给李梅转500"])),
    # The form is left for it.
    ("repay_card", "给李梅转500，顺便查下余额", ("给李梅转500", [], ["查下余额"])),
    ("report_card_loss", "确认，然后补一张新卡", ("确认", [], ["补一张新卡"])),
    ("report_card_loss", "尾号8866，顺便查2001的余额", ("尾号8866", ["查2001的余额"], [])),
    ("pay_bill", "电费，户号1234567890，另外查余额", ("电费，户号1234567890", ["查余额"], [])),
    ("apply_loan", "装修，另外查一下余额", ("装修", ["查一下余额"], [])),
    ("transfer_money", "500，备注房租", None),
    ("transfer_money", "不对，改成300", None),
    ("transfer_money", "500，余额够吗", None),
    ("transfer_money", "500，另外转人工", None),
    ("transfer_money", "转给李梅，500，从8866扣", None),
    ("transfer_money", "我妈住院了急着用钱。手续费能免吗", None),
    # A customer tells a story there.
    ("opinion", "柜员态度差，另外我想查一下余额", None),
    ("dispute_transaction", "不是我买的，然后查一下余额", None),
]


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


@pytest.mark.parametrize(("text", "requests"), THEN_OR_ALSO)
async def test_one_after_the_other(pipeline: Pipeline, text: str, requests: list[str]) -> None:
    asked = await find_requests(normalise(text), _parse(pipeline))
    assert [asked.first, *asked.now, *asked.later] == requests


@pytest.mark.parametrize("text", lines(BY_COMMA))
async def test_commands_parted_by_a_comma(pipeline: Pipeline, text: str) -> None:
    text = normalise(text)
    asked = await find_requests(text, _parse(pipeline))
    assert [asked.first, *asked.later] == text.split(",")


@pytest.mark.parametrize("text", lines(WHOLE))
async def test_one_request_stays_whole(pipeline: Pipeline, text: str) -> None:
    text = normalise(text)
    assert await find_requests(text, _parse(pipeline)) == (text, (), ())


@pytest.mark.parametrize(("form", "text", "asked"), IN_A_FORM)
async def test_inside_a_form(pipeline: Pipeline, form: str, text: str, asked: Any) -> None:
    text = normalise(text)
    first, now, later = await find_requests(text, _parse(pipeline), form)
    assert (first, list(now), list(later)) == (asked or (text, [], []))


@pytest.mark.parametrize(
    "text", ["查余额", "给张伟转500，备注房租", "不对，改成300", "500，备注饭钱"]
)
async def test_a_message_without_a_second_request_is_not_parsed_for_it(text: str) -> None:
    async def parse(piece: str) -> dict[str, Any]:
        raise AssertionError(f"{piece} was parsed")

    for form in (None, "transfer_money"):
        assert (await find_requests(text, parse, form)).first == text


@given(
    st.lists(
        st.sampled_from(["，", "。", "然后", "顺便", "查余额", "转500给李梅", "够吗", "啊", "8"])
    )
)
def test_pieces_are_words_of_the_message_in_order(parts: list[str]) -> None:
    text, place = "".join(parts), 0
    for piece in cut(text):
        assert piece.text
        place = text.index(piece.text, place) + len(piece.text)


def _parse(pipeline: Pipeline) -> Any:
    async def parse(text: str) -> dict[str, Any]:
        from rasa.core.channels.channel import UserMessage

        found: dict[str, Any] = await pipeline._agent.processor.parse_message(UserMessage(text))
        return found

    return parse


FIRST = UserUttered("给李梅转500", metadata={THEN: ["查余额"]})
FORM = ActiveLoop("transfer_money_form")
BESIDE = UserUttered("500", metadata={NOW: ["查账单"], THEN: ["查余额"]})


@pytest.mark.parametrize(
    ("events", "rest"),
    [
        ([FIRST], ["查余额"]),
        ([FIRST, FORM], []),
        ([FIRST, FORM, UserUttered("五百"), ActiveLoop(None)], ["查余额"]),
        ([FIRST, UserUttered("查余额", metadata={THEN: []})], []),
        ([FIRST, SlotSet(DROPPED, True)], []),
        ([SlotSet(DROPPED, True), FIRST], ["查余额"]),
        ([FIRST, SessionStarted()], []),
        ([], []),
        # What a form allows follows at once; the rest waits for its end.
        ([BESIDE, FORM], ["查账单"]),
        ([BESIDE, FORM, UserUttered("查账单", metadata={NOW: [], THEN: ["查余额"]})], []),
        ([FORM, BESIDE, SlotSet(DROPPED, True)], []),
    ],
)
def test_what_is_still_to_be_done(events: list[Event], rest: list[str]) -> None:
    tracker = DialogueStateTracker.from_events("c", events)
    following = waiting(tracker)
    assert [following.text if following else None] == (rest or [None])


def test_what_was_asked_for_before_stays_asked_for() -> None:
    tracker = DialogueStateTracker.from_events("c", [FIRST, FORM, BESIDE])
    following = waiting(tracker)
    assert following == ("查账单", {NOW: [], THEN: ["查余额"]}, 2)
    assert pending(tracker) == ["查余额"]
