"""A loan application: filled in, left, resumed, submitted, its papers handed in, taken back."""

from __future__ import annotations

import secrets

import pytest

from bot.banking.finance import equal_instalments
from bot.banking.models import LoanApplication, yuan
from bot.banking.stub.faults import Faults
from bot.banking.stub.loan_products import PRODUCTS
from bot.storage import Database
from tests.actions.talk import Begin, Talk
from tests.conftest import Hands

APPLY, RESUME, PAPERS, WITHDRAW = "apply_loan", "resume_loan", "loan_materials", "withdraw_loan"


def mine(talk: Talk) -> list[LoanApplication]:
    return talk.services.bank.loans.applications(talk.customer_id)


def filled(talk: Talk, said: str = "申请消费贷10万分24个月，用于装修，月入1万5") -> Talk:
    """Up to the consent."""
    talk.say(said, APPLY)
    assert talk.asked == "credit_consent", (talk.asked, talk.told)
    return talk


def submitted(talk: Talk) -> str:
    filled(talk).press("同意授权")
    talk.press("确认贷款申请")
    return talk.code()


def upload(talk: Talk, name: str = "身份证.jpg") -> str:
    """A file as the gateway hands it to the assistant."""
    upload_id = secrets.token_hex(16)
    talk.services.uploads.keep(
        upload_id, talk.conversation, talk.customer_id, name, "image/jpeg", b"\xff\xd8\xff"
    )
    return talk.sent(f'/upload_file{{"upload": "{upload_id}"}}')


# ── filling in ───────────────────────────────────────────────────────────────


def test_step_by_step_to_the_number_and_the_list_of_papers(talk: Begin) -> None:
    zhang = talk()
    assert "哪一种贷款" in zhang.say("我要贷款", APPLY)
    zhang.press("云杉消费贷")
    assert "¥1,000.00 到 ¥300,000.00" in zhang.told[-1]["text"]
    zhang.say("十万")
    assert zhang.asked == "loan_months"
    zhang.press("24 个月")
    assert zhang.asked == "loan_purpose"
    zhang.press("装修")
    assert zhang.asked == "loan_income"
    zhang.say("一万五")
    assert zhang.asked == "credit_consent" and "信用报告" in zhang.told[-1]["text"]
    zhang.press("同意授权")
    plan = equal_instalments(10_000_000, PRODUCTS["consumer"].annual_rate, 24)
    rows = dict(zhang.card("confirm")["rows"])
    assert rows["贷款产品"] == "云杉消费贷" and rows["贷款金额"] == "¥100,000.00"
    assert rows["期限"] == "24 个月（2 年）" and rows["还款方式"] == "等额本息"
    assert rows["贷款用途"] == "装修" and rows["月收入"] == "¥15,000.00"
    assert rows["征信授权"] == "已同意查询征信" and rows["年利率"] == "4.80%"
    assert rows["等额本息 每月还"] == yuan(plan[0].total)
    assert rows["等额本息 总利息"] == yuan(sum(each.interest for each in plan))
    zhang.press("确认贷款申请")
    assert zhang.asked == "code_ref"
    answer = zhang.code()
    [sent] = mine(zhang)
    assert sent.status == "missing_materials" and sent.credit_consent
    assert f"申请编号 {sent.number}" in answer and "还差 3 项材料" in answer
    assert dict(zhang.card("receipt")["rows"])["状态"] == "待补材料"
    assert zhang.card("receipt")["title"] == "贷款申请已提交"
    assert [each["balance"] for each in zhang.card("list")["items"]] == ["待上传"] * 3
    assert zhang.loop is None and zhang.slots["loan_purpose"] is None


def test_all_said_at_once_is_not_asked_again(talk: Begin) -> None:
    zhang = filled(talk())
    assert zhang.slots["amount"] == 10_000_000 and zhang.slots["loan_months"] == 24
    assert zhang.slots["loan_purpose"] == "装修" and zhang.slots["loan_income"] == 1_500_000


def test_a_quote_leads_on_with_its_terms(talk: Begin) -> None:
    zhang = talk()
    zhang.say("消费贷10万分24个月等额本金每月还多少", "calculate_loan")
    zhang.say("我要申请贷款", APPLY)  # what the quote's button says
    assert zhang.asked == "loan_purpose"
    values = [zhang.slots[s] for s in ("loan_product", "amount", "loan_months", "loan_method")]
    assert values == ["consumer", 10_000_000, 24, "equal_principal"]


@pytest.mark.parametrize(
    ("said", "product"),
    [
        ("我想贷款买车", "car"),
        ("想贷款买房", "home"),
        ("生意周转想贷点款", "business"),
        ("装修贷款申请", "consumer"),
        ("申请房贷", "home"),
    ],
)
def test_what_it_is_for_names_the_product(talk: Begin, said: str, product: str) -> None:
    zhang = talk()
    zhang.say(said, APPLY)
    assert zhang.slots["loan_product"] == product, zhang.told


def test_a_car_loan_asks_for_no_purpose(talk: Begin) -> None:
    zhang = talk()
    zhang.say("申请购车贷15万三年", APPLY)
    assert zhang.asked == "loan_income" and zhang.slots["loan_purpose"] == "购车"


def test_a_loan_that_is_not_sold_here(talk: Begin) -> None:
    zhang = talk()
    assert "不能在线申请" in zhang.say("申请助学贷款", APPLY)
    assert zhang.asked == "loan_product"


@pytest.mark.parametrize(
    ("said", "why", "asked"),
    [
        ("申请消费贷50万", "不在云杉消费贷的可贷范围内", "amount"),
        ("申请消费贷10万分18个月", "期限可选 6、12、24、36 个月", "loan_months"),
        ("申请消费贷10万分两年，用于炒股", "贷款不能用于炒股", "loan_purpose"),
        ("申请消费贷两三万", "不够确切", "amount"),
    ],
)
def test_what_the_bank_would_refuse_is_said_at_once(
    talk: Begin, said: str, why: str, asked: str
) -> None:
    zhang = talk()
    assert why in zhang.say(said, APPLY)
    assert zhang.asked == asked


@pytest.mark.parametrize(
    ("said", "fen"),
    [
        ("一万五", 1_500_000),
        ("15000", 1_500_000),
        ("每个月到手8千", 800_000),
        ("年薪18万", 1_500_000),
        ("一年18万", 1_500_000),
        ("退休金每个月5000", 500_000),
        ("收入不固定，大概8000吧", 800_000),
        ("没有收入", 0),
        ("税后1.2万", 1_200_000),
    ],
)
def test_any_form_of_income(talk: Begin, said: str, fen: int) -> None:
    zhang = talk()
    zhang.say("申请消费贷1万分12个月，用于旅游", APPLY)
    assert zhang.asked == "loan_income"
    zhang.say(said)
    assert zhang.slots["loan_income"] == fen, zhang.told
    assert zhang.slots["amount"] == 1_000_000


def test_an_unclear_income_leaves_the_sum_alone(talk: Begin) -> None:
    zhang = talk()
    zhang.say("申请消费贷1万分12个月，用于旅游", APPLY)
    assert "不够确切" in zhang.say("一万多")
    assert zhang.asked == "loan_income" and zhang.slots["amount"] == 1_000_000


def test_too_much_for_the_income_is_to_be_thought_over(talk: Begin) -> None:
    zhang = filled(talk(), "申请消费贷30万分12个月，用于装修，月入1万")
    assert "超过您月收入 ¥10,000.00 的一半" in zhang.press("同意授权")
    assert zhang.asked == "operation_warned"
    zhang.say("改成5万")
    zhang.press("同意授权")  # it was given for another sum
    assert zhang.asked == "operation_confirmed" and zhang.row("贷款金额") == "¥50,000.00"


def test_every_value_may_be_corrected_before_the_code(talk: Begin) -> None:
    zhang = filled(talk())
    zhang.press("同意授权")
    zhang.say("期限改成36个月", "correct")
    assert zhang.row("期限") == "36 个月（3 年）"
    zhang.say("用等额本金还")
    assert zhang.row("还款方式") == "等额本金"
    zhang.say("用途改成医疗", "correct")
    assert zhang.row("贷款用途") == "医疗"
    zhang.say("月收入改成两万", "correct")
    assert zhang.row("月收入") == "¥20,000.00" and zhang.row("贷款金额") == "¥100,000.00"
    zhang.say("金额改成8万", "correct")
    zhang.press("同意授权")  # it was given for another sum
    assert zhang.row("贷款金额") == "¥80,000.00"
    zhang.press("确认贷款申请")
    zhang.code()
    [sent] = mine(zhang)
    assert (sent.amount, sent.months, sent.method) == (8_000_000, 36, "equal_principal")
    assert (sent.purpose, sent.income) == ("医疗", 2_000_000)


def test_another_product_keeps_what_fits(talk: Begin) -> None:
    zhang = filled(talk())
    zhang.say("换成购车贷", "correct")
    assert zhang.slots["loan_purpose"] == "购车" and zhang.slots["amount"] == 10_000_000
    zhang.press("同意授权")
    zhang.press("确认贷款申请")
    zhang.code()
    assert [each.product_id for each in mine(zhang)] == ["car"]


@pytest.mark.parametrize(
    ("said", "intent"),
    [("给孩子交学费", "pay_bill"), ("日常消费", "dispute_transaction"), ("办婚礼", "out_of_scope")],
)
def test_a_purpose_that_looks_like_other_business(talk: Begin, said: str, intent: str) -> None:
    zhang = talk()
    zhang.say("申请消费贷1万分12个月", APPLY)
    zhang.say(said, intent)
    assert zhang.slots["loan_purpose"] == said and zhang.asked == "loan_income"


# ── the consent ──────────────────────────────────────────────────────────────


def test_a_mere_yes_is_no_consent(talk: Begin) -> None:
    zhang = filled(talk())
    assert "明确表示" in zhang.say("好的", "affirm")
    assert zhang.asked == "credit_consent" and zhang.slots["credit_consent"] is None
    zhang.say("我同意授权", "affirm")
    assert zhang.asked == "operation_confirmed"


@pytest.mark.parametrize("said", ["不同意", "我不授权", "不行"])
def test_without_consent_nothing_is_submitted(talk: Begin, said: str) -> None:
    zhang = filled(talk())
    answer = zhang.say(said, "deny")
    assert "不会查询您的征信" in answer and "继续我的贷款申请" in answer
    assert zhang.loop is None
    [kept] = mine(zhang)
    assert kept.status == "draft" and not kept.credit_consent


@pytest.mark.parametrize("change", ["金额改成15万", "改成经营贷"])
def test_consent_is_for_the_loan_it_was_given_for(talk: Begin, change: str) -> None:
    zhang = filled(talk())
    zhang.press("同意授权")
    assert "征信授权需要您重新确认" in zhang.say(change, "correct")
    if zhang.asked == "loan_purpose":  # another product asks for what is its own
        zhang.say("进货")
    assert zhang.asked == "credit_consent"
    assert not any(each.credit_consent for each in mine(zhang))
    zhang.press("同意授权")
    assert zhang.asked in ("operation_confirmed", "operation_warned")
    assert mine(zhang)[0].credit_consent


def test_a_longer_term_needs_no_other_consent(talk: Begin) -> None:
    zhang = filled(talk())
    zhang.press("同意授权")
    zhang.say("期限改成36个月", "correct")
    assert zhang.asked == "operation_confirmed" and mine(zhang)[0].credit_consent


def test_a_consent_that_fell_away_stays_away_another_day(talk: Begin) -> None:
    zhang = filled(talk())
    zhang.press("同意授权")
    zhang.say("金额改成15万", "correct")
    zhang.say("算了", "cancel")
    zhang.say("继续我的贷款申请", "resume_loan")
    assert zhang.asked == "credit_consent" and zhang.slots["amount"] == 15_000_000


def test_consent_taken_back_before_submitting(talk: Begin) -> None:
    zhang = filled(talk())
    zhang.press("同意授权")
    assert "不会查询您的征信" in zhang.say("我要撤回征信授权")
    assert [each.credit_consent for each in mine(zhang)] == [False]


# ── left and resumed ─────────────────────────────────────────────────────────


def test_left_today_and_resumed_tomorrow(talk: Begin, clock: Hands) -> None:
    zhang = talk()
    zhang.say("申请消费贷10万分24个月", APPLY)
    assert "保存好了" in zhang.say("算了，先不弄了", "cancel")
    [kept] = mine(zhang)
    assert (kept.status, kept.amount, kept.months) == ("draft", 10_000_000, 24)
    clock.forward(days=1)
    later = talk()
    answer = later.say("继续我的贷款申请", RESUME)
    assert "没有填完的云杉消费贷申请" in answer and kept.number in answer
    assert later.asked == "loan_purpose"
    later.say("装修")
    later.say("1万5")
    later.press("同意授权")
    later.press("确认贷款申请")
    assert kept.number in later.code()
    assert [each.number for each in mine(later)] == [kept.number]


def test_resumed_with_everything_filled_in_only_confirms(talk: Begin) -> None:
    zhang = filled(talk())
    zhang.press("同意授权")
    assert "先不提交" in zhang.say("不了", "deny")
    later = talk()
    later.say("继续我的贷款申请", RESUME)
    assert later.asked == "operation_confirmed"


def test_applying_again_goes_on_with_the_draft_unless_another_is_meant(talk: Begin) -> None:
    li = talk("C1002")
    assert "LA900002" in li.say("我要贷款", APPLY)
    assert li.slots["loan_number"] == "LA900002" and li.asked == "loan_months"
    other = talk("C1002")
    other.say("我想申请购车贷", APPLY)
    assert other.slots["loan_number"] != "LA900002" and other.asked == "amount"
    new = talk("C1002")
    new.say("重新申请贷款", APPLY)
    assert new.asked == "loan_product" and new.slots["loan_number"] is None


def test_a_draft_is_only_its_customers(talk: Begin) -> None:
    zhang = talk("C1001")
    assert "没有填到一半" in zhang.say("继续我的贷款申请", RESUME)
    assert zhang.loop is None


def test_nothing_to_fill_in_but_papers_to_bring(talk: Begin) -> None:
    zhao = talk("C1007")
    assert "还差 2 项材料" in zhao.say("继续我的贷款申请", RESUME)
    assert zhao.loop is None


def test_a_repeated_turn_saves_once(talk: Begin) -> None:
    zhang = talk()
    zhang.say("申请消费贷10万", APPLY)
    zhang.slots["loan_number"] = None
    latest = [e for e in zhang.events if e["event"] == "user"][-1]["parse_data"]
    zhang.events = []
    zhang.loop = None
    zhang.turn(latest["text"], APPLY, 1.0, latest["entities"], latest, again=True)
    assert len(mine(zhang)) == 1


def test_a_draft_changed_elsewhere_is_not_submitted(talk: Begin) -> None:
    one, two = talk(), talk()
    filled(one).press("同意授权")
    one.press("确认贷款申请")
    two.say("继续我的贷款申请", RESUME)
    two.say("金额改成20万", "correct")
    assert "刚刚有变动" in one.code()
    assert [each.status for each in mine(one)] == ["draft"]


def test_a_wrong_code_and_a_repeat_submit_once(talk: Begin) -> None:
    zhang = filled(talk())
    zhang.press("同意授权")
    zhang.press("确认贷款申请")
    assert "不正确" in zhang.code("000000") and zhang.asked == "code_ref"
    zhang.code()
    assert [each.status for each in mine(zhang)] == ["missing_materials"]


def test_the_bank_is_down_while_saving(talk: Begin, db: Database) -> None:
    zhang = talk()
    Faults(db).set("loans.save", "unavailable")
    answer = zhang.say("申请消费贷10万", APPLY)
    Faults(db).clear()
    assert "没有办理" in answer and mine(zhang) == []
    zhang.press("再试一次")
    assert [each.amount for each in mine(zhang)] == [10_000_000]


# ── papers ───────────────────────────────────────────────────────────────────


def test_papers_one_after_the_other(talk: Begin) -> None:
    zhang = talk()
    submitted(zhang)
    zhang.press("上传身份证")
    assert zhang.card("upload")["title"] == "身份证正反面"
    answer = upload(zhang)
    assert "已收到身份证正反面（身份证.jpg）" in answer and "还差 2 项" in answer
    assert "哪一项" in upload(zhang, "流水.pdf")
    assert "已收到近六个月收入证明" in zhang.press("是近六个月")
    upload(zhang, "合同.pdf")
    answer = zhang.say("这是用途证明", PAPERS)
    assert "已收到用途证明" in answer and "已转入审核" in answer
    [sent] = mine(zhang)
    assert sent.status == "reviewing"
    assert all(each.reference for each in sent.materials)


def test_a_paper_named_before_it_is_sent(talk: Begin) -> None:
    zhao = talk("C1007")
    assert "请上传近六个月收入证明" in zhao.say("我要补传工资流水", PAPERS)
    upload(zhao)
    [now] = mine(zhao)
    assert [each.kind for each in now.missing] == ["purpose"]


def test_a_paper_in_the_middle_of_filling_in(talk: Begin) -> None:
    zhang = talk()
    zhang.say("申请消费贷10万", APPLY)
    assert "我们继续刚才的贷款申请" in upload(zhang)
    zhang.sent(f'/loan_materials{{"material": "identity", "upload": "{zhang.slots["upload"]}"}}')
    assert zhang.asked == "loan_months"
    assert [each.kind for each in mine(zhang)[0].missing] == ["income", "purpose"]


def test_a_file_of_somebody_else_is_not_taken(talk: Begin) -> None:
    zhang, zhao = talk(), talk("C1007")
    upload(zhang)
    stolen = "0" * 32
    zhang.services.uploads.keep(
        stolen, zhang.conversation, "C1001", "a.jpg", "image/jpeg", b"\xff\xd8\xff"
    )
    answer = zhao.sent(f'/loan_materials{{"material": "income", "upload": "{stolen}"}}')
    assert "没有找到这份文件" in answer
    assert len(mine(zhao)[0].missing) == 2


def test_a_file_without_an_application(talk: Begin) -> None:
    assert "没有等待材料的贷款申请" in upload(talk())


def two_applications(talk: Begin) -> Talk:
    """A consumer loan that waits for papers, and a car loan that is not filled in."""
    zhao = talk("C1007")
    zhao.say("我要申请车贷8万", APPLY)
    zhao.say("算了", "cancel")
    assert [each.status for each in mine(zhao)] == ["draft", "missing_materials"]
    return zhao


def test_a_file_for_one_of_several_applications(talk: Begin) -> None:
    zhao = two_applications(talk)
    answer = upload(zhao, "流水.pdf")
    assert "2 份贷款申请" in answer and "哪一份" in answer
    zhao.press("消费")
    assert "哪一项" in zhao.told[-1]["text"]
    zhao.press("是近六个月收入")
    consumer = mine(zhao)[0]
    assert consumer.status == "missing_materials" and len(consumer.missing) == 1


def test_several_applications_told_apart_by_words(talk: Begin) -> None:
    zhao = two_applications(talk)
    assert "哪一份" in zhao.say("上传材料", PAPERS)
    assert "还差 2 项" in zhao.say("上传消费贷的材料", PAPERS)
    zhao.say("给消费贷补工资流水", PAPERS)
    assert "已收到近六个月收入证明" in upload(zhao)
    assert "哪一份" in zhao.say("补身份证", PAPERS)


def reminded(talk: Begin, customer_id: str, intent: str = "open_conversation") -> str:
    one = talk(customer_id)
    one.turn(f"/{intent}", intent, 1.0, [], {})
    if intent != "open_conversation":
        one.told = []
        one._run("action_remind_loans")
    return "".join(each["text"] for each in one.told)


def test_who_opens_a_conversation_is_reminded(talk: Begin, db: Database) -> None:
    assert "没有填完" in reminded(talk, "C1002")
    assert reminded(talk, "C1001") == ""
    Faults(db).set("loans.applications", "unavailable")
    assert reminded(talk, "C1007") == ""
    Faults(db).clear()
    assert "还差近六个月收入证明或工资流水、用途证明" in reminded(talk, "C1007")


@pytest.mark.parametrize("intent", ["greet", "query_loans", "calculate_loan"])
def test_once_a_day_whatever_is_said(talk: Begin, clock: Hands, intent: str) -> None:
    assert "提醒您" in reminded(talk, "C1007", intent)
    assert reminded(talk, "C1007") == reminded(talk, "C1007", intent) == ""
    clock.forward(days=1)
    assert "提醒您" in reminded(talk, "C1007")


def test_every_open_application_is_reminded_of(talk: Begin) -> None:
    two_applications(talk)
    told = reminded(talk, "C1007")
    assert "还差近六个月收入证明" in told and "没有填完" in told


def test_progress_offers_what_to_do_next(talk: Begin) -> None:
    zhao = talk("C1007")
    zhao.say("贷款进度", "query_loan_progress")
    zhao.press("上传用途证明")
    assert zhao.slots["material_wanted"] == "purpose"


# ── withdrawal ───────────────────────────────────────────────────────────────


def test_the_only_application_is_taken_back_once_confirmed(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("撤回我的贷款申请", WITHDRAW)
    assert "云杉购车贷 ¥150,000.00（审核中） LA900004" in liu.row("贷款申请")
    assert mine(liu)[0].status == "reviewing"
    assert "已撤回" in liu.press("确认撤回申请")
    assert mine(liu)[0].status == "withdrawn"
    assert "没有可以撤回" in liu.say("撤回我的贷款申请", WITHDRAW)


def test_the_word_itself_confirms(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("撤回我的贷款申请", WITHDRAW)
    assert "已撤回" in liu.say("撤回吧", "cancel")
    assert mine(liu)[0].status == "withdrawn"


def test_not_confirmed_is_not_taken_back(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("撤回我的贷款申请", WITHDRAW)
    liu.say("不了", "deny")
    assert mine(liu)[0].status == "reviewing"


def test_which_of_two_is_asked(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("申请消费贷10万", APPLY)
    liu.say("撤回贷款申请", WITHDRAW)
    assert liu.asked == "loan_number"
    liu.press("云杉消费贷")
    liu.press("确认撤回申请")
    states = {each.product_id: each.status for each in mine(liu)}
    assert states == {"consumer": "withdrawn", "car": "reviewing"}


def test_nothing_of_others_is_taken_back(talk: Begin) -> None:
    zhang = talk("C1001")
    assert "没有可以撤回" in zhang.say("撤回申请 LA900004", WITHDRAW)


def test_a_visitor_signs_in_first(talk: Begin) -> None:
    visitor = talk()
    visitor.conversation = visitor.services.log.open("web", None).id
    for said, intent in (("我要贷款", APPLY), ("继续我的贷款申请", RESUME), ("上传材料", PAPERS)):
        assert "登录" in visitor.say(said, intent)
