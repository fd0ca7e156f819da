"""Who can be paid at the simulated bank."""

from __future__ import annotations

from bot.banking.models import Biller

PHONE_AMOUNTS = (1_000, 3_000, 5_000, 10_000, 20_000, 30_000, 50_000)
BILLERS = {
    biller.id: biller
    for biller in (
        Biller("water", "云杉市自来水公司", "water", "用户编号"),
        Biller("power", "云杉市供电公司", "electricity", "客户编号"),
        Biller("gas", "云杉燃气公司", "gas", "燃气户号"),
        Biller("heating", "云杉热力公司", "heating", "供暖户号"),
        Biller("property", "云杉物业公司", "property", "房屋编号"),
        Biller("broadband", "云杉宽带", "broadband", "宽带账号"),
        Biller("mobile", "手机充值", "mobile", "手机号码", prepaid=True, amounts=PHONE_AMOUNTS),
    )
}
