"""What every page shows: whose view it is, the dates of its figures, the demonstration mark."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from zhengtu.accounts.models import Person
from zhengtu.accounts.queries import unit_names
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import city_of
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.notices.queries import unread_count
from zhengtu.registry.queries import is_demonstration
from zhengtu.web.shared.access import opens
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.navigation import NavigationGroup, href_of, navigation
from zhengtu.web.shared.reason_text import rulebook_label


@dataclass(frozen=True, slots=True)
class Chrome:
    """What surrounds a page.

    Attributes:
        person: who is signed in, or None.
        post: the first post in short, e.g. “Chuanying District · Field officer”.
        posts: all posts in force today.
        as_of: the two dates of the page, or None for strangers.
        kept_parameters: parameters that the as-of control hands on.
        inbox_href: the inbox of whoever gets notices, else empty.
        unread: how many unread notices stand there.
    """

    person: Person | None = None
    post: str = ""
    posts: list[str] = field(default_factory=list)
    navigation: list[NavigationGroup] = field(default_factory=list)
    as_of: AsOf | None = None
    kept_parameters: list[tuple[str, str]] = field(default_factory=list)
    is_demonstration: bool = False
    search_href: str = ""
    account_href: str = ""
    inbox_href: str = ""
    unread: int = 0
    other_languages: list[tuple[str, str]] = field(default_factory=list)


def page_chrome(request: HttpRequest) -> dict[str, object]:
    """Template context of every page: ``chrome``."""
    others = [(code, name) for code, name in settings.LANGUAGES if code != get_language()]
    actor: Actor = getattr(request, "actor", Actor(person=""))
    if not actor.person:
        return {"chrome": Chrome(other_languages=others)}
    posts = posts_of(actor)
    dates = as_of(request)
    kept = dates.query()
    gets_notices = any(posting.role in current_rulebook().official_notices.roles for posting in actor.postings)
    return {
        "chrome": Chrome(
            person=request.user,  # type: ignore[arg-type]
            post=posts[0] if posts else "",
            posts=posts,
            navigation=navigation(request, actor, query=kept if kept != "?" else ""),
            as_of=dates,
            kept_parameters=[
                (name, value)
                for name, values in request.GET.lists() if name not in ("on", "known", "page", "format")
                for value in values
            ],
            is_demonstration=any(is_demonstration(city) for city in {city_of(p.unit) for p in actor.postings}),
            search_href=href_of("search") if opens(actor, "registry.view") else "",
            account_href=href_of("account.view") if opens(actor, "account.manage") else "",
            inbox_href=href_of("notice.inbox") if gets_notices else "",
            unread=unread_count(actor) if gets_notices else 0,
            other_languages=others,
        )
    }


def posts_of(actor: Actor) -> list[str]:
    """Posts in force as “unit · role”, in the current language."""
    names = unit_names([posting.unit for posting in actor.postings])
    is_english = (get_language() or "").startswith("en")
    return list(
        dict.fromkeys(
            f"{names.get(p.unit, (p.unit, p.unit))[is_english]} · {rulebook_label(group='role', id=p.role)}"
            for p in actor.postings
        )
    )
