"""Who signed, valued or decided for a household does not move its money, whatever posts they hold together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.ledger.gates import both_hands_reasons
from zhengtu.ledger.act import OpenDeed
from zhengtu.ledger.models import Fact
from zhengtu.ledger.rulebook import current_rulebook

RECORDING_VERB = "fact.record_payment"


def hands_refusals(deed: OpenDeed, households: Iterable[str]) -> dict[str, list[Reason]]:
    """Household -> why this person may not take a step of its payment: of their own earlier deeds on it.

    Every step of an order counts as recording the payment, beside its own verb.
    """
    done: dict[str, set[str]] = defaultdict(set)
    rows = Fact.objects.filter(subject__in=list(households), deed__actor=deed.actor.person)
    for subject, verb in rows.values_list("subject", "deed__verb").distinct():
        done[subject].add(verb)
    exclusive = current_rulebook().authority.exclusive
    found = {
        subject: [
            reason for verb in dict.fromkeys((RECORDING_VERB, deed.verb))
            for reason in both_hands_reasons(verb, done=verbs, exclusive=exclusive)
        ]
        for subject, verbs in done.items()
    }
    return {subject: reasons for subject, reasons in found.items() if reasons}
