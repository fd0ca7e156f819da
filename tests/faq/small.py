"""A small bank as people write it: with comments, quotes and blanks that must stay."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import strategies as st

from bot.faq.entry import AUDIENCES, STATUSES, Entry, Lead

INTENTS = {"report_card_loss", "transfer_money"}
OFF_TOPIC = ["今天天气怎么样", "帮我写首诗", "外卖怎么还没到", "推荐一部电影", "打车去机场多少钱"]

QUESTIONS = {
    "loss.fee": ("挂失收费吗？", "挂失要钱吗", "挂失多少钱", "报失收费不", "挂失免费吗",
                 "挂失手续费", "丢卡挂失要花钱吗", "办挂失得交多少费", "报失要付款不"),
    "loss.how": ("怎么挂失银行卡？", "卡丢了怎么办", "卡不见了", "我要怎么报失", "银行卡掉了咋办",
                 "卡被偷了去哪挂失", "哪里能挂失", "丢卡了找谁", "挂失流程"),
    "transfer.limit": ("转账一天最多多少？", "转账限额", "一天能转几万", "每日转账上限", "单笔最多转多少",
                       "汇款额度多大", "转账超限了", "限额怎么看", "一次最多汇多少"),
    "transfer.arrival": ("转账多久到账？", "汇款几时到", "转的钱啥时候到", "到账要几天", "多久能收到汇款",
                         "跨行转账几小时到", "实时到账吗", "钱怎么还没到账", "到账时间"),
}  # fmt: skip

TAIL = """\
    owner: 个人金融部  # 谁负责
    source: '示例'
    effective: 2026-01-01
    expires: null
    reviewed_on: 2026-01-01

    status: approved
    audience: public
"""


def entry_text(entry_id: str) -> str:
    question, *variants = QUESTIONS[entry_id]
    lines = "".join(f"      - {variant}\n" for variant in variants)
    return (
        f"  # 条目 {entry_id}\n  - id: {entry_id}\n    question: {question}\n    variants:\n"
        f"      # 客户的话\n{lines}    answer: |\n      关于{question[:-1]}：**见公告**。\n{TAIL}"
    )


def write_bank(folder: Path) -> Path:
    """Two topics of two entries each."""
    folder.mkdir(parents=True, exist_ok=True)
    for topic, name in (("挂失", "loss"), ("转账", "transfer")):
        entries = "".join(entry_text(key) for key in QUESTIONS if key.startswith(name))
        (folder / f"{name}.yml").write_text(f"# {topic}的问答\ntopic: {topic}\nentries:\n{entries}")
    return folder


# What a maintainer may type: whatever is not a control character, stripped as YAML is read.
_CHARS = st.characters(
    blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029\ufeff\ufffe\uffff"
)
_LINE = st.one_of(
    st.text(_CHARS, min_size=1, max_size=12),
    st.sampled_from(
        ["=1+1", "'=x", "-1", "@x", "+2", "＝甲", "null", "yes", "2026-01-01", "1e5", "#注", "- 甲",
         "甲: 乙", "甲 | 乙", '"', "\\n", "%甲", "& 甲", "*甲", "!甲", "[甲", "{甲", "|", ">", "''"]
    ),
).map(str.strip).filter(bool)  # fmt: skip
_PARAGRAPH = st.lists(
    st.one_of(_LINE, st.just(""), st.just("\t甲"), st.just("  乙")), min_size=1
).map(lambda lines: "\n".join(lines).strip())
_LINES = st.lists(_LINE, max_size=4).map(tuple)
_DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def entries() -> st.SearchStrategy[Entry]:
    """Any entry that a file can hold, with the id ``a.b``."""
    return st.builds(
        Entry,
        id=st.just("a.b"),
        topic=st.just("主题"),
        question=_LINE,
        variants=_LINES,
        answer=_PARAGRAPH.filter(bool),
        quick_replies=st.lists(
            st.builds(Lead, _LINE, st.from_regex(r"[a-z_]{1,9}", fullmatch=True)), max_size=3
        ).map(tuple),
        related=_LINES,
        advice=_PARAGRAPH,
        owner=_LINE,
        source=_LINE,
        effective=_DAYS,
        expires=st.one_of(st.none(), st.dates(date(2031, 1, 1), date(2040, 1, 1))),
        reviewed_on=_DAYS,
        status=st.sampled_from(STATUSES),
        audience=st.sampled_from(AUDIENCES),
        expected=_LINES,
    )
