"""The ledger on screen: deeds with their facts and evidence, files, and refused attempts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.accountability.opening import ROLE
from zhengtu.accounts.queries import people_called
from zhengtu.campaign import deeds
from zhengtu.campaign.queries import names_in_reach
from zhengtu.core.authority.actor import Actor
from zhengtu.ledger.models import Deed, Fact, Refusal
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.cockpit.sentences import Names, kept, name_of, subject_href
from zhengtu.web.office.dossier.timeline import HOME_TYPES
from zhengtu.web.office.records.filters import district_filter
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.downloads import file_response
from zhengtu.web.shared.reason_text import rulebook_label, spoken_reason
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter


def _verb_choices(actor: Actor) -> list[tuple[str, str]]:
    """Verbs whose deeds the actor may see at all."""
    unseen = deeds.ledger_reach(actor).unseen_verbs
    verbs = current_rulebook().authority.verb_labels
    return [(verb, rulebook_label(group="verb", id=verb)) for verb in verbs if verb not in unseen]


@require_safe
@requires("ledger.view")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Deeds in reach, the latest first."""
    dates = as_of(request)
    actor = request.actor  # type: ignore[attr-defined]
    names = names_in_reach()
    table = Table(
        name="deeds", title=_("Ledger"), request=request, sort="-recorded_at",
        rows=deeds.deeds_for(actor, known=dates.known),
        columns=[
            Column("id", _("Deed"), kind="code", href=lambda row: _deed_href(row, dates), width=20),
            Column("recorded_at", _("Recorded at"), kind="instant"),
            Column("verb", _("What"), value=lambda row: rulebook_label(group="verb", id=row.verb)),
            Column("subject", _("On"), kind="code", href=lambda row: subject_href(row.subject, dates), width=24),
            Column("facts_count", _("Facts"), kind="integer"),
            Column("actor", _("By"), value=_actor_names(), sort="actor"),
            Column("posting", _("Post"), value=lambda row: _post(row, names), sort="posting", width=28),
            Column("hash", _("Hash"), kind="code", value=lambda row: row.hash[:12], is_shown=False),
        ],
        filters=[
            Filter("subject", _("On or number"), paths=("subject", "id")),
            Filter("verb", _("What"), kind="choice", choices=_verb_choices(actor)),
            district_filter(actor, verb="ledger.view", apply=lambda rows, code: rows.filter(chain=code)),
            Filter("recorded_on", _("Recorded on"), kind="dates"),
            Filter("actor", _("By (code)"), paths=("actor",)),
        ],
    )
    if table.wants_export:
        return table.export()
    return render(request, "records/ledger.html", {"table": table.render_context(), "dates": dates})


def _actor_names() -> Any:
    names: dict[str, str] = {}

    def named(row: Deed | Refusal) -> str:
        if not row.actor:
            return _by_rule()
        if row.actor not in names:
            names.update(people_called([row.actor]) or {row.actor: row.actor})
        return names[row.actor]

    return named


def _by_rule() -> str:
    """Who acted where nobody did: the platform, under the rulebook."""
    return rulebook_label(group="role", id=ROLE)


def _post(row: Deed, names: Names) -> str:
    return "; ".join(_post_label(post, names) for post in row.posting.split("; ") if post)


def _post_label(post: str, names: Names) -> str:
    """``field_officer@220204`` in words."""
    role, _at, unit = post.partition("@")
    return f"{name_of(unit, names)} · {rulebook_label(group='role', id=role)}"


def _deed_href(row: Deed, dates: AsOf) -> str:
    return reverse("deed.view", args=[row.id]) + kept(dates)


@require_safe
@requires("ledger.view")
def view(request: HttpRequest, code: str) -> HttpResponseBase:
    """One deed: who did what, on what evidence, and where it hangs on its chain."""
    dates = as_of(request)
    file = deeds.deed_file(request.actor, code)  # type: ignore[attr-defined]
    if file is None:
        raise Http404
    return render(request, "records/deed.html", {
        "file": file, "deed": file.deed, "dates": dates, "posts": _post(file.deed, names_in_reach()),
        "by": file.actor_name or _by_rule(),
        "subject_href": subject_href(file.deed.subject, dates),
        "facts": [_fact(fact, dates) for fact in file.facts],
        "hidden_facts": file.deed.facts_count - file.facts_in_reach,
        "further_facts": file.facts_in_reach - len(file.facts),
        "reasons": [spoken_reason(reason) for reason in file.deed.reasons],
    })


def _fact(fact: Fact, dates: AsOf) -> dict[str, Any]:
    kind = current_rulebook().fact_kinds.get(fact.kind)
    corrected, _slash, _ordinal = fact.supersedes.partition("/")
    return {
        "fact": fact, "href": subject_href(fact.subject, dates),
        "attributes": [(_attribute(fact.kind, name), _value(kind, fact.kind, name, value))
                       for name, value in sorted(fact.attributes.items()) if name != "personal_digest"],
        "corrects": reverse("deed.view", args=[corrected]) if corrected else "", "corrects_key": fact.supersedes,
        "corrected_by": reverse("deed.view", args=[fact.superseded_by]) if fact.superseded_by else "",
    }


def _attribute(kind: str, name: str) -> str:
    return rulebook_label(group="attribute", id=f"{kind}.{name}")


def _value(kind: Any, kind_id: str, name: str, value: object) -> str:
    attribute = kind.attributes.get(name) if kind else None
    if attribute is not None and attribute.type == "choice":
        return rulebook_label(group="choice", id=f"{kind_id}.{name}.{value}")
    return rulebook_label(group="home_type", id=str(value)) if name in HOME_TYPES else str(value)


@require_safe
@requires("evidence.view")
def evidence(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """An evidence file, always as a download, by a deed whose evidence the actor may open."""
    found = deeds.evidence_for(
        request.actor, sha256, deed=request.GET.get("deed", "")  # type: ignore[attr-defined]
    )
    if found is None:
        raise Http404
    return file_response(sha256, name=found.name, media_type=found.file.media_type)


@require_safe
@requires("ledger.view")
def refusals(request: HttpRequest) -> HttpResponseBase:
    """Attempts that were refused, the latest first."""
    dates = as_of(request)
    table = Table(
        name="refusals", title=_("Refused attempts"), request=request, sort="-at",
        rows=deeds.refusals_for(request.actor),  # type: ignore[attr-defined]
        columns=[
            Column("at", _("At"), kind="instant"),
            Column("verb", _("What"), value=lambda row: rulebook_label(group="verb", id=row.verb)),
            Column("subject", _("On"), kind="code", href=lambda row: subject_href(row.subject, dates), width=24),
            Column("actor", _("By"), value=_actor_names(), sort="actor"),
            Column("reasons", _("Why"), sort="", width=60,
                   value=lambda row: " ".join(spoken_reason(reason).message for reason in row.reasons)),
        ],
        filters=[
            Filter("subject", _("On")),
            Filter("verb", _("What"), kind="choice",
                   choices=_verb_choices(request.actor)),  # type: ignore[attr-defined]
        ],
    )
    if table.wants_export:
        return table.export()
    return render(request, "records/refusals.html", {"table": table.render_context(), "dates": dates})
