"""The rules of sponsorship (包保): lawful remedies by cause, when to remind, who stands above a sponsor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

LEGACY: Final = "legacy_demolition"
"""The regime of projects under an old demolition permit, which have no procedure and only homes to deliver."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """A lawful way to deal with what keeps a file from being settled.

    Attributes:
        label, turn_to, how: (Chinese, English): its name, whom to turn to, and what is done.
        causes: causes of a hard case that it is offered for.
        source: statute and article.
        facts: kinds of fact that show it was used, so that nothing is recorded twice.
        after: kinds of fact of which one must be recorded before it opens; empty: it is open at once.
        regimes: procedures under which it exists; empty for all.
    """

    id: str
    label: tuple[str, str]
    turn_to: tuple[str, str]
    how: tuple[str, str]
    causes: Sequence[str]
    source: str
    facts: Sequence[str] = ()
    after: Sequence[str] = ()
    regimes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SponsorshipRules:
    """``rulebook/sponsorship/remedies.yaml``.

    Attributes:
        causes: causes in the order in which lists show them; each is about the file, never about a person.
        remedies: id -> remedy, in the order in which they are tried.
        reminded_days: so many days before a promise is due its sponsor is reminded.
        quiet_days: after so many days without a lawful step a hard case asks for the next one.
        settled_by: kind of fact -> causes that it settles, without anybody saying so again.
        text_limit: characters of a free text.
        personal_words: words that speak of a person and not of a file; a text with one of them is refused.
        succeeded: the reason that is recorded where a sponsor is succeeded.
        superiors: role of a sponsor -> roles in the city that are told of a broken promise.
    """

    causes: Sequence[str]
    remedies: Mapping[str, Remedy]
    reminded_days: Sequence[int]
    quiet_days: int
    settled_by: Mapping[str, Sequence[str]]
    text_limit: int
    personal_words: Sequence[str]
    succeeded: str
    superiors: Mapping[str, Sequence[str]]

    def offered_for(self, causes: Sequence[str], *, regime: str) -> list[Remedy]:
        """Remedies for any of these causes under a procedure, in their order."""
        return [
            remedy for remedy in self.remedies.values()
            if set(remedy.causes) & set(causes) and (not remedy.regimes or regime in remedy.regimes)
        ]

    def text_reasons(self, text: str, *, is_own: bool = False) -> list[Reason]:
        """What is wrong with a text about a file: empty, too long, or about a person's character, health or belief.

        Args:
            is_own: whether a family writes about itself; then its words are its own.
        """
        if not text.strip():
            return [
                Reason("sponsorship.text_missing", N_("The text is missing."), remedy=N_("Write it in a few words."))
            ]
        reasons = []
        if len(text) > self.text_limit:
            reasons.append(
                Reason(
                    "sponsorship.text_long", N_("The text has more than %(limit)s characters."),
                    {"limit": self.text_limit}, remedy=N_("Attach the rest as a file."),
                )
            )
        found = [] if is_own else [word for word in self.personal_words if word.lower() in text.lower()]
        if found:
            reasons.append(
                Reason(
                    "sponsorship.personal", N_("“%(word)s” speaks of a person; a hard case is about the file."),
                    {"word": found[0]}, source="personal-information-law#6",
                    remedy=N_("Say what is unsettled in the title, the succession, the valuation or the housing."),
                )
            )
        return reasons
