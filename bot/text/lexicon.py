"""What customers call accounts, products and bills, as patterns of a spaCy entity ruler."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text.spacy_zh import blank_chinese
from bot.text.wordlist import words

# type -> value -> the names that mean it. The longest name wins a contested place.
NAMES: dict[str, dict[str, str]] = {
    "account_kind": {
        "debit": "储蓄卡 借记卡 工资卡 一类卡 二类卡 三类卡 1类卡 2类卡 3类卡 一类户 二类户 三类户 I类户 II类户"
        " III类户 I类卡 II类卡 III类卡 I类账户 II类账户 一类账户 二类账户 三类账户 借记账户 储蓄借记卡 工资账户 工资户"
        " 储蓄账户 储蓄户",
        "credit": "信用卡 贷记卡 准贷记卡 xyk 信用卡账户 信卡",
        "savings": "存折 存单 定期 活期 定期存款 活期存款 存款账户 定期存单 定期存折 活期存折 活期账户 定期账户"
        " 定存 零存整取 整存整取 通知存款 定活两便 活期储蓄 定期储蓄 储蓄存折 储蓄存单 存本取息",
        "all": "所有账户 全部账户 每个账户 各个账户 各账户 名下账户 名下卡 所有卡 全部卡 每张卡 各张卡 所有账号 全部账号"
        " 所有银行卡 全部银行卡 名下银行卡 每一张卡 每一个账户 所有卡片 全部卡片 所有户头 全部户头 所有的账户 全部的账户"
        " 所有的卡 全部的卡 所有的银行卡 全部的银行卡 所有的账号 全部的账号 名下的账户 名下的卡 名下的银行卡 名下的账号"
        " 所有卡和账户 所有账户和卡",
    },
    "product": {
        "mortgage": "房贷 按揭 住房贷款 房屋贷款 房贷按揭 按揭贷款 住房按揭 住房按揭贷款 个人住房贷款 购房贷款 买房贷款"
        " 二手房贷款 二手房贷 房子贷款 首套房贷 二套房贷 商贷 商业房贷 房屋按揭 房子按揭",
        "car_loan": "车贷 汽车贷款 汽车贷 购车贷款 买车贷款 购车贷 车子贷款 汽车按揭 车辆贷款",
        "consumer_loan": "消费贷 消费贷款 个人消费贷 个人消费贷款 消费类贷款",
        "business_loan": "经营贷 生意贷 经营贷款 经营性贷款 个人经营贷 创业贷 创业贷款 生意贷款 小微贷 小微贷款 个体户贷款",
        "student_loan": "助学贷款 助学贷 学生贷款 国家助学贷款 生源地贷款 学贷 生源地助学贷款",
        "renovation_loan": "装修贷 装修贷款 家装贷 家装贷款",
        "provident_loan": "公积金贷款 公积金贷 住房公积金贷款 公积金房贷",
        "credit_loan": "信用贷 信用贷款 个人信用贷 个人信用贷款 纯信用贷",
        "certificate": "大额存单 大额存款单",
        "wealth": "理财 理财产品",
        "fund": "基金 基金产品 货币基金 债券基金 股票基金 指数基金 公募基金 混合基金 债基",
        "bond": "国债 储蓄国债 电子式国债 凭证式国债 电子国债",
        "gold": "积存金 黄金 黄金积存 纸黄金 实物黄金 金条 实物金",
        "insurance": "保险 保险产品 重疾险 医疗险 意外险 车险 寿险 年金险 保单 养老险 养老保险 医疗保险 意外保险 人寿保险"
        " 分红险 存款保险",
    },
    "bill_kind": {
        "electricity": "电费 家电费 用电费 电表费",
        "water": "水费 自来水费 用水费",
        "gas": "燃气费 煤气费 天然气费 气费 管道煤气费 瓦斯费",
        "phone": "话费 手机费 电话费 手机话费 流量费 座机费 固话费",
        "broadband": "宽带费 网费 上网费 网络费 宽带网费",
        "property": "物业费 物业管理费 小区物业费 物管费",
        "heating": "取暖费 暖气费 供暖费 采暖费 供热费 暖费 热力费",
        "tuition": "学费 学杂费",
        "tv": "有线电视费 电视费 数字电视费 有线费 闭路电视费",
        "fine": "交通罚款 罚单 交通罚单 违章罚款 违章罚单 违停罚款 违停罚单 交警罚单 交警罚款 罚款 交通违章罚款"
        " 违章费",
    },
}
# Names that mean it only after a verb of paying: 交物业, 充燃气.
_PAID = {
    "gas": "燃气 煤气 天然气", "broadband": "宽带", "property": "物业",
    "heating": "暖气 取暖", "fine": "违章 交通违章", "tv": "有线电视",
}  # fmt: skip
# 水电费 is two bills.
_WATER_OF_BOTH = re.compile(r"水(?=电(?:煤|燃?气)?费|电[煤燃气])")
_POWER_OF_BOTH = re.compile(r"(?<=水)电(?=煤|燃?气)")
# The same characters as parts of other words.
_BEHIND = {
    "黄金": words("周 会员 时段 时间 卡 档 地段 客户 等级"),
    "保险": words("柜 箱 起见 丝 杠 库 套 一些 一点"),
    "基金": ("会",), "理财": words("经理 师 顾问 室"), "罚款": ("利",), "商贷": ("通",),
    "定期": words("检查 更 修 清 维 扣 转账 转给 转钱 还 缴 推 提醒 发 送 回 限 寄 改"),
}  # fmt: skip
_BEFORE = {"定期": "不", "罚款": "期约", "网费": "入", "水费": "薪"}


@dataclass(frozen=True)
class Named:
    """``[start, end)`` of the message names ``value`` of ``type``."""

    type: str
    start: int
    end: int
    value: str


class Lexicon:
    """Finds the names; building it takes a moment, finding is quick."""

    def __init__(self) -> None:
        # Character tokens: a name is found wherever it stands, however jieba would cut.
        self._language = blank_chinese()
        ruler = self._language.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        ruler.add_patterns(list(_patterns()))  # type: ignore[attr-defined]

    def find(self, text: str) -> list[Named]:
        """Every name in ``text``, none inside another."""
        found = []
        for span in self._language(text).ents:
            start, end = span.start_char, span.end_char
            if span.label_ == "bill_kind" and span.ent_id_.endswith("_paid"):
                start += 1
            named = Named(span.label_, start, end, span.ent_id_.removesuffix("_paid"))
            if _stands_alone(text, named):
                found.append(named)
        for match in _WATER_OF_BOTH.finditer(text):
            found.append(Named("bill_kind", match.start(), match.end(), "water"))
        for match in _POWER_OF_BOTH.finditer(text):
            found.append(Named("bill_kind", match.start(), match.end(), "electricity"))
        return found


def _patterns() -> list[dict[str, str]]:
    patterns = [
        {"label": kind, "pattern": name, "id": value}
        for kind, values in NAMES.items()
        for value, names in values.items()
        for name in names.split()
    ]
    for value, names in _PAID.items():
        patterns += [
            {"label": "bill_kind", "pattern": verb + name, "id": f"{value}_paid"}
            for name in names.split()
            for verb in "交缴充"
        ]
    return patterns


def _stands_alone(text: str, named: Named) -> bool:
    name = text[named.start : named.end]
    if text.startswith(_BEHIND.get(name, ()), named.end):
        return False
    before = text[max(0, named.start - 1) : named.start]
    return not (before and before in _BEFORE.get(name, ""))
