"""The demo customers: who they are and what they have. Money in fen."""

from __future__ import annotations

from dataclasses import dataclass

from bot.banking.models.base import CustomerTier
from bot.banking.stub.rules import OWN_BANK


@dataclass(frozen=True)
class SeedAccount:
    """An account to make; ``card`` is the status of the card that goes with it, if one does.
    ``unpaid_days``: a credit bill has not been paid for so long. ``expires_in``: months until the
    end of that in which the card does; ``ordered`` and ``returned``: so many days ago it was, and
    came back."""

    number: str
    kind: str
    opening: int = 0
    salary: int = 0
    spending: int = 0
    status: str = "normal"
    credit_limit: int = 0
    frozen: int = 0
    card: str | None = "normal"
    unpaid_days: int = 0
    expires_in: int = 34
    ordered: int | None = None
    returned: int | None = None


@dataclass(frozen=True)
class SeedCustomer:
    """``born``: ``YYYYMMDD``; ``payees``: (name, number, bank); ``dues``: (biller, number, fen);
    ``paid``: (biller, number); ``points``: (points, days until they expire)."""

    id: str
    name: str
    phone: str
    about: str
    born: str
    accounts: tuple[SeedAccount, ...]
    address: str = ""
    payees: tuple[tuple[str, str, str], ...] = ()
    dues: tuple[tuple[str, str, int], ...] = ()
    paid: tuple[tuple[str, str], ...] = ()
    points: tuple[tuple[int, int], ...] = ()
    tier: CustomerTier = "standard"


CUSTOMERS = (
    SeedCustomer(
        "C1001", "张伟", "13810001001",
        "两张储蓄卡、一张信用卡、一笔房贷：查余额、转账、缴费、还款、分期、积分、挂失", "19870412",
        (
            SeedAccount("6217001001258866", "debit", 3_200_000, salary=1_280_000, spending=18_000),
            SeedAccount("6217001001242001", "debit", 2_560_000, spending=6_000),
            SeedAccount("6258091001205520", "credit", spending=62_000, credit_limit=5_000_000),
        ),
        address="云杉市滨江区文华路18号3栋502室",
        payees=(
            ("李梅", "6222021001128821", "工商银行"),
            ("王建国", "6225881001195634", "招商银行"),
            ("王芳", "6217001003406612", OWN_BANK),
        ),
        dues=(
            ("water", "1002003001", 8_640), ("power", "3301002001", 21_385),
            ("gas", "5501001001", 0), ("broadband", "KD10010001", 12_900),
        ),
        paid=(
            ("water", "1002003001"), ("power", "3301002001"), ("gas", "5501001001"),
            ("mobile", "13810001001"),
        ),
        points=((1_800, 25), (6_400, 210), (12_300, 560)),
    ),
    SeedCustomer(
        "C1002", "李秀英", "13810001002", "密码输错被锁：账户解锁；有一份没填完的贷款申请", "19791103",
        (SeedAccount("6217001002303307", "debit", 1_850_000, salary=760_000, spending=9_000,
                     status="locked"),),
        address="云杉市老城区糖坊巷27号",
        payees=(("赵磊", "6228481001167712", "农业银行"),),
    ),
    SeedCustomer(
        "C1003", "王芳", "13810001003", "只有一张储蓄卡：挂失时不用选卡", "19940225",
        (SeedAccount("6217001003406612", "debit", 920_000, salary=950_000, spending=13_000),),
        address="云杉市高新区创业大道66号翠苑2栋1103室",
        payees=(("张伟", "6217001001258866", OWN_BANK),),
        dues=(("power", "3301003001", 9_720),),
        paid=(("mobile", "13810001003"),),
    ),
    SeedCustomer(
        "C1004", "刘洋", "13810001004",
        "贵宾客户，一张储蓄卡、一张信用卡：重复扣款和陌生消费的争议、投诉；一笔贷款在审核", "19820917",
        (
            SeedAccount("6217001004564419", "debit", 4_100_000, salary=2_150_000, spending=30_000),
            SeedAccount("6258091004587783", "credit", spending=81_000, credit_limit=8_000_000),
        ),
        address="云杉市滨江区观潮路9号8栋2001室",
        payees=(("周凯", "6227001001146093", "建设银行"),),
        dues=(("property", "WY40010001", 186_000),),
        points=((38_600, 300), (41_200, 600)),
        tier="vip",
    ),
    SeedCustomer(
        "C1005", "陈建国", "13810001005", "72 岁，一张储蓄卡、一本存折：可试大字版", "19540608",
        (
            SeedAccount("6217001005641950", "debit", 2_600_000, salary=480_000, spending=5_000),
            SeedAccount("0200100567128", "savings", 35_000_000, card=None),
        ),
        address="云杉市老城区书院街41号",
        payees=(("陈晓东", "6217991001134408", "邮储银行"),),
        dues=(("heating", "GN50010001", 156_800), ("water", "1002003005", 4_320)),
        paid=(("water", "1002003005"),),
    ),
    SeedCustomer(
        "C1006", "周小雨", "13810001006", "只有存款账户、没有卡：挂失时会说明", "20050730",
        (SeedAccount("0200100678906", "savings", 310_000, frozen=50_000, card=None),),
        address="云杉市大学城学府路1号15栋306室",
    ),
    SeedCustomer(
        "C1007", "赵强", "13810001007", "信用卡账单逾期；贷款申请要补材料", "19900119",
        (
            SeedAccount("6217001007852290", "debit", 480_000, salary=620_000, spending=8_000),
            SeedAccount("6258091007836138", "credit", spending=46_000, credit_limit=2_000_000,
                        unpaid_days=65),
        ),
        address="云杉市城南区机电路130号",
        points=((520, 40),),
    ),
    SeedCustomer(
        "C1008", "孙丽", "13810001008", "一张卡已正式挂失待补办，一张新信用卡待激活，有一笔争议", "19860521",
        (
            SeedAccount("6217001008925046", "debit", 2_760_000, spending=7_000, card="lost"),
            SeedAccount("6217001008958872", "debit", 1_290_000, salary=880_000, spending=11_000),
            SeedAccount("6258091008993391", "credit", credit_limit=3_000_000, card="inactive",
                        ordered=9),
        ),
        address="云杉市高新区云栖路58号5栋902室",
        points=((3_000, 400),),
    ),
    SeedCustomer(
        "C1009", "吴敏", "13810001009", "一张储蓄卡快到期，一张新信用卡被退回：到期换卡、查寄送、重新寄出", "19971212",
        (
            SeedAccount("6217001009326608", "debit", 860_000, salary=540_000, spending=7_000,
                        expires_in=1),
            SeedAccount("6258091009371159", "credit", credit_limit=1_500_000, card="inactive",
                        ordered=14, returned=2),
        ),
        address="云杉市城南区梧桐路7号2栋301室",
    ),
)  # fmt: skip

# (id, name, points, stock)
GIFTS = (
    ("phone10", "10 元话费券", 1_000, 500),
    ("coffee", "咖啡兑换券", 2_500, 200),
    ("phone50", "50 元话费券", 4_800, 200),
    ("umbrella", "晴雨伞", 6_000, 60),
    ("annual_fee", "信用卡年费抵扣", 10_000, 1_000),
    ("kettle", "电热水壶", 18_000, 20),
    ("suitcase", "20 寸登机箱", 36_000, 5),
)
