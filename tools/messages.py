"""Interface texts and their Chinese: ``python tools/messages.py extract | check | compile | missing``.

``extract`` collects the English msgids of Python sources and templates into the .po file and keeps what is translated.
``check`` fails on missing, fuzzy, left-over or mismatching translations and on Chinese literals in code and templates.
``compile`` writes the .mo file. ``missing`` prints untranslated msgids as JSON; ``fill FILE`` takes it back
with the Chinese.
No gettext has to be installed.
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from babel.messages.catalog import Catalog, Message  # noqa: E402
from babel.messages.extract import extract_python  # noqa: E402
from babel.messages.pofile import read_po, write_po  # noqa: E402
from django.conf import settings  # noqa: E402
from django.utils.translation.template import templatize  # noqa: E402

from zhengtu.jobs.message_files import compile_messages  # noqa: E402

PACKAGE = REPOSITORY / "zhengtu"
PO_FILE = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("_", "N_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
CHINESE_IS_DATA: Final = {
    "zhengtu/jobs/demonstration/": "names, places and papers of the demonstration",
    "zhengtu/core/rules/procedure_checks.py": "words that no step of a procedure may contain",
    "zhengtu/core/kernel/money.py": "numerals of sums that are written out",
    "zhengtu/core/survey_sheets/": "headings and words that units write in their own sheets",
    "zhengtu/core/spatial/": "words of survey file formats",
    "zhengtu/registry/survey_import/": "headings of the sheets that are read",
    "zhengtu/config/settings.py": "names of languages, each in itself",
    "zhengtu/core/language/": "words of the texts that are read",
    "zhengtu/registry/outline_loading.py": "headings of the files that are read",
    "zhengtu/jobs/management/commands/demo.py": "the name of the product",
}
"""Where Chinese text is what the program reads or invents, not what it says."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_PLACES = re.compile(r"%\((\w+)\)[sd]|%%|\{(\w*)\}")
_TEMPLATE_CODE = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->", re.DOTALL)

Found = tuple[Any, str | None, str]
"""(msgid or (singular, plural), context, place)."""


def main(arguments: list[str]) -> int:
    """Run one subcommand; returns the exit status."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    command, *rest = arguments or ["check"]
    if command == "extract":
        return _extract()
    if command == "compile":
        return _say(*(str(path) for path in compile_messages()))
    if command == "missing":
        return _say(json.dumps(_untranslated(_current()), ensure_ascii=False, indent=1))
    if command == "fill" and rest:
        return _fill(Path(rest[0]))
    if command == "check":
        problems = [*_catalog_problems(), *_chinese_literals()]
        _say(*problems, f"{len(problems)} problems" if problems else "Messages: all translated, none left over.")
        return 1 if problems else 0
    return _say(__doc__ or "") or 2


def found_messages() -> Iterator[Found]:
    """Every message of the package, in order of file and place."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _messages_in(path.read_text(encoding="utf-8"), path)
    for path in sorted((PACKAGE / "web" / "templates").rglob("*.*")):
        if path.suffix in (".html", ".txt"):
            # Indentation of a template means nothing, but would to the Python reader.
            code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            yield from _messages_in("\n".join(line.strip() for line in code.splitlines()), path)


def _messages_in(code: str, path: Path) -> Iterator[Found]:
    place = path.relative_to(REPOSITORY).as_posix()
    for _line, function, arguments, _comments in extract_python(io.BytesIO(code.encode()), KEYWORDS, [], {}):
        texts = [arguments] if isinstance(arguments, str) else [text for text in arguments or () if text]
        if not texts:
            continue
        context = texts.pop(0) if function.startswith(("pgettext", "npgettext")) else None
        is_plural = "ngettext" in function or "npgettext" in function
        yield (tuple(texts[:2]) if is_plural else texts[0]), context, place


def _template_catalog() -> Catalog:
    catalog = Catalog(fuzzy=False)
    for message, context, place in found_messages():
        if message:
            catalog.add(message, context=context, locations=[(place, 0)])
    return catalog


def _current() -> Catalog:
    if not PO_FILE.exists():
        return Catalog(locale="zh_Hans", fuzzy=False, project="Zhengtu", charset="utf-8")
    with PO_FILE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def _extract() -> int:
    catalog = _current()
    catalog.update(_template_catalog(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return _write(catalog) or _say(f"{len(_untranslated(catalog))} of {len(catalog)} messages have no Chinese yet.")


def _write(catalog: Catalog) -> int:
    catalog.fuzzy = False
    catalog.header_comment = "# Chinese texts of Zhengtu. Write the msgstr; the rest comes from tools/messages.py."
    catalog.project, catalog.version = "Zhengtu", "1"
    PO_FILE.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=120, sort_by_file=False, include_lineno=False, sort_output=True)
    stable = re.sub(rb'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team).*\n', b"",
                    buffer.getvalue(), flags=re.MULTILINE)
    PO_FILE.write_bytes(stable)
    return 0


def _untranslated(catalog: Catalog) -> dict[str, str]:
    return {_name(message): "" for message in catalog if message.id and not _has_chinese(message)}


def _fill(path: Path) -> int:
    """Put Chinese from a JSON object (English -> Chinese) into the .po file."""
    chinese: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    catalog = _current()
    filled = 0
    for message in catalog:
        text = chinese.get(_name(message)) if message.id else None
        if text:
            message.string = (text,) if message.pluralizable else text
            message.flags.discard("fuzzy")
            filled += 1
    return _write(catalog) or _say(f"{filled} filled")


def _catalog_problems() -> Iterator[str]:
    catalog = _current()
    wanted = _template_catalog()
    for message in wanted:
        if message.id and catalog.get(_key(message), message.context) is None:
            yield f"not in the .po file: {_english(message)!r} (run `python tools/messages.py extract`)"
    for message in catalog:
        if not message.id:
            continue
        english = _english(message)
        if wanted.get(_key(message), message.context) is None:
            yield f"no longer used: {english!r} (run `python tools/messages.py extract`)"
        elif not _has_chinese(message):
            yield f"no Chinese: {english!r}"
        elif message.fuzzy:
            yield f"fuzzy: {english!r}"
        elif _places(english) != _places(_chinese(message)):
            yield f"other places than the English: {english!r} -> {_chinese(message)!r}"


def _chinese_literals() -> Iterator[str]:
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(REPOSITORY).as_posix()
        if not place.startswith(tuple(CHINESE_IS_DATA)):
            for line, text in _literals_in(path):
                yield f"{place}:{line}: Chinese in code, should be an English msgid: {text[:40]!r}"
    for path in sorted((PACKAGE / "web" / "templates").rglob("*.html")):
        place = path.relative_to(REPOSITORY).as_posix()
        text = _TEMPLATE_CODE.sub(lambda gone: "\n" * gone.group().count("\n"), path.read_text(encoding="utf-8"))
        for number, line in enumerate(text.splitlines(), start=1):
            if _CHINESE.search(line):
                yield f"{place}:{number}: Chinese in a template: {line.strip()[:60]!r}"


def _literals_in(path: Path) -> Iterator[tuple[int, str]]:
    """String literals with Chinese characters; docstrings may quote Chinese terms."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value) for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings and _CHINESE.search(node.value):
            yield node.lineno, node.value


def _key(message: Message) -> Any:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def _english(message: Message) -> str:
    """The msgid; of a message with a plural the plural, for that is what Chinese translates."""
    return message.id[1] if isinstance(message.id, tuple | list) else message.id


def _name(message: Message) -> str:
    """The msgid, after its context where it has one: ``context :: msgid``."""
    return f"{message.context} :: {_english(message)}" if message.context else _english(message)


def _chinese(message: Message) -> str:
    return message.string[0] if isinstance(message.string, tuple | list) else message.string


def _has_chinese(message: Message) -> bool:
    return bool(_chinese(message))


def _places(text: str) -> list[str]:
    return sorted(found.group() for found in _PLACES.finditer(text))


def _say(*lines: str) -> int:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
