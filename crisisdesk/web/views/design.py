"""The page that shows every component in every state; in development only."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from crisisdesk.core import clock

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_NAMES = {
    "huda": {"en": "Huda Al Mansoori", "ar": "هدى المنصوري", "he": "הודא אל־מנסורי"},
    "omar": {"en": "Omar Haddad", "ar": "عمر حداد", "he": "עומר חדאד"},
    "noa": {"en": "Noa Levi", "ar": "نوعا ليفي", "he": "נועה לוי"},
    "rahman": {"en": "Abdulrahman Saleh", "ar": "عبد الرحمن صالح", "he": "עבד א־רחמן סאלח"},
}
_CHANNELS = {
    "x": {"en": "X", "ar": "إكس", "he": "X"},
    "facebook": {"en": "Facebook", "ar": "فيسبوك", "he": "פייסבוק"},
}
_WORDS_AR = (
    "حساب باسم @NourHelp يردّ على الناس باسمنا، وهو ليس لنا. "
    "التحديث القادم الساعة 15:30 بتوقيت الإمارات."
)
_WORDS_HE = "חשבון בשם @NourHelp עונה לאנשים בשמנו. הוא לא שלנו. העדכון הבא בשעה 13:30 שעון ישראל."
_WORDS_HE_OLD = (
    "חשבון בשם @NourHelp עונה לאנשים בשמנו. התעלמו ממנו. העדכון הבא בשעה 14:00 שעון ישראל."
)
_WORDS_EN = (
    "The account @NourHelp is answering people in our name. Next update at 15:30 UAE time.\n"
    "nourhome.example/real"
)


class _Named(SimpleNamespace):
    """Something with a name in each language, as people, brands and channels have."""

    def name_in(self, language: str) -> str:
        """Return the name in this language."""
        return str(self.names[language])


def design(request: HttpRequest) -> HttpResponse:
    """Show the components; outside development the page does not exist."""
    if not (settings.DEBUG or settings.DESIGN_PAGE):
        raise Http404
    now = clock.now()
    people = {key: _Named(names=names) for key, names in _NAMES.items()}
    context = {
        "nav": "desk",
        "people": people,
        "channels": {key: _Named(names=names) for key, names in _CHANNELS.items()},
        "moments": {
            "seen": now - timedelta(minutes=34),
            "late": now - timedelta(minutes=19),
            "soon": now + timedelta(minutes=25, seconds=40),
            "hours": now + timedelta(minutes=69, seconds=30),
            "days": now + timedelta(days=2, hours=3, seconds=30),
            "yesterday": now - timedelta(hours=26),
        },
        "texts": {"ar": _WORDS_AR, "he": _WORDS_HE, "he_old": _WORDS_HE_OLD, "en": _WORDS_EN},
        "severities": ("sev1", "sev2", "sev3", "sev4"),
        "statuses": ("declared", "active", "contained", "resolved", "closed", "cancelled"),
    }
    return render(request, "web/design.html", context)
