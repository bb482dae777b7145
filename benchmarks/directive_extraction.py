"""How well directives are read out of texts, against the labels in ``benchmarks/directive_labels``.

    .venv/bin/python benchmarks/directive_extraction.py [--wrong] [--texts FOLDER] [--labels FOLDER]

Found and labelled directives are matched one to one, the largest overlap first, where they share at least half of the
shorter span. Precision, recall and F1 count directives; units, lead, assisting, projects and due dates count matched
ones. Optional labels count neither way. Held-out parts are reported apart. Beside it stands a simple baseline: every
sentence that has a modal verb and a word of a unit's shape. ``--wrong`` prints what was missed, invented or misread,
never of a held-out part. A text whose SHA-256 differs from its labels' is refused. Texts of our own wording lie in
``benchmarks/directive_texts`` and with the demonstration, the others in ``../shared/data``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from zhengtu.core.language.directive_text import (  # noqa: E402
    Due,
    DueKind,
    ExtractedDirective,
    Lexicon,
    Mention,
    Named,
)
from zhengtu.core.language.text_files import read_text  # noqa: E402

LABELS = REPOSITORY / "benchmarks" / "directive_labels"
OWN_TEXTS = (REPOSITORY / "benchmarks" / "directive_texts", REPOSITORY / "zhengtu" / "jobs" / "demonstration" / "texts")
Extractor = Callable[[str, date], Sequence[ExtractedDirective]]
FIELDS = ("units", "lead", "assisting", "projects", "due kind", "due day")
_SUFFIX = re.compile(r"(?:人民政府|政府|管委会|管理委员会|(?:党政)?主要(?:领导|负责人|负责同志)|一把手)+$")
_PROJECT_SUFFIX = re.compile(r"(?:等?(?:项目|工程|区域))+$")


@dataclass(slots=True)
class Score:
    """Counts over one or several texts."""

    labelled: int = 0
    found: int = 0
    matched: int = 0
    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)

    def row(self) -> list[str]:
        """Directives, precision, recall, F1 and of each field right ones of those asked, as text."""
        precision = self.matched / self.found if self.found else None
        recall = self.matched / self.labelled if self.labelled else None
        f1 = 2 * self.matched / (self.found + self.labelled) if self.found + self.labelled else None
        texts = ["–" if share is None else f"{share:.3f}" for share in (precision, recall, f1)]
        shares = [f"{self.right[name]}/{self.asked[name]}" if self.asked[name] else "–" for name in FIELDS]
        return [str(self.labelled), str(self.found), *texts, *shares]


def canonical(names: Iterable[str], same: Sequence[Sequence[str]], suffix: re.Pattern[str]) -> frozenset[str]:
    """Names made comparable: one of several names of the same, collective ones in pieces, forms of office left out."""
    found: set[str] = set()
    for name in names:
        first = next((group[0] for group in same if name in group), name)
        for piece in re.split(r"[、（）()和及]", first):
            plain = suffix.sub("", piece.removeprefix("各")).removeprefix("全市")
            if plain:
                found.add(next((suffix.sub("", group[0]) for group in same if plain in group), plain))
    return frozenset(found)


def paired(labels: Sequence[Mapping[str, Any]], found: Sequence[ExtractedDirective]) -> dict[int, int]:
    """Index of label -> index of what was found for it."""
    shares = []
    for at, label in enumerate(labels):
        for place, one in enumerate(found):
            (start, end), (first, last) = label["span"], one.span
            common = min(end, last) - max(start, first)
            if common > 0 and 2 * common >= min(end - start, last - first):
                shares.append((-common / (max(end, last) - min(start, first)), at, place))
    pairs: dict[int, int] = {}
    for _, at, place in sorted(shares):
        if at not in pairs and place not in pairs.values():
            pairs[at] = place
    return pairs


def judge(label: Mapping[str, Any], one: ExtractedDirective, text: Mapping[str, Any]) -> dict[str, bool]:
    """Field -> whether it is right; projects and days only where label or finding has any."""
    def units(names: Iterable[str]) -> frozenset[str]:
        return canonical(names, text["same_units"], _SUFFIX)

    names = [mention.name for mention in one.units]
    result = {
        "units": units(names) == units(label["units"]),
        "lead": bool(names) and bool(units(names[:1]) & units(label["units"][:1])),
        "assisting": units(mention.name for mention in one.assisting) == units(label["assisting"]),
        "due kind": one.due.kind == label["due"]["kind"],
    }
    projects = [
        canonical(held, text["same_projects"], _PROJECT_SUFFIX)
        for held in (label["projects"], [mention.name for mention in one.projects])
    ]
    if any(projects):
        result["projects"] = projects[0] == projects[1]
    if label["due"]["kind"] != "unspecified":
        days = [label["due"].get("on"), *label["due"].get("also", ())]
        on = one.due.on.isoformat() if one.due.on else None
        result["due day"] = result["due kind"] and on in days and one.due.rrule == label["due"].get("rrule", "")
    return result


def within(span: Sequence[int], regions: Iterable[Sequence[int]]) -> bool:
    """Whether the middle of a span lies in one of the regions."""
    middle = (span[0] + span[1]) / 2
    return any(start <= middle < end for start, end in regions)


def measure(
    text: Mapping[str, Any], found: Sequence[ExtractedDirective], *, held_out: bool, tell: Callable[[str], None]
) -> Score:
    """The score over the held-out parts of a text, or over the others."""
    def counts(span: Sequence[int]) -> bool:
        return within(span, text["regions"]) and within(span, text["held_out"]) is held_out

    labels = [label for label in text["directives"] if counts(label["span"])]
    held = [one for one in found if counts(one.span)]
    pairs = paired(labels, held)
    score = Score()
    for at, label in enumerate(labels):
        place = pairs.get(at)
        if label.get("optional"):
            score.found -= place is not None
            continue
        score.labelled += 1
        if place is None:
            tell(f"missed   {label['span']} {label['units']}")
            continue
        score.matched += 1
        for name, is_right in judge(label, held[place], text).items():
            score.asked[name] += 1
            score.right[name] += is_right
            if not is_right:
                tell(f"misread  {label['span']} {name}: {label} / {held[place]}")
    score.found += len(held)
    for place, one in enumerate(held):
        if place not in pairs.values():
            tell(f"invented {one.span} {one.matter} {[mention.name for mention in one.units]}")
    return score


_MODAL = re.compile(r"要|必须|应当|负责|务必|确保")
_UNIT = re.compile(r"[\u4e00-\u9fff]{1,8}?(?:部门|单位|公司|指挥部|政府|管委会|办公厅|总局|委员会|区|局|委|部|办)")
_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})日)?")
_PROJECT = re.compile(r"[\u4e00-\u9fff]{2,12}?项目")


def baseline(text: str, said_on: date) -> list[ExtractedDirective]:
    """Every sentence with a modal verb and a word of a unit's shape; its first date is when it is due."""
    found = []
    for sentence in re.finditer(r"[^。；\n]+", text):
        names = list(dict.fromkeys(_UNIT.findall(sentence[0])))
        if not names or not _MODAL.search(sentence[0]):
            continue
        due = Due()
        day = _DAY.search(sentence[0])
        if day:
            try:
                due = Due(DueKind.DATE, date(int(day[1] or said_on.year), int(day[2]), int(day[3] or 28)), text=day[0])
            except ValueError:
                due = Due()
        projects = [Mention(name) for name in _PROJECT.findall(sentence[0])]
        found.append(
            ExtractedDirective([Mention(name) for name in names], (), projects, sentence[0], due, sentence.span(), 1.0)
        )
    return found


def lexicon_of(path: Path) -> Lexicon:
    """The names that a registry would hold."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    return Lexicon(
        units=[Named(**entry) for entry in raw["units"]],
        projects=[Named(**entry) for entry in raw["projects"]],
        groups=raw["groups"],
    )


def extractors() -> dict[str, Extractor]:
    """Name -> extractor: the product without and with a registry, and the baseline."""
    from zhengtu.core.language.extraction import extract_directives
    from zhengtu.core.rules.rulebook import load_rulebook

    rules = load_rulebook(REPOSITORY / "rulebook").language
    lexicons = {"unseen city": Lexicon(), "with registry": lexicon_of(LABELS / "lexicon_220200.json")}
    return {"baseline": baseline} | {
        name: lambda text, said_on, held=held: extract_directives(text, said_on=said_on, lexicon=held, rules=rules)
        for name, held in lexicons.items()
    }


def main() -> None:
    """Measures every extractor on every text and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, default=REPOSITORY.parent / "shared" / "data")
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--wrong", action="store_true", help="what was missed, invented or misread, none held out")
    chosen = parser.parse_args()
    columns = ["text", "extractor", "labelled", "found", "precision", "recall", "F1", *FIELDS]
    print("| " + " | ".join(columns) + " |\n|---|---|" + "---:|" * (len(columns) - 2))
    for path in sorted(chosen.labels.glob("*.json")):
        labels = json.loads(path.read_text(encoding="utf-8"))
        if "directives" not in labels:
            continue
        places = [folder / labels["text"] for folder in (*OWN_TEXTS, chosen.texts)]
        content = next((place for place in places if place.is_file()), places[-1]).read_bytes()
        if sha256(content).hexdigest() != labels["sha256"]:
            raise SystemExit(f"{labels['text']} is not the text that was labelled")
        text = read_text(content, name=labels["text"])
        for name, extract in extractors().items():
            if name == "with registry" and path.stem != "mobilisation_speech":
                continue
            started = time.perf_counter()
            found = extract(text, date.fromisoformat(labels["said_on"]))
            seconds = time.perf_counter() - started
            for held_out in (False, True):
                parts = [labels["held_out"]] if held_out else [labels["regions"]]
                if not any(parts) or (not held_out and labels["held_out"] == labels["regions"]):
                    continue
                is_told = chosen.wrong and name not in ("baseline",) and not held_out
                score = measure(labels, found, held_out=held_out, tell=print if is_told else lambda line: None)
                title = f"{path.stem}{' (held out)' if held_out else ''}"
                print("| " + " | ".join([title, name, *score.row()]) + f" | <!-- {seconds:.2f} s -->", flush=True)


if __name__ == "__main__":
    main()
