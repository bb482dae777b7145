"""Invented people: names, identity numbers and telephone numbers that can belong to nobody."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zhengtu.jobs.demonstration.model import Codes

DIVISION_OF_NOBODY = 999_999
"""The first six digits of every identity number: no administrative division has this code."""
PHONE_OF_NOBODY = 10_000_000_000
"""Eleven digits that begin with 100, which no network assigns to a subscriber."""
ACCOUNT_OF_NOBODY = "99990000"
"""The first digits of every bank account: no bank issues cards that begin so."""

SURNAMES = [
    *(
        "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
        "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
        "关佟那富朴全"
    ),
    "欧阳",
    "司徒",
]
FIRST_OF_TWO = list("建志国玉秀春桂淑文明晓丽海永立金洪凤艳俊振德宝雅子雨佳思嘉景兆云学长福庆树广亚忠")
SECOND_OF_TWO = list("华英兰军伟芳梅杰霞平刚林芬珍生山玲红涛辉强敏静波娟成龙琴宇涵轩怡贤民祥东江宁良波")
ALONE = list("伟芳敏静磊洋勇艳杰娟涛超霞平刚丹鹏玲波亮健英雪宁晶洁博欣岩凯")

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
