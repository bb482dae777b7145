"""The fields of a household ledger: what each is called in the template and in ledgers already in use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from zhengtu.core.kernel.messages import N_


class FieldType(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    CODE = "code"
    NAME = "name"
    IDENTITY = "identity"
    PHONE = "phone"
    CHOICE = "choice"
    COUNT = "count"
    AREA = "area"
    MONEY = "money"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class SheetField:
    """One field of the ledger.

    Attributes:
        heading: column heading of the template, without its unit.
        label: English name, the msgid of what the pages show.
        unit: what the heading says in brackets, or empty.
        synonyms: headings of ledgers in use, without brackets.
        longest: characters allowed, for texts.
        choices: word in the sheet -> stored value, for choices; the first word of each value is the template's.
        fact: kind of the dated fact that the column belongs to, or empty for what describes the household.
        attribute: the fact's attribute; empty for the column with the date it happened.
        note: msgid of the explanation in the template.
        is_personal: whether it identifies people and is sealed.
    """

    id: str
    type: FieldType
    heading: str
    label: str
    unit: str = ""
    synonyms: tuple[str, ...] = ()
    longest: int = 255
    choices: tuple[tuple[str, str], ...] = ()
    fact: str = ""
    attribute: str = ""
    note: str = ""
    is_personal: bool = False

    @property
    def full_heading(self) -> str:
        """The template's heading with its unit."""
        return f"{self.heading}（{self.unit}）" if self.unit else self.heading


USES: Final = (
    ("住宅", "dwelling"), ("住房", "dwelling"), ("居住", "dwelling"), ("民宅", "dwelling"), ("dwelling", "dwelling"),
    ("商业", "shop"), ("商铺", "shop"), ("门市", "shop"), ("门面", "shop"), ("网点", "shop"), ("商服", "shop"),
    ("商业用房", "shop"), ("shop", "shop"),
    ("办公", "office"), ("办公用房", "office"), ("office", "office"),
    ("生产", "production"), ("厂房", "production"), ("工业", "production"), ("仓储", "production"),
    ("仓库", "production"), ("生产用房", "production"), ("非住宅", "other"), ("production", "production"),
    ("其他", "other"), ("其它", "other"), ("other", "other"),
)
OPTIONS: Final = (
    ("货币补偿", "cash"), ("货币", "cash"), ("现金", "cash"), ("cash", "cash"),
    ("产权调换", "exchange"), ("房屋产权调换", "exchange"), ("调换", "exchange"), ("实物安置", "exchange"),
    ("exchange", "exchange"),
)

_T = FieldType

FIELDS: Final[tuple[SheetField, ...]] = (
    SheetField(
        "household_code", _T.CODE, "户编号", N_("Household code"), synonyms=("户编码", "被征收户编号", "档案编号"), longest=64,
        note=N_("Leave empty for a new household: the next number of its section is given."),
    ),
    SheetField(
        "section", _T.TEXT, "节点", N_("Section"), synonyms=("节点编号", "节点名称", "标段", "地块节点", "片区"), longest=128,
        note=N_("Code or name of the section of this project."),
    ),
    SheetField(
        "parcel", _T.TEXT, "宗地", N_("Parcel"), synonyms=("宗地编号", "宗地号", "宗地代码", "地块编号", "地块号"), longest=128,
        note=N_("Code or name of the parcel, where it is registered already."),
    ),
    SheetField(
        "building", _T.CODE, "房屋", N_("Building"), synonyms=("房屋编号", "房屋代码", "建筑物编号", "楼栋编号"), longest=64,
        note=N_("Code of the building, where it is registered already."),
    ),
    SheetField(
        "name", _T.NAME, "户主姓名", N_("Head of household"), longest=64, is_personal=True,
        synonyms=(
            "姓名", "户主", "被征收人", "被征收人姓名", "产权人", "产权人姓名", "权利人", "权利人姓名", "所有权人", "房主",
            "被拆迁人", "单位名称", "姓名单位名称", "户主姓名单位名称",
        ),
        note=N_("Name of the person or company; required."),
    ),
    SheetField(
        "identity_number", _T.IDENTITY, "身份证号", N_("Identity number"), longest=18, is_personal=True,
        synonyms=(
            "身份证", "身份证号码", "公民身份号码", "证件号码", "证件号", "户主身份证号", "统一社会信用代码", "身份证件号码",
        ),
        note=N_("18 characters, as text; a company's unified social credit code is accepted too."),
    ),
    SheetField(
        "phone", _T.PHONE, "联系电话", N_("Phone"), synonyms=("电话", "手机", "手机号", "手机号码", "联系方式", "电话号码"),
        longest=20, is_personal=True,
    ),
    SheetField(
        "account", _T.TEXT, "银行账号", N_("Bank account"), synonyms=("账号", "收款账号", "银行卡号", "开户账号", "补偿款账号"),
        longest=40, is_personal=True, note=N_("As text, so that no digit is lost."),
    ),
    SheetField(
        "address", _T.TEXT, "坐落", N_("Address"),
        synonyms=("地址", "房屋坐落", "坐落地址", "座落", "房屋座落", "住址", "详细地址", "房屋地址", "房屋位置"),
    ),
    SheetField(
        "room", _T.TEXT, "房号", N_("Room"), synonyms=("室号", "门牌", "门牌号", "房间号", "户室号", "单元室"), longest=32,
    ),
    SheetField(
        "use", _T.CHOICE, "用途", N_("Use"), synonyms=("房屋用途", "规划用途", "房屋性质", "使用性质", "设计用途"),
        choices=USES, note=N_("One of: 住宅, 商业, 办公, 生产, 其他. Empty means 住宅."),
    ),
    SheetField(
        "members", _T.COUNT, "人口", N_("Members"), unit="人",
        synonyms=("家庭人口", "人口数", "户籍人口", "家庭人数", "人数", "在册人口"),
    ),
    SheetField(
        "registered_area_m2", _T.AREA, "登记建筑面积", N_("Registered floor area"), unit="㎡",
        synonyms=(
            "有证面积", "有证建筑面积", "产权面积", "证载面积", "证载建筑面积", "建筑面积", "房屋建筑面积", "登记面积", "合法建筑面积",
            "合法宅基地范围内正式房屋建筑面积", "登记房屋建筑面积", "房产证面积",
        ),
    ),
    SheetField(
        "unregistered_area_m2", _T.AREA, "未登记建筑面积", N_("Unregistered floor area"), unit="㎡",
        synonyms=(
            "无证面积", "无证建筑面积", "未登记面积", "未登记房屋建筑面积", "合法宅基地外的房屋建筑面积", "无照面积", "自建面积", "超期自建面积",
        ),
    ),
    SheetField(
        "land_area_m2", _T.AREA, "土地面积", N_("Land area"), unit="㎡",
        synonyms=("宅基地面积", "合法宅基地面积", "占地面积", "土地使用权面积", "宗地面积", "用地面积"),
    ),
    SheetField(
        "surveyed_on", _T.DATE, "入户调查日期", N_("Surveyed on"), synonyms=("调查日期", "入户日期", "入户调查时间", "调查时间"),
        fact="surveyed",
    ),
    SheetField(
        "valued_on", _T.DATE, "评估日期", N_("Valued on"), synonyms=("评估时间", "评估报告日期", "估价日期"), fact="valued",
    ),
    SheetField(
        "value_yuan", _T.MONEY, "评估价值", N_("Value"), unit="元", fact="valued", attribute="value_yuan",
        synonyms=("评估价款合计", "评估总价", "评估金额", "评估价款", "评估价", "评估价格"),
    ),
    SheetField(
        "signed_on", _T.DATE, "签约日期", N_("Signed on"), synonyms=("签约时间", "签订日期", "协议签订日期", "签订协议日期", "签协议日期"),
        fact="signed",
    ),
    SheetField(
        "option", _T.CHOICE, "补偿方式", N_("Chosen option"), synonyms=("安置方式", "补偿安置方式", "选择方式"), choices=OPTIONS,
        fact="signed", attribute="option", note=N_("货币补偿 or 产权调换."),
    ),
    SheetField(
        "signed_yuan", _T.MONEY, "协议补偿金额", N_("Agreed compensation"), unit="元", fact="signed", attribute="amount_yuan",
        synonyms=("补偿金额", "协议金额", "补偿总额", "补偿款", "补偿款合计", "协议价款"),
    ),
    SheetField(
        "decided_on", _T.DATE, "补偿决定日期", N_("Decided on"), synonyms=("决定日期", "补偿决定时间"), fact="decided",
    ),
    SheetField(
        "decided_yuan", _T.MONEY, "决定补偿金额", N_("Decided compensation"), unit="元", synonyms=("决定金额",),
        fact="decided", attribute="amount_yuan",
    ),
    SheetField(
        "paid_on", _T.DATE, "补偿到位日期", N_("Paid on"), synonyms=("付款日期", "支付日期", "发放日期", "补偿款发放日期", "拨付日期"),
        fact="paid",
    ),
    SheetField(
        "paid_yuan", _T.MONEY, "已付金额", N_("Amount paid"), unit="元", synonyms=("支付金额", "实付金额", "付款金额", "已付补偿款"),
        fact="paid", attribute="amount_yuan",
    ),
    SheetField(
        "vacated_on", _T.DATE, "腾空日期", N_("Vacated on"), synonyms=("搬迁日期", "腾空时间", "腾退日期", "搬家日期"), fact="vacated",
    ),
    SheetField(
        "demolished_on", _T.DATE, "拆除日期", N_("Demolished on"), synonyms=("拆除时间", "拆迁日期"), fact="demolished",
    ),
    SheetField(
        "promised_on", _T.DATE, "约定安置日期", N_("Resettlement promised for"), fact="resettlement_promised",
        attribute="promised_on",
        synonyms=("应安置日期", "约定交房日期", "过渡期届满日期", "过渡期截止日期", "约定回迁日期", "过渡到期日"),
    ),
    SheetField(
        "resettled_on", _T.DATE, "安置日期", N_("Resettled on"), synonyms=("实际安置日期", "回迁日期", "交房日期", "入住日期"),
        fact="resettled",
    ),
)

FIELD_OF: Final = {field.id: field for field in FIELDS}
PERSONAL_FIELDS: Final = tuple(field.id for field in FIELDS if field.is_personal)
HOUSEHOLD_FIELDS: Final = tuple(field.id for field in FIELDS if not field.fact)
HISTORY_KINDS: Final = tuple(dict.fromkeys(field.fact for field in FIELDS if field.fact))
"""Kinds of dated facts in lawful order."""


def date_field_of(kind: str) -> SheetField:
    """The column that dates facts of a kind."""
    return next(field for field in FIELDS if field.fact == kind and field.type is FieldType.DATE)


def word_of(field: SheetField, value: str) -> str:
    """The template's word for a stored choice."""
    return next((word for word, stored in field.choices if stored == value), value)
