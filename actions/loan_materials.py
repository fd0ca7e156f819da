"""The papers of a loan application: what is there, what is missing, and taking over an upload."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rasa_sdk.events import EventType, SlotSet

from actions.query import words
from actions.turn import Turn
from actions.turn_action import CustomerAction
from bot.banking.models import LoanApplication, LoanProduct, MaterialState, yuan
from bot.banking.requests import AddMaterial
from bot.errors import NotFound

# Applications that still take papers.
OPEN = ("missing_materials", "draft")
# What customers call a paper, in the words of the lists.
SAME = {
    "驾照": "驾驶证", "工资单": "工资流水", "工资条": "工资流水", "结婚证": "婚姻状况证明",
    "离婚证": "婚姻状况证明", "户口本": "婚姻状况证明", "完税": "纳税", "首付款收据": "首付款凭证",
}  # fmt: skip
HOW = "请点输入框左边的回形针选择文件，支持 JPG、PNG、PDF，每份不超过 10 MB。"


def button(
    kind: str | None = None, upload: str | None = None, application: str | None = None
) -> str:
    """The payload that asks for a material, or hands an upload in as one."""
    said = {"material": kind, "upload": upload, "application": application}
    kept = {name: value for name, value in said.items() if value is not None}
    return "/loan_materials" + json.dumps(kept)


def title_of(application: LoanApplication, products: dict[str, LoanProduct]) -> str:
    product = products.get(application.product_id)
    return product.name if product else "贷款"


def name_of(turn: Turn, customer_id: str, application: LoanApplication) -> str:
    """``云杉消费贷``."""
    every = turn.services.bank.loans.products(customer_id)
    return title_of(application, {each.id: each for each in every})


def waiting_application(
    turn: Turn, customer_id: str, status: Sequence[str] = OPEN
) -> LoanApplication | None:
    """The application that a customer most likely means: a submitted one before a draft, the last
    touched."""
    found = open_applications(turn, customer_id, status)
    return min(found, key=lambda each: status.index(each.status), default=None)


def open_applications(
    turn: Turn, customer_id: str, status: Sequence[str] = OPEN
) -> list[LoanApplication]:
    """The applications that papers may be for, the last touched first."""
    every = turn.services.bank.loans.applications(customer_id)
    return [each for each in every if each.status in status]


def meant_applications(turn: Turn, customer_id: str) -> list[LoanApplication]:
    """Of those still open the ones that the message may mean: by their button, their names, or
    what was spoken of before; all where nothing tells."""
    found = open_applications(turn, customer_id)
    if len(found) < 2:
        return found
    pressed, before = turn.entity("application"), turn.slot("material_for")
    return (
        [each for each in found if each.number == pressed]
        or [each for each in found if _kind(turn, customer_id, each) in words(turn)]
        or [each for each in found if each.number == before]
        or found
    )


def _kind(turn: Turn, customer_id: str, application: LoanApplication) -> str:
    """What tells products apart in their names: ``消费`` of ``云杉消费贷``."""
    return name_of(turn, customer_id, application).removeprefix("云杉")[:2]


def upload_replies(application: LoanApplication, upload: str | None = None) -> dict[str, str]:
    """A button for each material that is missing; with ``upload`` each says what that file is."""
    if application.status not in OPEN:
        return {}
    verb = "是" if upload else "上传"
    wanted = application.missing or (application.materials if upload else ())
    return {f"{verb}{each.name}": button(each.kind, upload, application.number) for each in wanted}


def say_materials(
    turn: Turn, customer_id: str, application: LoanApplication, before: str = ""
) -> None:
    """The list with the state of each, and how to hand in what is missing."""
    name = name_of(turn, customer_id, application)
    missing = [
        f"{each.name}（{each.problem}）" if each.problem else each.name
        for each in application.missing
    ]
    if application.status == "reviewing":
        text = f"材料已齐，{name}申请已转入审核。想知道结果，随时问我“贷款进度”。"
    elif not missing:
        text = f"{name}申请需要的材料已齐。"
    else:
        text = f"{name}申请还差 {len(missing)} 项材料：{'、'.join(missing)}。可以现在上传，也可以改天再传。"
    items = [
        {"title": each.name, "balance": state_of(each), "note": each.problem or ""}
        for each in application.materials
    ]
    card = {"type": "list", "title": f"材料清单 {application.number}", "items": items}
    replies = upload_replies(application)
    if application.status == "draft" and application.unfilled:
        replies["继续填申请"] = "/resume_loan"
    turn.say(before + text, card=card, replies=replies)


def state_of(material: MaterialState) -> str:
    if material.problem is not None:
        return "请重新上传"
    if material.reference is not None:
        return "已收到"
    return "待上传" if material.needed else "选交"


def named_material(text: str, materials: Sequence[MaterialState]) -> MaterialState | None:
    """The material that a text names, by the pairs of characters that they share."""
    for said, listed in SAME.items():
        text = text.replace(said, listed)
    pairs = {text[place : place + 2] for place in range(len(text) - 1)}
    shared = [(sum(pair in each.name for pair in pairs), each) for each in materials]
    most = max((count for count, _ in shared), default=0)
    found = [each for count, each in shared if count == most and count > 0]
    return found[0] if len(found) == 1 else None


class ActionLoanMaterials(CustomerAction):
    """“这是我的身份证”, “上传材料”: lists, asks for one, or takes over the file just uploaded."""

    def name(self) -> str:
        return "action_loan_materials"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        meant = meant_applications(turn, customer_id)
        upload = turn.entity("upload") or turn.slot("upload")
        if not meant:
            return say_nothing_open(turn)
        if len(meant) > 1:
            return ask_which_application(turn, customer_id, meant, upload)
        [application] = meant
        kind = turn.entity("material")
        wanted = [each for each in application.materials if each.kind == kind]
        material = wanted[0] if wanted else named_material(words(turn), application.materials)
        if material is None and upload:
            return ask_which(turn, application, upload)
        if material is None:
            say_materials(turn, customer_id, application)
            return remember()
        if upload:
            return attach(turn, customer_id, application, material, upload)
        turn.say(
            f"好的，请上传{material.name}。{HOW}", card={"type": "upload", "title": material.name}
        )
        return remember(wanted=material.kind, application=application.number)


class ActionUploadFile(CustomerAction):
    """A file came: it is the material that was asked for, or it is asked what it is."""

    def name(self) -> str:
        return "action_upload_file"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        upload = str(turn.entity("upload"))
        meant = meant_applications(turn, customer_id)
        if not meant:
            return say_nothing_open(turn, "文件已收到，")
        if len(meant) > 1:
            return ask_which_application(turn, customer_id, meant, upload)
        [application] = meant
        kind = turn.slot("material_wanted")
        wanted = [each for each in application.materials if each.kind == kind]
        if wanted:
            return attach(turn, customer_id, application, wanted[0], upload)
        return ask_which(turn, application, upload)


def say_nothing_open(turn: Turn, before: str = "") -> list[EventType]:
    turn.say(
        f"{before}您目前没有等待材料的贷款申请。",
        replies={"申请贷款": "/apply_loan", "查申请进度": "/query_loan_progress"},
    )
    return remember()


def ask_which(turn: Turn, application: LoanApplication, upload: str) -> list[EventType]:
    turn.say("文件已收到，请问这是哪一项材料？", replies=upload_replies(application, upload))
    return remember(upload=upload, application=application.number)


def ask_which_application(
    turn: Turn, customer_id: str, meant: Sequence[LoanApplication], upload: str | None
) -> list[EventType]:
    """Papers go with one application; what else was said of them is kept."""
    kind = turn.entity("material") or turn.slot("material_wanted")
    replies = {}
    for each in meant:
        sum_ = f" {yuan(each.amount)}" if each.amount is not None else ""
        title = f"{name_of(turn, customer_id, each)}{sum_}"
        if title in replies:
            title += f"（{each.number}）"
        replies[title] = button(kind, upload, each.number)
    before = "文件已收到，" if upload else ""
    turn.say(f"{before}您有 {len(meant)} 份贷款申请，请问材料是给哪一份的？", replies=replies)
    return remember(upload=upload, wanted=kind)


def attach(
    turn: Turn, customer_id: str, application: LoanApplication, material: MaterialState, upload: str
) -> list[EventType]:
    """Hand the file in as this material and say what is still missing."""
    try:
        file = turn.services.uploads.get(customer_id, upload)
    except NotFound:
        turn.say(f"没有找到这份文件，请重新上传。{HOW}")
        return remember(wanted=material.kind, application=application.number)
    turn.services.operations.carry_out(
        customer_id,
        AddMaterial(application.number, material.kind, file.id),
        key=f"{turn.operation_key}:material",
    )
    every = turn.services.bank.loans.applications(customer_id)
    now = next(each for each in every if each.number == application.number)
    say_materials(turn, customer_id, now, f"已收到{material.name}（{file.name}）。")
    return remember()


def remember(
    *, upload: str | None = None, wanted: str | None = None, application: str | None = None
) -> list[EventType]:
    """What the next message may be about: a file of which it is not known what it is, or a material
    that was asked for; and the application that it is for."""
    slots = {"upload": upload, "material_wanted": wanted, "material_for": application}
    return [SlotSet(name, value) for name, value in slots.items()]
