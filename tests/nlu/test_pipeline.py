"""The trained understanding as a whole: what a message becomes, and what needs no training."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.faq.bank import Bank, load_bank
from bot.faq.encoder import load_encoder
from bot.faq.evaluate import ask_all
from bot.faq.explain import explain
from bot.faq.publish import load_publication, publish
from bot.nlu.pipeline import Pipeline
from bot.text.clock import shanghai, utc_now
from bot.text.normalise import normalise
from tests.faq.test_retrieval import OFF_TOPIC

# Rasa and TensorFlow warn of their own matters when a model is loaded.
pytestmark = pytest.mark.filterwarnings("ignore")

ROOT = Path(__file__).parents[2]
# A busy machine is slow, not wrong.
PATIENCE = 30.0
MODEL = ROOT / "models" / "assistant.tar.gz"


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place of its own for publications, with the bank as it stands."""
    folder = tmp_path_factory.mktemp("var")
    (folder / "encoder").symlink_to(ROOT / "var" / "encoder")
    shutil.copytree(ROOT / "var" / "faq", folder / "faq")
    return folder


@pytest.fixture(scope="module")
def pipeline(var: Path) -> Pipeline:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BANKBOT_VAR_DIR", str(var))
        return Pipeline.load(MODEL)


def _publish(bank: Bank, folder: Path) -> None:
    publish(bank, folder / "faq", load_encoder(str(folder / "encoder")), OFF_TOPIC)


def test_a_new_topic_is_answered_without_training(pipeline: Pipeline, var: Path) -> None:
    """The classifier has never heard of it; the published entry is enough."""
    asked = "云杉熊猫联名金卡有哪些礼遇"
    assert pipeline.parse(asked)["routing"]["decision"] != "faq"
    bank = load_bank(ROOT / "data" / "faq")
    fresh = replace(
        bank.entries[0],
        id="credit.panda",
        question="云杉熊猫联名金卡有什么礼遇？",
        variants=("熊猫金卡的权益", "熊猫联名卡送什么", "熊猫卡礼遇是什么"),
        answer="熊猫联名金卡首年免年费。",
    )
    _publish(Bank((*bank.entries, fresh), {**bank.places, fresh.id: ""}), var)
    # A running pipeline takes a version up beside its turns.
    deadline = time.monotonic() + PATIENCE
    while (parse := pipeline.parse(asked))["routing"]["faq_id"] != fresh.id:
        assert time.monotonic() < deadline, "the new version was not taken up"
        time.sleep(0.1)
    assert parse["intent"]["name"] == "faq"
    assert parse["routing"]["faq_id"] == fresh.id
    assert parse["response_selector"]["faq"]["response"]["responses"][0]["text"] == fresh.answer


def test_a_follow_up_is_understood_by_the_question_before(pipeline: Pipeline) -> None:
    before = {"question": "借记卡年费怎么收", "faq_id": "debit.annual_fee"}
    parse = pipeline.parse("那信用卡呢？", before)
    assert parse["routing"]["reason"] == "follow_up_answered"
    assert parse["routing"]["faq_id"] == "credit.annual_fee"
    assert parse["intent"]["name"] == "faq"
    # Whoever asks for something to be done gets it done, whatever was asked before.
    doing = pipeline.parse("那帮我挂失吧", {"question": "挂失要收费吗", "faq_id": "loss.fee"})
    assert doing["intent"]["name"] == "report_card_loss"


def test_two_questions_get_two_answers(pipeline: Pipeline) -> None:
    parse = pipeline.parse("挂失收费吗？转账多久能到账？")
    assert parse["routing"]["faq_ids"] == ["loss.fee", "transfer.time"]
    (spoken,) = parse["response_selector"]["faq"]["response"]["responses"]
    assert [spoken["faq_id"], *(each["faq_id"] for each in spoken["also"])] == [
        "loss.fee",
        "transfer.time",
    ]


def test_try_box_evaluation_and_assistant_agree(pipeline: Pipeline, var: Path) -> None:
    folder, encoder = var / "faq", load_encoder(str(var / "encoder"))
    retriever, today = load_publication(folder, encoder), shanghai(utc_now()).date()
    asked = [each for entry in load_bank(ROOT / "data" / "faq").entries for each in entry.expected]
    answered = 0
    for text in asked[::37]:
        tried = explain(folder, encoder, text, today)
        (measured,) = ask_all(retriever, [(normalise(text), None)], today)
        parse = pipeline.parse(text)
        routing = parse["routing"]
        first = tried[0].candidates[0]
        assert tried[0].decision == measured.decision == routing["faq_decision"]
        assert first.entry_id == measured.ids[0] == routing["faq_id"]
        assert first.score == measured.scores[0]
        assert routing["faq_ids"] == [each.candidates[0].entry_id for each in tried]
        # Two questions in one message are routed by the less certain answer.
        assert routing["score"] == min(each.candidates[0].score for each in tried)
        if routing["decision"] == "faq":
            answered += 1
            (spoken,) = parse["response_selector"]["faq"]["response"]["responses"]
            assert spoken["text"] == tried[0].answer
            assert spoken["faq_version"] == tried[0].publication.version == retriever.version
    assert answered > len(asked[::37]) / 2


def test_a_log_line_can_explain_each_routing(pipeline: Pipeline) -> None:
    parse = pipeline.parse("帮我把丢了的卡挂失一下")
    routing = parse["routing"]
    assert (routing["decision"], routing["reason"]) == ("business", "intent_sure")
    assert routing["classifier"]["intent"] == "report_card_loss"
    assert 0 < routing["classifier"]["confidence"] <= 1


@pytest.mark.parametrize(
    ("doing", "intent", "asking"),
    [
        ("帮我挂失", "report_card_loss", "挂失要收费吗"),
        ("查余额", "check_balance", "怎么查余额"),
        ("给我妈转五百", "transfer_money", "转账一天最多转多少"),
        ("这笔帮我分12期", "apply_installment", "分期手续费怎么算"),
        ("我要投诉", "complaint", "投诉多久有结果"),
    ],
)
def test_asking_is_not_doing(pipeline: Pipeline, doing: str, intent: str, asking: str) -> None:
    assert pipeline.parse(doing)["intent"]["name"] == intent
    assert pipeline.parse(asking)["intent"]["name"] == "faq"


@pytest.mark.parametrize(
    "written", ["我要转账", "我要轉賬", "我要转帐", "wo yao zhuan zhang", "我要轉帳！！"]
)
def test_one_request_in_every_writing(pipeline: Pipeline, written: str) -> None:
    assert pipeline.parse(written)["intent"]["name"] == "transfer_money"


def test_what_is_denied_is_not_wanted(pipeline: Pipeline) -> None:
    parse = pipeline.parse("我不是要还款，我就想看看账单")
    assert parse["intent"]["name"] == "query_card_bill"


def test_an_unsure_request_keeps_what_was_said(pipeline: Pipeline) -> None:
    """Money is never guessed at: the choice carries amount and payee along."""
    from bot.nlu.offers import intent_offers

    parse = pipeline.parse("给小雨转500块")
    offers = intent_offers(parse["intent_ranking"], parse["entities"], 0.0)
    assert offers[0]["title"] == "转账"
    assert offers[0]["payload"].startswith('/transfer_money{"')
    assert '"amount": 50000' in offers[0]["payload"] and "小雨" in offers[0]["payload"]


@pytest.mark.parametrize("text", ["？", "😀", "a", "1", "。。。", "哈" * 500, "\u200b"])
def test_nothing_breaks_it(pipeline: Pipeline, text: str) -> None:
    assert pipeline.parse(text)["routing"]["decision"]


# What the greeting and the list of abilities offer, and what each of them is for.
OFFERED = {
    "查余额": "check_balance", "查最近的交易明细": "query_transactions",
    "我要挂失银行卡": "report_card_loss", "激活银行卡": "activate_card", "我要补换卡": "replace_card",
    "信用卡账单分期": "apply_installment", "查我的信用卡积分": "redeem_points",
    "我要申请贷款": "apply_loan", "查我的投诉进度": "complaint",
}  # fmt: skip


def test_every_quick_reply_of_the_greeting_does_what_it_says(pipeline: Pipeline) -> None:
    responses = YAML(typ="safe").load(ROOT / "domain.yml")["responses"]
    said = [
        each["payload"]
        for name in ("utter_greet", "utter_ask_bot")
        for each in responses[name][0]["buttons"]
        if not each["payload"].startswith("/")
    ]
    found = {text: pipeline.parse(text)["intent"]["name"] for text in said}
    assert found == {text: OFFERED[text] for text in said}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("新卡寄到哪了", "track_card"), ("新卡一直没收到", "track_card"),
        ("我补的那张卡怎么还没到", "track_card"), ("没收到卡，重新寄一张", "replace_card"),
        ("卡到期了", "replace_card"), ("卡快过期了，帮我换一张", "replace_card"),
        ("到期换卡", "replace_card"), ("新卡被人领走了，快挂失", "report_card_loss"),
        ("补卡要多久寄到", "faq"), ("新卡收到了，激活", "activate_card"),
        ("贷款办到哪一步了", "query_loan_progress"),
    ],
)  # fmt: skip
def test_a_new_card_on_its_way_is_no_other_matter_of_cards(
    pipeline: Pipeline, text: str, intent: str
) -> None:
    assert pipeline.parse(text)["intent"]["name"] == intent
