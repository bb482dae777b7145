"""Every deed about an inspection, from the instruction to the decided objection."""

from __future__ import annotations

from zhengtu.inspection.concluding import release_inspection, write_conclusion
from zhengtu.inspection.objecting import Decision, decide_objection, decision_due_on, object_to_conclusion
from zhengtu.inspection.planning import (
    WrittenInstruction,
    authorise_inspection,
    cancel_inspection,
    declare_recusal,
    draw_inspection,
    plan_inspection,
)
from zhengtu.inspection.visiting import record_visit

__all__ = [
    "Decision", "WrittenInstruction", "authorise_inspection", "cancel_inspection", "decide_objection",
    "decision_due_on", "declare_recusal", "draw_inspection", "object_to_conclusion", "plan_inspection",
    "record_visit", "release_inspection", "write_conclusion",
]
