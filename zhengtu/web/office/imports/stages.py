"""Where an upload stands, in words and with a light."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhengtu.registry.models import ImportStage, SurveyImport

_LIGHTS = {
    ImportStage.IMPORTED: "green",
    ImportStage.REFUSED: "yellow",
    ImportStage.FAILED: "yellow",
    ImportStage.CHECKED: "running",
    ImportStage.CHECKING: "running",
    ImportStage.IMPORTING: "running",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How an upload is shown.

    Attributes:
        label: what the user reads.
        light: name of a light.
        is_moving: whether a task works on it or will.
        is_dead: whether its worker died.
        percent: share done, while something is done.
    """

    label: str
    light: str
    is_moving: bool
    is_dead: bool
    percent: int

    @classmethod
    def of(cls, upload: SurveyImport, *, is_dead: bool) -> Standing:
        """The standing of an upload; ``is_dead`` when it says it is being worked on and is not."""
        stage, queued = ImportStage(upload.stage), upload.options.get("queued", "")
        label = str(stage.label)
        if is_dead:
            return cls(_("Interrupted; nothing was written"), "yellow", False, True, 0)
        is_running = stage in (ImportStage.CHECKING, ImportStage.IMPORTING)
        is_waiting = not is_running and (
            (stage is ImportStage.UPLOADED and queued == "check")
            or (stage is ImportStage.CHECKED and queued == "import")
        )
        if is_waiting:
            label = _("Waits to be checked") if queued == "check" else _("Waits to be imported")
        elif stage is ImportStage.CHECKED and upload.report.get("needs_mapping"):
            label = _("Columns to be confirmed")
        return cls(label, _LIGHTS.get(stage, "idle"), is_running or is_waiting, False, round(upload.progress * 100))
