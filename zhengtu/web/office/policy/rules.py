"""Rules on transition subsidies, and rules of the procedures that nobody has verified."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.core.compensation.transition_subsidy import Step, TransitionRule
from zhengtu.core.procedure.steps import Confidence
from zhengtu.core.procedure.unverified import RuleToVerify, rules_to_verify
from zhengtu.ledger.rulebook import current_compensation, current_rulebook
from zhengtu.registry.models import Regime
from zhengtu.web.office.policy.words import number_text, place_name, place_of, places_of, word
from zhengtu.web.office.resettlement.waiting_words import rate_text
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label, spoken_source
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

KINDS = {"step": _("Step"), "period": _("Period"), "right": pgettext_lazy("of a household", "Right")}


@requires("policy.view")
@require_safe
def transition(request: HttpRequest) -> HttpResponse:
    """How each place pays until delivery, the actor's own places first."""
    own = set(places_of(place_of(request.actor)))  # type: ignore[attr-defined]
    rules = sorted(current_compensation().transition_rules, key=lambda rule: rule.place not in own)
    return render(request, "policy/transition.html", {
        "rules": [_transition_row(rule, is_own=rule.place in own) for rule in rules], "tab": "transition",
    })


def _transition_row(rule: TransitionRule, *, is_own: bool) -> dict[str, Any]:
    return {
        "rule": rule, "label": in_language(rule.label),
        "place": place_name(rule.place) if rule.place else gettext("wherever an agreement names it"), "is_own": is_own,
        "regimes": [str(Regime(regime.value).label) for regime in sorted(rule.regimes)],
        "count_from": word("count_from", rule.count_from.value),
        "part_month": word("part_month", rule.part_month.value),
        "own_rate": rate_text(rule.counted, rule.own_rate) if rule.own_rate is not None else "",
        "steps": [_step(step, rule) for step in rule.steps],
        "pays": _pays(rule), "rights": [in_language(right.text) for right in rule.rights],
        "least": number_text(rule.least_area_m2, "m2") if rule.least_area_m2 is not None else "",
        "turnover": number_text(rule.turnover_multiplier, "factor") if rule.turnover_multiplier is not None else "",
        "confidence": word("confidence", rule.confidence.value), "is_verified": rule.confidence.value == "verified",
    }


def _pays(rule: TransitionRule) -> list[str]:
    """When it falls due, as the rule says."""
    if rule.pays is None:
        return []
    found = []
    if rule.pays.prepaid_months:
        found.append(gettext("the first %(months)s months at once, on the first day") % {
            "months": rule.pays.prepaid_months
        })
    if rule.pays.every_months:
        found.append(gettext("every %(months)s months, once they have run") % {"months": rule.pays.every_months})
    return found


def _step(step: Step, rule: TransitionRule) -> str:
    given = {"from": step.from_month, "to": step.to_month}
    months = gettext("months %(from)s to %(to)s") if step.to_month else gettext("from month %(from)s")
    if step.by_agreement:
        amount = gettext("the multiple of the agreed rate that the agreement states")
    elif step.multiplier is None:
        amount = rate_text(rule.counted, step.yuan or Decimal(0))
    else:
        amount = gettext("%(times)s times %(what)s") % {
            "times": number_text(step.multiplier, "factor"),
            "what": word("multiplied", rule.multiplied.value),
        }
    return gettext("%(by)s: %(parts)s") % {"by": months % given, "parts": amount}


@requires("policy.view")
@require_safe
def unverified(request: HttpRequest) -> HttpResponseBase:
    """Every step, period and right whose source is not verified."""
    rows = list(rules_to_verify(current_rulebook().procedures))
    regimes = {row.regime: rulebook_label(group="procedure", id=row.regime) for row in rows}
    table = Table(
        name="rules-to-verify", title=_("Rules to verify"), rows=rows, request=request, per_page=100,
        columns=[
            Column("number", _("No."), kind="code"),
            Column("label", _("Rule"), value=_label, width=40),
            Column("kind", _("Kind"), value=lambda row: str(KINDS[row.kind])),
            Column("regime", _("Procedure"), value=lambda row: regimes[row.regime]),
            Column("version", _("Version"), kind="code", is_shown=False),
            Column(
                "confidence", _("Reliability"), width=24, value=lambda row: word("confidence", row.confidence.value)
            ),
            Column("source", _("Source"), value=lambda row: spoken_source(row.source), width=44),
            Column("id", _("Id in the file"), kind="code", width=36),
        ],
        filters=[
            Filter("regime", _("Procedure"), kind="choice", choices=list(regimes.items())),
            Filter("kind", _("Kind"), kind="choice", choices=list(KINDS.items())),
            Filter("reliability", _("Reliability"), kind="choice", choices=[
                (one.value, word("confidence", one.value)) for one in Confidence if one is not Confidence.VERIFIED
            ], apply=lambda found, text: [row for row in found if row.confidence.value == text]),
        ],
    )
    if table.wants_export:
        return table.export()
    return render(request, "policy/unverified.html", {
        "table": table.render_context(), "tab": "unverified", "count": len(rows),
    })


def _label(row: RuleToVerify) -> str:
    label = in_language(row.label)
    return f"{in_language(row.of)} · {label}" if row.of[0] else label
