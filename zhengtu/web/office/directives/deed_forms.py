"""What can be done to a directive, each with its form: which fields, which evidence, what the button says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext_lazy as _

from zhengtu.core.kernel.reasons import Reason
from zhengtu.web.office.dossier.recording import EvidenceField


@dataclass(frozen=True, slots=True)
class DeedField:
    """One field of a deed's form.

    Attributes:
        type: ``text``, ``long``, ``date``, ``choice``, ``unit`` (one of the units that it can be given to),
            ``objector`` (one of the units whose objections the deed can decide).
    """

    name: str
    label: object
    type: str = "long"
    is_required: bool = True
    hint: object = ""
    choices: Sequence[tuple[str, object]] = ()
    value: str = ""


@dataclass(frozen=True, slots=True)
class DeedForm:
    """One deed as the page offers it.

    Attributes:
        id: its name in the address and in ``directives.actions``.
        evidence: kinds of evidence, the first ``required_evidence`` of them needed.
        confirm: what is asked before it is sent.
    """

    id: str
    title: object
    button: object
    fields: Sequence[DeedField] = ()
    evidence: Sequence[str] = ()
    required_evidence: int = 0
    hint: object = ""
    confirm: object = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the form that divides a directive."""

    number: int
    lead: str = ""
    matter: str = ""
    due_on: str = ""


@dataclass(frozen=True, slots=True)
class ShownDeed:
    """A deed ready to be drawn; ``parts`` and ``units`` are those of dividing."""

    id: str
    title: object
    button: object
    href: str
    fields: Sequence[DeedField]
    evidence: Sequence[EvidenceField]
    hint: object = ""
    confirm: object = ""
    is_open: bool = False
    reasons: Sequence[Reason] = field(default_factory=tuple)
    parts: Sequence[Part] = ()
    units: Sequence[tuple[str, str]] = ()


_OPINION: Final = DeedField("reason", _("Opinion"))

DEEDS: Final = (
    DeedForm("receive", _("Receive"), _("Receive"), fields=(
        DeedField("officer", _("Responsible person"), type="text", hint=_("Name and office.")),
    )),
    DeedForm("report", _("Answer with a report"), _("Send the answer"), evidence=("directive_report", "photo", "other"),
             required_evidence=1, fields=(
        DeedField("is_final", _("Kind of answer"), type="choice", choices=(
            ("final", _("Result: the matter is done")), ("interim", _("Interim: how far it is")),
        )),
        DeedField("text", _("What was done")),
    ), hint=_("One matter, one report, signed off by the head of the unit.")),
    DeedForm("object", _("Object to the assignment"), _("Raise the objection"), fields=(
        DeedField("reason", _("Why it is not this unit's matter, and whose it is")),
    )),
    DeedForm("ask_extension", _("Ask for an extension"), _("Ask for it"), fields=(
        DeedField("due_on", _("New last day"), type="date"), DeedField("reason", _("Reason")),
    ), hint=_("It has to be asked for before the last day, with the consent of the head of the unit.")),
    DeedForm("divide", _("Divide among lower units"), _("Give out the parts"), hint=_(
        "Each part goes to a unit below yours, is due no later than the whole, and is checked and closed by your unit."
    )),
    DeedForm("verify", _("Verify the answer"), _("Verified"), fields=(
        DeedField("finding", _("What was found"), hint=_("Facts, result, legality and form.")),
    )),
    DeedForm("return", _("Return the answer"), _("Return it"), fields=(
        DeedField("reason", _("Why the evidence does not show the result")),
        DeedField("due_on", _("To be answered again by"), type="date"),
    )),
    DeedForm("grant_extension", _("Grant the extension"), _("Grant it"), fields=(
        DeedField("due_on", _("New last day"), type="date"), _OPINION,
    )),
    DeedForm("refuse_extension", _("Refuse the extension"), _("Refuse it"), fields=(_OPINION,)),
    DeedForm("reassign", _("Give it to another unit"), _("Give it there"), fields=(
        DeedField("lead", _("Lead unit"), type="unit"), DeedField("reason", _("Reason")),
    )),
    DeedForm("release", _("Accept the objection of a joint unit"), _("Accept it"), fields=(
        DeedField("unit", _("Unit that objects"), type="objector"), _OPINION,
    ), hint=_("The unit then shares the directive no more; the lead unit stays.")),
    DeedForm("decline_objection", _("Decline the objection"), _("Decline it"), fields=(
        DeedField("unit", _("Unit that objects"), type="objector"), _OPINION,
    )),
    DeedForm("chase", _("Chase"), _("Chase"), fields=(DeedField("text", _("What is said")),)),
    DeedForm("close", _("Close as done"), _("Close as done"), fields=(
        DeedField("conclusion", _("Conclusion")),
    )),
    DeedForm("archive", _("Archive"), _("Archive"),
             confirm=_("Archive this directive? Nothing more can be done to it then.")),
    DeedForm("cancel", _("Cancel the directive"), _("Cancel the directive"), evidence=("instruction",),
             required_evidence=1, fields=(DeedField("reason", _("Reason")),),
             confirm=_("Cancel this directive? It cannot be taken up again.")),
)
"""In the order in which the page offers them."""
