"""What an optional language model is asked, from ``rulebook/language/model.yaml``."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from zhengtu.core.language.model_answers import ModelRules
from zhengtu.core.rules.reading import RulebookInvalid, read_entries


def load_model_rules(folder: Path) -> ModelRules:
    """The question and the bounds of an answer.

    Raises:
        RulebookInvalid: naming the entry that is missing or no positive number.
    """
    raw = read_entries(folder / "language" / "model.yaml")
    held = {}
    for field in fields(ModelRules):
        value = raw.get(field.name)
        kind = {"instruction": str, "certainty": float}.get(field.name, int)
        if not isinstance(value, kind) or not value or (kind is not str and value <= 0):
            raise RulebookInvalid(f"model.yaml: {field.name} must be a positive {kind.__name__} or a text")
        held[field.name] = value
    return ModelRules(**held)
