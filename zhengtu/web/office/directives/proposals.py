"""Deeds on the proposals of a text: correct, expand, merge, drop, add, and confirm as directives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from zhengtu.core.directives.draft import DirectiveDraft
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.language.directive_text import Due, DueKind, Mention
from zhengtu.directives import actions, queries
from zhengtu.directives.models import Proposal, ProposalState, SourceText
from zhengtu.web.office.directives.cards import DUE_KINDS, Fields, fields_of
from zhengtu.web.office.directives.names import Register
from zhengtu.web.office.directives.recurrence import Recurrence, given_rule
from zhengtu.web.office.directives.spans import found_span
from zhengtu.web.office.directives.text_page import register_of, text_or_404, text_page
from zhengtu.web.shared.access import requires
