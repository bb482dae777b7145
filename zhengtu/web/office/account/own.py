"""One's own account: what it may do, language, password, one-time codes, recent sign-ins."""

from __future__ import annotations

from datetime import datetime

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtu.accounts.actions import change_password, drop_codes, enrol_codes
from zhengtu.accounts.queries import sign_ins_of
from zhengtu.accounts.sealing import seal, unseal
from zhengtu.accounts.sign_in import enrolment_address, new_secret
from zhengtu.core.kernel.reasons import Refused
from zhengtu.web.office.account.forms import CodeForm, DropCodesForm, PasswordForm
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.addresses import client_address
from zhengtu.web.shared.chrome import posts_of

_OFFERED = "offered_secret"


@requires("account.manage")
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """The account with its posts and its recent sign-ins."""
    context = {
        "person": request.user,
        "posts": posts_of(request.actor),  # type: ignore[attr-defined]
        "has_codes": request.user.totp_secret_sealed is not None,
        "languages": settings.LANGUAGES,
        "sign_ins": sign_ins_of(request.user),
    }
    return render(request, "account/account.html", context)


@requires("account.manage")
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; every other session of the account ends with it."""
    form = PasswordForm(request.POST or None)
    context: dict[str, object] = {
        "form": form, "rules": password_validators_help_texts(), "is_first": request.user.must_change_password,
    }
    if request.method == "GET" or not form.is_valid():
        return render(request, "account/password.html", context)
    now: datetime = request.now  # type: ignore[attr-defined]
    try:
        change_password(
            person=request.user, current=form.cleaned_data["current"], new=form.cleaned_data["new"],
            address=client_address(request), now=now,
        )
    except Refused as refused:
        return render(request, "account/password.html", {**context, "reasons": refused.reasons}, status=409)
    except ValidationError as error:
        form.add_error("new", error)
        return render(request, "account/password.html", context, status=409)
    update_session_auth_hash(request, request.user)
    messages.success(request, gettext("The password is changed. Other sessions of this account have ended."))
    return redirect("home" if context["is_first"] else "account.view")


@requires("account.manage")
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """Set up one-time codes: scan, then confirm with a first code."""
    if request.user.totp_secret_sealed is not None:
        return render(request, "account/codes.html", {"has_codes": True, "form": DropCodesForm()})
    secret = _offered_secret(request)
    form = CodeForm(request.POST or None)
    context: dict[str, object] = {"form": form, "secret": secret, "qr": _qr(secret, request.user.username)}
    if request.method == "GET" or not form.is_valid():
        return render(request, "account/codes.html", context)
    try:
        enrol_codes(
            person=request.user, secret=secret, code=form.cleaned_data["code"], now=request.now  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return render(request, "account/codes.html", {**context, "reasons": refused.reasons}, status=409)
    del request.session[_OFFERED]
    messages.success(request, gettext("From now on signing in asks for a one-time code."))
    return redirect("account.view")


@requires("account.manage")
@sensitive_post_parameters()
@never_cache
@require_POST
def without_codes(request: HttpRequest) -> HttpResponse:
    """Stop asking for one-time codes; takes the password and a code."""
    form = DropCodesForm(request.POST)
    context: dict[str, object] = {"has_codes": True, "form": form}
    if not form.is_valid():
        return render(request, "account/codes.html", context, status=409)
    try:
        drop_codes(
            person=request.user, password=form.cleaned_data["password"], code=form.cleaned_data["code"],
            address=client_address(request), now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return render(request, "account/codes.html", {**context, "reasons": refused.reasons}, status=409)
    messages.success(request, gettext("Signing in no longer asks for a one-time code."))
    return redirect("account.view")


def _offered_secret(request: HttpRequest) -> str:
    """The secret offered in this session; sealed, for sessions lie in the database."""
    if _OFFERED not in request.session:
        request.session[_OFFERED] = seal({"secret": new_secret()}).hex()
    return str(unseal(bytes.fromhex(request.session[_OFFERED]))["secret"])


def _qr(secret: str, username: str) -> str:
    """The enrolment address as a QR picture in a data address; black on white in either theme."""
    code = segno.make(enrolment_address(secret=secret, username=username), error="m")
    return code.svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
