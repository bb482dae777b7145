"""Addresses of channels: which are accepted, and how they are shown."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import parse_qs, urlsplit

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

ROBOTS: Final = {
    # maker -> (host, path, parameter that holds the key)
    "wecom": ("qyapi.weixin.qq.com", "/cgi-bin/webhook/send", "key"),
    "dingtalk": ("oapi.dingtalk.com", "/robot/send", "access_token"),
}
_EMAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
LONGEST: Final = 500


def robot_reasons(maker: str, address: str, *, origins: Collection[str]) -> list[Reason]:
    """Why a robot's address is not accepted: only https, only the maker's own host, path and parameters.

    Args:
        origins: further origins that the installation's settings name, e.g. ``https://relay.example.gov.cn``; with
            these the maker's path is still asked for.
    """
    host, path, key = ROBOTS[maker]
    remedy = N_("Copy the robot's webhook address from the group's settings.")
    if len(address) > LONGEST or not address.isascii() or not address.isprintable() or "\\" in address:
        return [Reason("notices.address_unreadable", N_("This is not a webhook address."), remedy=remedy)]
    try:
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc}"
        given = parse_qs(parts.query, strict_parsing=True)
    except ValueError:
        return [Reason("notices.address_unreadable", N_("This is not a webhook address."), remedy=remedy)]
    if origin != f"https://{host}" and origin not in origins:
        return [Reason(
            "notices.address_foreign", N_("Messages go only to %(host)s by https, never to another address."),
            {"host": host}, remedy=remedy,
        )]
    if parts.path != path or list(given) != [key] or len(given[key]) != 1 or parts.fragment:
        return [Reason(
            "notices.address_other",
            N_("A robot's address reads https://%(host)s%(path)s?%(key)s=…, and nothing more."),
            {"host": host, "path": path, "key": key}, remedy=remedy,
        )]
    return []


def email_reasons(address: str, *, domains: Collection[str]) -> list[Reason]:
    """Why an e-mail address is not accepted.

    Args:
        domains: domains that the installation sends to; empty for any.
    """
    if len(address) > 254 or _EMAIL.fullmatch(address) is None:
        return [Reason(
            "notices.email_unreadable", N_("This is not an e-mail address."),
            remedy=N_("Write it as name@unit.gov.cn."),
        )]
    domain = address.rpartition("@")[2].lower()
    if domains and domain not in domains:
        return [Reason(
            "notices.email_foreign", N_("This installation sends e-mail only to these domains: %(domains)s."),
            {"domains": ", ".join(sorted(domains))}, remedy=N_("Give your official address."),
        )]
    return []


def masked_address(address: str) -> str:
    """Enough of an address to recognise it: the first letter and the domain, or the host and the key's last four."""
    if "://" not in address:
        name, _, domain = address.rpartition("@")
        return f"{name[:1]}***@{domain}" if domain else "***"
    parts = urlsplit(address)
    key = next(iter(parse_qs(parts.query).values()), [""])[0]
    return f"{parts.hostname} …{key[-4:] if len(key) > 12 else ''}"
