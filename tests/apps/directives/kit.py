"""Directives of the test campaign and papers to answer them with."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.core.files.base import ContentFile

from tests.factories import CHANGYI, CHUANYING, TODAY, actor_with, at
from zhengtu.accounts.models import Unit, UnitKind
from zhengtu.core.directives.draft import DirectiveDraft, DraftDue
from zhengtu.directives.actions import report_on_directive, set_directives, verify_report
from zhengtu.ledger.offered_files import OfferedFile

DUE_ON: Final = date(2025, 3, 14)
OFFICE: Final = "220204-relocation-office"


def draft(**changes: Any) -> DirectiveDraft:
    """船营区 leads, 昌邑区 shares the duty, due in four weeks."""
    return DirectiveDraft(**{
        "lead": CHUANYING, "joint": (CHANGYI,), "matter": "按期完成西环线剩余签约", "due": DraftDue("date", DUE_ON),
        **changes,
    })


def new_directive(*, role: str = "coordinator", unit: str = "", on: date = TODAY, **changes: Any) -> str:
    """One directive that is set and assigned; returns its code."""
    (code,) = set_directives(actor=actor_with(role, unit), drafts=[draft(**changes)], now=at(on))
    return code


def paper(kind: str = "directive_report", text: str = "已按要求办理。") -> OfferedFile:
    """A paper of that kind; invented."""
    return OfferedFile(kind, f"{kind}.txt", ContentFile(text.encode(), name=f"{kind}.txt"))


def answered(code: str, *, on: date = TODAY, unit: str = CHUANYING) -> None:
    """The unit's final answer with its paper."""
    leader = actor_with("district_leader", unit)
    report_on_directive(actor=leader, code=code, text="已完成。", is_final=True, files=[paper()], now=at(on))


def verified(code: str, *, on: date = TODAY) -> None:
    """The coordinator finds the answer true."""
    verify_report(actor=actor_with("coordinator"), code=code, finding="与台账一致。", now=at(on))


def office() -> Unit:
    """An office below 船营区."""
    return Unit.objects.get_or_create(
        code=OFFICE,
        defaults={
            "kind": UnitKind.DEPARTMENT, "name": "船营区征收办", "short_name": "征收办", "name_en": "Relocation Office",
            "superior_id": CHUANYING,
        },
    )[0]
