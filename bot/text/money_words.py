"""What stands around a number and says whether it is money."""

from __future__ import annotations

import re

from bot.text.numerals import CHINESE_NUMERAL
from bot.text.spans import TAKEN

_COUNTED = CHINESE_NUMERAL + r"\d"
# What is counted when a number without a currency stands before it.
COUNTED = re.compile(
    r"\s?(?:个(?!人)|[天日](?![期息限用])|月(?![供薪租付费末底初])|年(?!利率|[费化薪终底初前])|号|期|笔|次|张"
    rf"|位|岁|点|分(?!期|成|[{_COUNTED}]+\s?(?:期|个月|年))|秒|米|公里|里程|人(?!民币|工|家)|%|％|‰"
    r"|倍|股|份|名|条|遍|步|克|斤|吨|折|级|楼|层|页|字|本(?![金票周月来人])|台|套|户|件"
    r"|回(?=[了都就没还]?(?:失败|打不)|$)|周(?![一二三四五六日末])|星期|小?时|积分|像素|兆|[GgMmTt](?![A-Za-z])"
    r"|度|杯|强|种|项|届|班|排|桌|室|栋|弄|版|bp|BP|个?基点|多?名|家(?:店|银行|公司|网点|企业|门店)"
    r"|趟|口人|盒|瓶|袋|箱|只(?![够能有是要剩还到])|辆|屏|画质|电视|[A-Za-z]|医疗|美元|美金|美刀|港币|港元|欧元"
    r"|日元|英镑|韩元|韩币|澳元|澳币|泰铢|外币)"
)
# What is numbered or counted when it stands before a number.
NUMBERED = re.compile(
    rf"(?:[A-Za-z{TAKEN}][-.]?|第|积分|里程|分数|评分|编号|代码|年龄|百分之|千分之|万分之|分之"
    r"|(?:积分|里程|会员|等级|分数)[^,。!?]{0,3}(?:是|为|有|:|才|剩|到|余额|共))\s?$"
)
# A verb or a noun of money right before a bare number.
_VERB = (
    r"(?:转账|转[出入进走回]?|充值|[充冲]|还款|还(?:信用卡|贷记卡|xyk|房贷|车贷|贷款|卡费|账单)|还(?![是有])|取款|取现|取|提现|提取|提款|借款|借|贷款?|存款|存入|存"
    r"|付款|支付|付|交费|[交缴]|缴费|扣款|扣[掉走除]?|刷[卡掉]?|花[掉费]?|消费|退款|退[回还]?|欠款|欠|收款|收[到了]"
    r"|汇款|汇[出入]?|入账|进账|到账|少|多|差|亏|赚|买|投|定投|申购|认购|赎回|打[款钱入过]|拨|付给|交给|借给|还给|转给|打给|汇给"
    r"|(?:限额|额度)[^,。!?]{0,10}?[到成为至给从]|限额|额度)"
)
_NOUN = r"(?:金额|余额|利息|月供|工资|薪水|房租|租金|押金|定金|货款|首付|本金|欠款|账单|红包|奖金|尾款|现金|话费|罚款|罚单|[那这]笔|[^,。!?次小]费)"
_FILL = (
    r"(?:(?:了|过|我|您|掉|走|出|进|入|去|个|共|约|大概|大约|差不多|将近|接近|至少|最多|才|只|近|整|先|就|是|为|:|的|一共|总共"
    r"|每月|每次|最低|最高|不到|超过|没到)\s?){0,3}"
)
MONEY_BEFORE = re.compile(rf"(?:{_VERB}|{_NOUN}){_FILL}$")
# 打500给小雨 moves money, 打12315 does not: a dialled number needs more.
DIALLED = re.compile(rf"打{_FILL}$")
# A bare number that is paid on: 把500转给小雨, 100话费.
MONEY_AFTER = re.compile(
    r"\s?(?:左右|上下)?的?(?:话费|电费|水费|燃气费|[^\s,。\d]{1,3}费(?!率)|货款|房租|租金|押金|红包|现金|利息|彩礼|生活费|首付|额度|限额)"
)
MOVED_AFTER = re.compile(r"\s?(?:都|全|一起)?(?:转|打|汇)(?:给|到|去|过去)")
# "一块" is money only where it is clearly one yuan.
ONE_YUAN_AFTER = re.compile(
    rf"[钱{_COUNTED}]|毛|$|[,.。!?、]|的|都没|也没|吗|呢|吧|没|是|左右|手续|利息|红包"
)
ONE_YUAN_BEFORE = re.compile(r"(?:扣|收|差|少|多|花|付|转|充|交|还|退|存|取)[了过]?(?:我|您)?$")
AREA_BEFORE = re.compile(r"[这那哪方面]$")
# A bare four-digit figure after 转 may be a card: only a round one is money for sure.
MAYBE_CARD = re.compile(r"(?:转|查|挂失|还)$")
ENDS = re.compile(r"[\s,.。!?吧啊呢吗的]*$")
