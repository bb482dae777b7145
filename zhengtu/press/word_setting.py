"""What a Word file needs before its text: fonts with substitutes, styles, the page with its grid, head and foot."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from zhengtu.press.document import Document, Layout
from zhengtu.press.document_setting import FONTS, Setting, clean, set_width, words_of
from zhengtu.press.typesetting import typeset

RED: Final = "D7000F"
_TWIPS_PER_POINT: Final = 20
_TWIPS_PER_MM: Final = 1440 / 25.4
_GRID_UNITS_PER_POINT: Final = 4096
_PAGE_NUMBER_PT: Final = {True: 14.0, False: 9.0}
_WATERMARK_WIDTH_PT: Final = 460.0
_RED_LINES_MM: Final = 170.0
_VML: Final = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'


def set_fonts(properties: Any, role: str, *, is_standard: bool) -> None:
    """The font of a role for Chinese; the standard's Latin letters and digits beside it, or the same font."""
    name = FONTS[role][0]
    latin = FONTS["latin"][0] if is_standard else name
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for place, font in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", name)):
        fonts.set(qn(f"w:{place}"), font)
    # Quotation marks and dashes, which both scripts have, stand in the Chinese font.
    fonts.set(qn("w:hint"), "eastAsia")


def declare_substitutes(word: WordDocument) -> None:
    """Tell the reader's program which fonts may stand for one that it lacks."""
    for part in word.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            whole: Any = part
            table = parse_xml(whole.blob)
            held = {font.get(qn("w:name")): font for font in table}
            for role, names in FONTS.items():
                if names[0] in held:
                    table.remove(held[names[0]])
                table.append(parse_xml(
                    f'<w:font {nsdecls("w")} w:name={quoteattr(names[0])}>'
                    f'<w:altName w:val={quoteattr(",".join(names[1:]))}/>'
                    f'<w:charset w:val="{"00" if role == "latin" else "86"}"/>'
                    f'<w:family w:val="{"swiss" if role in {"hei", "plain"} else "roman"}"/></w:font>'
                ))
            whole._blob = serialize_part_xml(table)


def set_styles(word: WordDocument, setting: Setting, *, is_standard: bool, is_red: bool) -> None:
    """Body text, headings of four levels and the title."""
    normal: Any = word.styles["Normal"]
    set_fonts(normal.element.get_or_add_rPr(), setting.body, is_standard=is_standard)
    normal.font.size = Pt(setting.body_pt)
    form = normal.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(setting.line_pt)
    form.widow_control = not is_standard
    _set_language(word)
    if is_standard:
        _keep_close(normal.element, setting)
    for level, role in enumerate(setting.headings, start=1):
        style: Any = word.styles[f"Heading {level}"]
        set_fonts(style.element.get_or_add_rPr(), role, is_standard=is_standard)
        style.font.size = Pt(setting.body_pt * (1.0 if is_standard else (1.17, 1.08, 1.0, 1.0)[level - 1]))
        style.font.bold, style.font.italic = not is_standard, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.space_before = Pt(0 if is_standard else 6)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.keep_with_next = True
    _set_title(word, setting, is_standard=is_standard, is_red=is_red)


def _set_language(word: WordDocument) -> None:
    """Chinese is Chinese of the mainland, so that programs choose its shapes of letters and punctuation."""
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _keep_close(style: Any, setting: Setting) -> None:
    """Twenty-eight letters to the line by their own spacing; programs disagree on letters wider than the grid's cells.

    Latin letters and digits stand close to Chinese ones, and lines are exactly as high as those of the grid.
    """
    properties = style.get_or_add_pPr()
    for name in ("w:overflowPunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:snapToGrid"):
        element = OxmlElement(name)
        element.set(qn("w:val"), "0")
        properties.insert_element_before(
            element, "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc",
            "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:rPr",
        )
    spacing = OxmlElement("w:spacing")
    # One twentieth of a point more than the grid asks: LibreOffice makes the type area half a millimetre narrower.
    spacing.set(qn("w:val"), str(math.floor(setting.tracking_pt * _TWIPS_PER_POINT) - 1))
    style.get_or_add_rPr().insert_element_before(
        spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:lang"
    )


def _set_title(word: WordDocument, setting: Setting, *, is_standard: bool, is_red: bool) -> None:
    title: Any = word.styles["Title"]
    set_fonts(title.element.get_or_add_rPr(), setting.title, is_standard=is_standard)
    title.font.size, title.font.bold = Pt(setting.title_pt), not is_standard
    title.font.color.rgb = RGBColor.from_string(RED) if is_red else RGBColor(0, 0, 0)
    spacing = title.element.get_or_add_rPr().find(qn("w:spacing"))
    if spacing is not None:
        spacing.getparent().remove(spacing)
    form = title.paragraph_format
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(setting.line_pt if is_standard else setting.title_pt * 1.5)
    form.space_after, form.keep_with_next, form.alignment = Pt(0), True, WD_ALIGN_PARAGRAPH.CENTER
    border = title.element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)


def set_page(word: WordDocument, source: Document, setting: Setting) -> None:
    """Paper, margins, the grid of lines and characters, and what stands at the head and foot of every page."""
    is_standard = source.layout is not Layout.FORM
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(setting.top_mm), Mm(setting.bottom_mm)
    section.left_margin, section.right_margin = Mm(setting.left_mm), Mm(setting.right_mm)
    section.header_distance = Mm(21 if is_standard else 12)
    # The dash of the page number lies 7 mm under the type area.
    section.footer_distance = Mm(setting.bottom_mm - 7 - (3.2 if is_standard else 5))
    if is_standard:
        _set_grid(section._sectPr, setting)
        word.settings.odd_and_even_pages_header_footer = True
    if source.layout is Layout.RED_SLIP:
        _set_red_border(section._sectPr)
    sides = [(section.header, section.footer, True)]
    if is_standard:
        sides.append((section.even_page_header, section.even_page_footer, False))
    for header, footer, is_odd in sides:
        header.is_linked_to_previous = footer.is_linked_to_previous = False
        _write_mark(header.paragraphs[0], source, is_standard=is_standard)
        _write_page_number(footer.paragraphs[0], source, is_odd=is_odd, is_standard=is_standard)
    if source.layout is Layout.LETTER:
        _set_first_page_of_letter(section, source)


def _set_grid(properties: Any, setting: Setting) -> None:
    grid = properties.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        properties.append(grid)
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(round(setting.line_pt * _TWIPS_PER_POINT)))
    grid.set(qn("w:charSpace"), str(round(setting.tracking_pt * _GRID_UNITS_PER_POINT)))


def _set_red_border(properties: Any) -> None:
    sides = "".join(
        f'<w:{side} w:val="double" w:sz="8" w:space="{space}" w:color="{RED}"/>'
        for side, space in (("top", 14), ("left", 12), ("bottom", 8), ("right", 12))
    )
    borders = parse_xml(f'<w:pgBorders {nsdecls("w")} w:offsetFrom="text">{sides}</w:pgBorders>')
    properties.find(qn("w:pgMar")).addnext(borders)


def _set_first_page_of_letter(section: Any, source: Document) -> None:
    """The first page of a letter has no number; a thin line over a thick one lies 20 mm above the edge of the paper."""
    section.different_first_page_header_footer = True
    header, footer = section.first_page_header, section.first_page_footer
    header.is_linked_to_previous = footer.is_linked_to_previous = False
    _write_mark(header.paragraphs[0], source, is_standard=True)
    add_red_lines(footer.paragraphs[0], y_mm=275.6, is_thick_first=False)


def add_red_lines(paragraph: WordParagraph, *, y_mm: float, is_thick_first: bool) -> None:
    """The red double line of a letter, 170 mm long, so far under the paper's edge: a picture behind the text."""
    rules = ((0.0, 0.7), (1.15, 0.25)) if is_thick_first else ((0.0, 0.25), (0.7, 0.7))
    lines = rules_picture(rules, width_mm=_RED_LINES_MM, height_mm=1.4, colour=RED)
    inline = add_picture(paragraph, lines, width_mm=_RED_LINES_MM)
    anchor = parse_xml(
        f'<wp:anchor {nsdecls("wp")} distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" '
        'behindDoc="1" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="page"><wp:align>center</wp:align></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{Mm(y_mm)}</wp:posOffset></wp:positionV></wp:anchor>'
    )
    for child in list(inline):
        anchor.append(child)
        if child.tag == qn("wp:extent"):
            anchor.append(parse_xml(f'<wp:effectExtent {nsdecls("wp")} l="0" t="0" r="0" b="0"/>'))
            anchor.append(parse_xml(f'<wp:wrapNone {nsdecls("wp")}/>'))
    inline.getparent().replace(inline, anchor)


def add_picture(paragraph: WordParagraph, picture: bytes, *, width_mm: float, about: str = "") -> Any:
    """A picture in its line, with nothing left free around it; ``about`` says what it shows."""
    inline: Any = paragraph.add_run().add_picture(BytesIO(picture), width=Mm(width_mm))._inline
    for side in ("distT", "distB", "distL", "distR"):
        inline.set(side, "0")
    inline.docPr.set("descr", about)
    return inline


def rules_picture(
    rules: Sequence[tuple[float, float]], *, width_mm: float, height_mm: float, colour: str
) -> bytes:
    """Rules as a picture, where programs do not agree on lines: how far from the top and how thick, in mm."""
    values = {"width_mm": width_mm, "height_mm": height_mm, "colour": f"#{colour}", "rules": list(rules)}
    return typeset("rules.typ", values, name="rules", kind="png", per_inch=600)


_AFTER_FRAME: Final = (
    "w:widowControl", "w:numPr", "w:suppressLineNumbers", "w:pBdr", "w:shd", "w:tabs", "w:suppressAutoHyphens",
    "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi",
    "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr",
)


def put_in_frame(paragraph: WordParagraph, *, x_mm: float, y_mm: float, width_mm: float, height_mm: float) -> None:
    """A paragraph at a fixed place of the page, measured from the paper's edges."""
    measures = {"w": width_mm, "h": height_mm, "x": x_mm, "y": y_mm}
    _frame(
        paragraph, {name: str(round(value * _TWIPS_PER_MM)) for name, value in measures.items()}
        | {"hRule": "exact", "wrap": "around", "vAnchor": "page", "hAnchor": "page"},
    )


def put_at_foot(paragraph: WordParagraph, *, width_mm: float) -> None:
    """A paragraph at the foot of the type area of its page; those that follow one another stand together."""
    _frame(paragraph, {
        "w": str(round(width_mm * _TWIPS_PER_MM)), "wrap": "around", "vAnchor": "margin", "hAnchor": "margin",
        "xAlign": "left", "yAlign": "bottom",
    })


def _frame(paragraph: WordParagraph, values: Mapping[str, str]) -> None:
    frame = OxmlElement("w:framePr")
    for name, value in values.items():
        frame.set(qn(f"w:{name}"), value)
    paragraph._p.get_or_add_pPr().insert_element_before(frame, *_AFTER_FRAME)


def rule(
    paragraph: WordParagraph, *, kind: str = "single", eighths: int, space_pt: float, colour: str, side: str = "bottom"
) -> None:
    """A rule under or over a paragraph, so many eighths of a point thick and so far from its text."""
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:{side} w:val="{kind}" w:sz="{eighths}" w:space="{round(space_pt)}" '
        f'w:color="{colour}"/></w:pBdr>'
    )
    paragraph._p.get_or_add_pPr().insert_element_before(border, *_AFTER_FRAME[_AFTER_FRAME.index("w:shd"):])


def bare(paragraph: WordParagraph) -> None:
    """A line that stands as high as its letters."""
    form = paragraph.paragraph_format
    form.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _write_mark(paragraph: WordParagraph, source: Document, *, is_standard: bool) -> None:
    bare(paragraph)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if source.mark:
        run = paragraph.add_run(clean(source.mark))
        set_fonts(run._r.get_or_add_rPr(), "hei", is_standard=is_standard)
        run.font.size, run.font.color.rgb = Pt(10), RGBColor(0x5A, 0x5A, 0x5A)
    if source.watermark:
        paragraph.add_run()._r.append(_watermark(clean(source.watermark)))


def _watermark(text: str) -> Any:
    """Letters across the page, behind the text, as Word itself makes them."""
    height = min(110.0, _WATERMARK_WIDTH_PT / max(set_width(text), 1.0))
    width = height * max(set_width(text), 1.0)
    style = (
        f"position:absolute;margin-left:0;margin-top:0;width:{width:.0f}pt;height:{height:.0f}pt;rotation:315;"
        "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin"
    )
    font = quoteattr(f'font-family:"{FONTS["hei"][0]}";font-size:1pt', {"'": "&apos;"})
    return parse_xml(
        f'<w:pict {nsdecls("w")} {_VML}><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" '
        'adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>'
        '<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/>'
        '<v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>'
        '</v:formulas><v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="watermark" o:spid="_x0000_s2049" type="#_x0000_t136" style="{style}" o:allowincell="f" '
        f'fillcolor="#e2e2e2" stroked="f"><v:textpath style={font} string={quoteattr(text)}/></v:shape>'
        "</w:pict>"
    )


def _write_page_number(paragraph: WordParagraph, source: Document, *, is_odd: bool, is_standard: bool) -> None:
    bare(paragraph)
    size, role = _PAGE_NUMBER_PT[is_standard], "song" if is_standard else "plain"
    if is_standard:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_odd else WD_ALIGN_PARAGRAPH.LEFT
        form = paragraph.paragraph_format
        form.right_indent, form.left_indent = (Pt(size), None) if is_odd else (None, Pt(size))
    else:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    words: Mapping[str, str] = words_of(source.language)
    pattern = "— {page} —" if is_standard else words["page"]
    runs: list[Run] = []
    for part in pattern.replace("{page}", "\0PAGE\0").replace("{pages}", "\0NUMPAGES\0").split("\0"):
        runs += _field_runs(paragraph, part) if part in {"PAGE", "NUMPAGES"} else [paragraph.add_run(part)]
    for run in runs:
        set_fonts(run._r.get_or_add_rPr(), role, is_standard=False)
        run.font.size = Pt(size)


def _field_runs(paragraph: WordParagraph, instruction: str) -> list[Run]:
    runs = []
    for kind in ("begin", "", "separate", "text", "end"):
        run = paragraph.add_run()
        if kind == "text":
            run.text = "1"
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        else:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {instruction} "
            run._r.append(code)
        runs.append(run)
    return runs
