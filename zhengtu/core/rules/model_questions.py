"""What an optional language model is asked, from ``rulebook/language/model.yaml``."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from zhengtu.core.language.model_answers import ModelRules
from zhengtu.core.rules.reading import RulebookInvalid, read_entries


def load_model_rules(folder: Path) -> ModelRules:
    """The question and the bounds of an answer.

    Raises:
        RulebookInvalid: naming the entry that is missing, no positive number, no share or no text.
    """
    raw = read_entries(folder / "language" / "model.yaml")
    held: dict[str, Any] = {}
    for field in fields(ModelRules):
        value: Any = raw.get(field.name)
        if field.name == "instruction":
            is_right = isinstance(value, str) and bool(value.strip())
        elif field.name == "certainty":
            is_right = isinstance(value, float) and 0 < value < 1
        else:
            is_right = isinstance(value, int) and value > 0
        if not is_right:
            raise RulebookInvalid(f"model.yaml: {field.name} must not be {value!r}")
        held[field.name] = value
    return ModelRules(**held)
