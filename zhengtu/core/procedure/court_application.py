"""The application to the court: whether every paper is there and no ground of refusal stands against it."""

from __future__ import annotations

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.procedure.case_facts import CourtDossier
from zhengtu.core.procedure.steps import Procedure


def application_reasons(dossier: CourtDossier | None, procedure: Procedure) -> list[Reason]:
    """What the papers lack, one reason per line of the checklist and of the self-check; empty when they are whole."""
    held = dossier or CourtDossier()
    return [*_missing_documents(held, procedure), *_self_check(held, procedure)]


def _missing_documents(dossier: CourtDossier, procedure: Procedure) -> list[Reason]:
    return [
        Reason(
            code="court.document_missing",
            message=N_("The application lacks: %(document)s."),
            parameters={"document": f"court_document:{procedure.regime}.{item.id}"},
            source=item.source,
            remedy=N_("Attach the document to the application."),
        )
        for item in procedure.court.documents.values()
        if not dossier.documents.get(item.id)
    ]


def _self_check(dossier: CourtDossier, procedure: Procedure) -> list[Reason]:
    reasons = []
    for item in procedure.court.refusal_grounds.values():
        line = dossier.self_check.get(item.id)
        ground = f"refusal_ground:{procedure.regime}.{item.id}"
        if line is None:
            code, message = "court.ground_unanswered", N_("The self-check leaves open: %(ground)s.")
            remedy = N_("Answer the line and attach its document.")
        elif line.applies:
            code, message = "court.ground_applies", N_("A ground of refusal applies: %(ground)s.")
            remedy = N_("Cure it first; the court would refuse.")
        elif not line.document:
            code, message = "court.ground_unproved", N_("No document shows that this does not apply: %(ground)s.")
            remedy = N_("Attach the document.")
        else:
            continue
        reasons.append(Reason(code, message, {"ground": ground}, item.source, remedy))
    return reasons
