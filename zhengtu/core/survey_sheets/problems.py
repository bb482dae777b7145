"""What can be wrong with a ledger sheet, as data, with the sentence and the remedy of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Final, NoReturn

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused

_CORRECT_CELL: Final = N_("Correct the cell and import the sheet again.")
_SAVE_AGAIN: Final = N_("Open the file, save it again as .xlsx or CSV, and upload that.")
_AS_TEXT: Final = N_("Format the column as text, type the number again and import the sheet again.")
_IN_DOSSIER: Final = N_("Correct the recorded fact in the household's dossier.")

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "file_missing": (N_("The file is not there."), N_("Check the path or upload the file again.")),
    "file_empty": (N_("The file is empty."), N_("Upload the file again.")),
    "file_too_large": (
        N_("The file has %(size_mb)s MB; at most %(limit_mb)s MB are accepted."),
        N_("Divide it, for instance by section, and import the parts."),
    ),
    "file_kind_unknown": (
        N_("The content is none of the accepted formats (%(found)s)."),
        N_("Supply an Excel or CSV ledger, a GeoPackage, a zipped Shapefile, GeoJSON, DXF or a boundary-point TXT."),
    ),
    "file_kind_differs": (
        N_("The name says %(named)s, but the content is %(found)s."),
        N_("Save the file in the format that its name says, and upload it again."),
    ),
    "file_damaged": (
        N_("The file is damaged or incomplete."),
        N_("Copy or export it again and upload it whole."),
    ),
    "file_protected": (
        N_("The file is protected by a password."),
        N_("Save it without a password and upload it again."),
    ),
    "archive_too_large": (
        N_("Unpacked, the file has %(size_mb)s MB or more; at most %(limit_mb)s MB are accepted."),
        _SAVE_AGAIN,
    ),
    "archive_ratio": (
        N_("The file unpacks to %(ratio)s times its size; at most %(limit)s times is accepted."),
        _SAVE_AGAIN,
    ),
    "sheet_too_wide": (
        N_("The sheet has cells in column %(column)s; at most %(limit)s columns are read."),
        N_("Delete the columns behind the table and save the file again."),
    ),
    "sheet_too_long": (
        N_("The sheet has cells in row %(last)s; at most %(limit)s rows are read."),
        N_("Divide the sheet, or delete the rows behind the table."),
    ),
    "text_undecodable": (
        N_("The characters of the file are in no known encoding."),
        N_("Save it as CSV UTF-8 or as .xlsx and upload that."),
    ),
    "sheet_unknown": (
        N_("There is no sheet “%(asked)s”; the file has: %(sheets)s."),
        N_("Choose one of these sheets."),
    ),
    "sheet_empty": (N_("The sheet holds no rows under its heading."), N_("Choose the sheet with the ledger.")),
    "header_not_found": (
        N_("No heading row was recognised in the first %(rows)s rows."),
        N_("Give the columns headings such as 姓名 and 身份证号, or use the template."),
    ),
    "column_missing": (
        N_("The sheet has no column “%(heading)s”, which the mapping names."),
        N_("Confirm the mapping of columns again."),
    ),
    "field_needed": (
        N_("No column is mapped to “%(label)s”, which every household needs."),
        N_("Map the column with the names, or use the template."),
    ),
    "unit_unsupported": (
        N_("The heading “%(heading)s” is in %(unit)s; %(needed)s is needed."),
        N_("Convert the column and its heading to %(needed)s."),
    ),
    "error_value": (N_("The cell shows the error %(value)s."), _CORRECT_CELL),
    "text_too_long": (N_("The text has %(length)s characters; at most %(limit)s are kept."), _CORRECT_CELL),
    "digits_lost": (
        N_("The number is stored as a figure of which Excel keeps only 15 digits; the rest is lost."),
        _AS_TEXT,
    ),
    "required": (N_("“%(label)s” is missing."), N_("Fill the cell, or delete the row if it is no household.")),
    "identity_shape": (
        N_("“%(value)s” is no identity number: it has %(length)s characters, not 18."),
        _CORRECT_CELL,
    ),
    "identity_birthday": (N_("The date of birth in “%(value)s” does not exist."), _CORRECT_CELL),
    "identity_check_digit": (
        N_("The check digit of “%(value)s” is wrong; at least one character is mistyped."),
        N_("Compare it with the identity card and correct it."),
    ),
    "phone_shape": (
        N_("“%(value)s” is no phone number."),
        N_("Give a mobile number of 11 digits or a fixed line with area code."),
    ),
    "choice_unknown": (N_("“%(value)s” is not one of: %(choices)s."), _CORRECT_CELL),
    "count_wrong": (N_("“%(value)s” is no whole number from 0 to %(limit)s."), _CORRECT_CELL),
    "number_wrong": (N_("“%(value)s” is no number."), _CORRECT_CELL),
    "number_negative": (N_("%(value)s is less than 0."), _CORRECT_CELL),
    "number_too_large": (
        N_("%(value)s is more than %(limit)s."),
        N_("Check the unit of the column and correct the cell."),
    ),
    "number_rounded": (
        N_("%(value)s has more than two decimals and is rounded to %(rounded)s."),
        N_("Check that this is meant."),
    ),
    "date_wrong": (N_("“%(value)s” is no date with year, month and day."), N_("Write dates as 2025-02-03.")),
    "date_unlikely": (N_("%(value)s lies before 1949."), _CORRECT_CELL),
    "row_is_total": (
        N_("The row looks like a total or a signature line and was passed over."),
        N_("Check that no household stands in it."),
    ),
    "row_repeats_heading": (N_("The row repeats the headings and was passed over."), ""),
    "duplicate_code": (
        N_("The code %(code)s stands in row %(other_row)s too."),
        N_("Leave one row, or correct the code."),
    ),
    "duplicate_household": (
        N_("The same household (name or identity number, section, address and room) stands in row %(other_row)s too."),
        N_("Leave one of the two rows."),
    ),
    "duplicate_identity": (
        N_("The same identity number stands in row %(other_row)s too."),
        N_("Check that this person really has two households."),
    ),
    "identity_in_registry": (
        N_("The same identity number is registered for %(household)s."),
        N_("Check that this person really has two households."),
    ),
    "identity_in_other_project": (
        N_("The same identity number is registered in another project: %(household)s."),
        N_("Check that nobody is compensated twice for one thing."),
    ),
    "section_unknown": (
        N_("The project has no section “%(value)s” that you may import into."),
        N_("Give the code or the name of a section of this project in your jurisdiction."),
    ),
    "section_missing": (
        N_("The row names no section, and the project has several."),
        N_("Fill the column 节点, or choose one section for the whole file."),
    ),
    "section_contradicts": (
        N_("%(code)s does not lie in the section %(section)s of the row."),
        N_("Correct the code or the section."),
    ),
    "parcel_unknown": (
        N_("The section has no parcel “%(value)s”."),
        N_("Import the parcels first, or correct the cell."),
    ),
    "parcel_ambiguous": (
        N_("Several parcels of the section are called “%(value)s”."),
        N_("Give the code of the parcel."),
    ),
    "building_unknown": (
        N_("The section has no building “%(value)s”."),
        N_("Import the buildings first, or correct the cell."),
    ),
    "code_malformed": (
        N_("“%(value)s” is no code of this kind; it would look like %(example)s."),
        N_("Correct it, or leave the cell empty and a number is given."),
    ),
    "masked_new": (
        N_("“%(value)s” is masked; a new household needs the full value."),
        N_("Fill in the full value."),
    ),
    "masked_changed": (
        N_("“%(value)s” is masked and differs from what is registered."),
        N_("Leave masked cells as they were exported, or fill in the full new value."),
    ),
    "section_may_not_change": (
        N_("The household is registered in %(held)s; its section cannot be changed by a sheet."),
        N_("Give the section it is registered in."),
    ),
    "cell_cleared": (
        N_("The cell is empty; what is registered will be removed."),
        N_("Fill the cell if that is not meant."),
    ),
    "step_recorded_otherwise": (
        N_("“%(label)s” is recorded as %(held)s, the sheet says %(value)s."),
        _IN_DOSSIER,
    ),
    "step_undated": (
        N_("“%(label)s” is given without the date of its step."),
        N_("Fill the date too, or clear the cell."),
    ),
    "step_needs_evidence": (
        N_("%(on)s lies in the campaign, which began on %(start)s; such a step is recorded with its evidence."),
        N_("Clear the cell, and record the step in the household's dossier with its evidence."),
    ),
    "layer_kind_unknown": (
        N_("It is not clear what the layer “%(layer)s” holds."),
        N_("Say whether these are sections, parcels or buildings."),
    ),
    "name_ambiguous": (N_("Several registered ones are called “%(value)s”."), N_("Give the code.")),
    "section_not_located": (
        N_("The outline lies in no section of the project that you may import into."),
        N_("Name the section, or check the coordinates."),
    ),
    "section_shape_missing": (
        N_("The section %(section)s has no outline yet; nothing was checked against it."),
        N_("Import the outline of the section first."),
    ),
    "overlaps_registered": (
        N_("The outline overlaps that of the registered %(code)s by %(area_m2)s m²."),
        N_("Settle the boundary between the two and correct it in the survey software."),
    ),
    "declared_area_differs": (
        N_("The declared area is %(declared_m2)s m², the coordinates enclose %(computed_m2)s m²."),
        N_("Find out which is right before compensation is computed from it."),
    ),
    "section_new_name": (
        N_("A new section needs a name and its jurisdiction."),
        N_("Give the columns 名称 and 属地 (a division code such as 220204)."),
    ),
    "jurisdiction_unknown": (
        N_("“%(value)s” is no jurisdiction of the project that you may import into."),
        N_("Give the division code or the name of a district or zone."),
    ),
}


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """One finding.

    Attributes:
        code: key of ``TEXTS``, or a ledger or spatial reason code when ``reason`` is given.
        row: row of the sheet as its user counts it, from 1; 0 for the whole sheet.
        field: id of the field, or empty.
        parameters: values for the places in the texts.
        is_refusal: whether the row must not be taken over; otherwise it is a warning.
        reason: a ready reason from elsewhere, or None.
    """

    code: str
    row: int = 0
    field: str = ""
    parameters: Mapping[str, object] = dataclass_field(default_factory=dict, hash=False)
    is_refusal: bool = True
    reason: Reason | None = None


def reason_of(problem: SheetProblem) -> Reason:
    """The finding as a sentence with its remedy."""
    if problem.reason is not None:
        return problem.reason
    message, remedy = TEXTS[problem.code]
    return Reason(code=f"sheet.{problem.code}", message=message, parameters=problem.parameters, remedy=remedy)


def refuse_file(code: str, **parameters: object) -> NoReturn:
    """Refuse a whole file.

    Raises:
        Refused: always.
    """
    raise Refused(reason_of(SheetProblem(code, parameters=parameters)))
