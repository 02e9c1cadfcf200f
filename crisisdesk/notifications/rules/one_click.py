"""One press in the mail program, and news of one kind comes by mail no more (RFC 8058).

Nobody signs in for it, so the link says by its signature whose mail and which kind it is about, and
can do nothing else. It does not end: mails are found again after years. What somebody has to do is a
duty (`news.DUTY`) and has no such link.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing

from crisisdesk.notifications.rules.news import DUTY, News, is_duty, news_of

_SALT = "crisisdesk.unsubscribe"


@dataclass(frozen=True)
class Wish:
    """Whose mail, and which kind of news."""

    user_id: int
    news: News


def token_for(user_id: int, kind: str, *, urgent: bool) -> str:
    """Return the signed wish to get no more mail of this kind, always the same; empty for what is a duty."""
    if is_duty(kind, urgent=urgent):
        return ""
    return signing.Signer(salt=_SALT).sign_object([user_id, news_of(kind).value])


def read(token: str) -> Wish | None:
    """Return the wish, or None for what this desk did not sign."""
    try:
        user_id, news = signing.Signer(salt=_SALT).unsign_object(token)
        wish = Wish(int(user_id), News(news))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return None if wish.news in DUTY else wish
