"""Invented people: names, identity numbers and telephone numbers that can belong to nobody."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zhengtu.jobs.demonstration.model import Codes

DIVISION_OF_NOBODY = 999_999
"""The first six digits of every identity number: no administrative division has this code."""
PHONE_OF_NOBODY = 10_000_000_000
"""Eleven digits that begin with 100, which no network assigns to a subscriber."""

SURNAMES = (
    "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许 傅 沈 曾 彭 吕 "
    "苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 方 石 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江 史 "
    "顾 侯 邵 孟 龙 万 段 雷 钱 汤 尹 黎 易 常 武 乔 贺 赖 龚 文 关 佟 那 富 朴 全 欧阳 司徒"
).split()
FIRST_OF_TWO = "建 志 国 玉 秀 春 桂 淑 文 明 晓 丽 海 永 立 金 洪 凤 艳 俊 振 德 宝 雅 子 雨 佳 思 嘉 景 兆 云 学 长 福 庆 树 广 亚 忠".split()
SECOND_OF_TWO = "华 英 兰 军 伟 芳 梅 杰 霞 平 刚 林 芬 珍 生 山 玲 红 涛 辉 强 敏 静 波 娟 成 龙 琴 宇 涵 轩 怡 贤 民 祥 东 江 宁 良 波".split()
ALONE = "伟 芳 敏 静 磊 洋 勇 艳 杰 娟 涛 超 霞 平 刚 丹 鹏 玲 波 亮 健 英 雪 宁 晶 洁 博 欣 岩 凯".split()

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK_DIGITS = np.array(list("10X98765432"))


def names(rng: np.random.Generator, *, count: int) -> list[str]:
    """Return invented names: common surnames more often, two given characters four times in five."""
    rank = np.arange(len(SURNAMES))
    common = 1.0 / (rank + 6.0)
    surname = np.array(SURNAMES)[rng.choice(len(SURNAMES), count, p=common / common.sum())]
    two = np.char.add(
        np.array(FIRST_OF_TWO)[_leaning(rng, len(FIRST_OF_TWO), count)],
        np.array(SECOND_OF_TWO)[_leaning(rng, len(SECOND_OF_TWO), count)],
    )
    one = np.array(ALONE)[_leaning(rng, len(ALONE), count)]
    given = np.where(rng.random(count) < 0.8, two, one)
    return [str(name) for name in np.char.add(surname, given)]


def _leaning(rng: np.random.Generator, choices: int, count: int) -> npt.NDArray[np.int64]:
    """Return indexes that lean towards the front of a list of choices."""
    return (choices * rng.random(count) ** 1.4).astype(np.int64)


def identity_numbers(rng: np.random.Generator, *, count: int) -> Codes:
    """Return distinct 18-character identity numbers with a valid check character (GB 11643), of nobody.

    Heads of household were born between 1936 and 2003; up to 500 share a birthday of each sex.
    Raises ValueError where more are asked for than these birthdays can hold.
    """
    first, last = np.datetime64("1936-01-01"), np.datetime64("2003-12-31")
    span = int((last - first).astype(int)) + 1
    born = np.floor(rng.beta(2.2, 1.9, count) * span).astype(np.int64)
    order = np.argsort(born, kind="stable")
    ordered = born[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if count else np.zeros(0, dtype=int)
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count) - np.repeat(starts, np.diff(np.r_[starts, count]))
    if count and place.max() >= 500:
        raise ValueError(f"Too many people ({count}) for distinct invented identity numbers.")
    sequence = 2 * place + (rng.random(count) < 0.55)
    days = first + born
    year = days.astype("datetime64[Y]").astype(int) + 1970
    month = days.astype("datetime64[M]").astype(int) % 12 + 1
    day = (days - days.astype("datetime64[M]")).astype(int) + 1
    number = DIVISION_OF_NOBODY * 10**11 + (year * 10_000 + month * 100 + day) * 1000 + sequence
    digits = number[:, None] // 10 ** np.arange(16, -1, -1) % 10
    check = _CHECK_DIGITS[digits @ _WEIGHTS % 11]
    return np.char.add(number.astype("U17"), check)


def phones(rng: np.random.Generator, *, count: int) -> Codes:
    """Return distinct eleven-digit telephone numbers of nobody."""
    scattered = (np.arange(count, dtype=np.int64) * 61_803_401 + int(rng.integers(10**8))) % 10**8
    return (PHONE_OF_NOBODY + scattered).astype("U11")
