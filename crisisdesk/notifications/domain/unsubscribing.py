"""Ending mail of one kind by the link that came with it; the link's signature is who acts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from crisisdesk.core.errors import NotVisible
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Preference
from crisisdesk.notifications.rules import one_click
from crisisdesk.notifications.rules.news import News


def open_wish(token: str) -> tuple[Any, News]:
    """Return whose mail the link is about, and which kind of news. Raises NotVisible for what this desk did not
    sign, and for somebody who left it.
    """
    return _open(token, get_user_model()._default_manager.all())


@transaction.atomic
def stop_mail(token: str) -> tuple[Any, News]:
    """The person gets no more mail of this kind; doing it twice changes nothing more. What is urgent, and
    what they have to do, is mailed all the same. Raises as open_wish().
    """
    people = get_user_model()._default_manager.select_for_update(of=("self",), no_key=True)
    person, news = _open(token, people)
    Preference.objects.update_or_create(
        user_id=person.pk,
        kind=news.value,
        transport=Transport.EMAIL,
        defaults={"enabled": False},
    )
    return person, news


def _open(token: str, people: Any) -> tuple[Any, News]:
    wish = one_click.read(token)
    person = people.filter(pk=wish.user_id, is_active=True).first() if wish else None
    if wish is None or person is None:
        raise NotVisible
    return person, wish.news
