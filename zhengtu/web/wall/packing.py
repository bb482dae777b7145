"""One binary answer for many arrays: what the map reads states from, a byte per place.

Layout, little-endian::

    "ZTW1" | uint32 length of the head | head: JSON, padded with spaces | arrays, each padded to 4 bytes

The head names each array with its type (``u1``, ``u2``, ``i4``), its offset from the end of the head
and its length in items. ``d`` before a type says that differences are stored, which compress to
almost nothing: the reader sums them up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson

MAGIC: Final = b"ZTW1"
MEDIA_TYPE: Final = "application/vnd.zhengtu.wall"
_TYPES: Final = {"uint8": "u1", "uint16": "u2", "int32": "i4"}

Array = npt.NDArray[Any]


def packed(head: Mapping[str, Any], areas: Sequence[tuple[str, Mapping[str, Array]]]) -> bytes:
    """Pack each area's arrays under a common head; a name ending in ``~`` is stored as differences."""
    blocks: list[bytes] = []
    offset = 0
    entries = []
    for key, arrays in areas:
        named = {}
        for name, array in arrays.items():
            values = _differences(array) if name.endswith("~") else array
            raw = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<")).tobytes()
            kind = ("d" if name.endswith("~") else "") + _TYPES[values.dtype.name]
            named[name.rstrip("~")] = {"type": kind, "at": offset, "length": int(values.size)}
            blocks.append(raw + b"\0" * (-len(raw) % 4))
            offset += len(blocks[-1])
        entries.append({"key": key, "arrays": named})
    text = orjson.dumps({**head, "areas": entries})
    text += b" " * (-len(text) % 4)
    return MAGIC + len(text).to_bytes(4, "little") + text + b"".join(blocks)


def _differences(array: Array) -> Array:
    """Each item less the one before, in the array's own width: it wraps, and so does the reader's sum."""
    flat = array.ravel()
    return np.diff(flat, prepend=flat.dtype.type(0)).astype(flat.dtype)


def unpacked(raw: bytes) -> tuple[dict[str, Any], dict[str, dict[str, Array]]]:
    """The head and, by area, the arrays of a packed answer.

    Raises:
        ValueError: when the bytes are not such an answer.
    """
    if raw[:4] != MAGIC:
        raise ValueError("not a packed answer")
    start = 8 + int.from_bytes(raw[4:8], "little")
    head = orjson.loads(raw[8:start])
    areas: dict[str, dict[str, Array]] = {}
    for area in head["areas"]:
        arrays = areas.setdefault(area["key"], {})
        for name, entry in area["arrays"].items():
            dtype = np.dtype(entry["type"].lstrip("d")).newbyteorder("<")
            values = np.frombuffer(raw, dtype=dtype, count=entry["length"], offset=start + entry["at"])
            arrays[name] = np.cumsum(values, dtype=dtype) if entry["type"].startswith("d") else values
    return head, areas
