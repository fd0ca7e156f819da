"""What every operation shares, and the two with a single field."""

from __future__ import annotations

import pytest
from rasa_sdk import Action
from ruamel.yaml import YAML

from actions.designs import DESIGNS
from actions.draft import PROGRESS
from actions.operation_design import OperationDesign
from actions.operation_form import OperationForm
from actions.operation_slots import OPERATION_SLOTS
from tests.actions.talk import ROOT, Begin

LOSS, UNLOCK = "report_card_loss", "unfreeze_account"
ANSWERED = ("operation_warned", "operation_confirmed", "code_ref")


@pytest.fixture(scope="module")
def designs(every_action: dict[str, Action]) -> list[OperationDesign]:
    return [each.design for each in every_action.values() if isinstance(each, OperationForm)]


def test_every_design_is_found_by_its_name(designs: list[OperationDesign]) -> None:
    assert {name: type(each) for name, each in DESIGNS.items()} == {
        each.name: type(each) for each in designs
    }


def test_the_domain_has_every_design(designs: list[OperationDesign]) -> None:
    domain = YAML(typ="safe").load(ROOT / "domain.yml")
    for design in designs:
        slots = [field.slot for field in design.fields]
        form = domain["forms"][f"{design.name}_form"]["required_slots"]
        assert form[: len(slots)] == slots and set(form[len(slots) :]) <= set(ANSWERED)
        assert {*slots, *PROGRESS} <= {*OPERATION_SLOTS} & {*domain["slots"]}
        assert design.name in domain["slots"]["operation"]["values"]
        begun = {f"action_begin_{design.name}", f"action_{design.name}"}
        assert {*begun, f"validate_{design.name}_form"} <= {*domain["actions"]}


def test_a_card_is_chosen_changed_and_reported_lost(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("我要挂失银行卡", LOSS)
    assert liu.asked == "operation_target"
    liu.press("4419")
    assert liu.row("卡片") == "储蓄卡 尾号 4419"
    liu.say("不对，是尾号7783那张", "correct")
    assert liu.row("卡片") == "信用卡 尾号 7783"
    liu.press("确认挂失")
    liu.code()
    number = liu.row("受理编号", "receipt")
    assert number.startswith("LR") and liu.loop is None
    assert number in liu.say("我要挂失尾号7783的卡", LOSS)


def test_a_card_that_is_not_the_customers(talk: Begin) -> None:
    wang = talk("C1003")
    assert "没有尾号 9999 的卡" in wang.say("挂失尾号9999的卡", LOSS)
    assert wang.asked == "operation_target"


def test_the_only_card_is_only_confirmed(talk: Begin) -> None:
    wang = talk("C1003")
    wang.say("卡丢了", LOSS)
    assert wang.row("卡片") == "储蓄卡 尾号 6612"
    assert "没有办理挂失" in wang.say("不用了", "deny")
    assert wang.slots["operation"] is None


def test_nothing_to_unlock(talk: Begin) -> None:
    wang = talk("C1003")
    assert "没有被密码锁定" in wang.say("解锁账户", UNLOCK)
    assert wang.loop is None


def test_a_locked_account_is_opened_with_the_second_code(talk: Begin) -> None:
    locked = talk("C1002")
    locked.say("帮我解锁", UNLOCK)
    locked.say("确认", "affirm")
    assert "不正确" in locked.code("000000") and locked.asked == "code_ref"
    assert "已解锁" in locked.code()
    assert locked.row("受理编号", "receipt").startswith("UL")


def test_a_visitor_is_asked_to_sign_in(talk: Begin) -> None:
    visitor = talk("C1003")
    visitor.conversation = visitor.services.log.open("web", None).id
    assert "登录" in visitor.say("我要转账", "transfer_money")
    assert visitor.loop is None
