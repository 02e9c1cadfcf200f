"""Who is signed in: by e-mail and password, or by a code that was mailed."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from crisisdesk.notifications.queries.shell import with_shell
from crisisdesk.organisation.models import User
from crisisdesk.organisation.queries.roles import with_roles


class Backend(AuthenticationBackend):
    """Finds the person of a session together with their roles and what every page tells them, in one query."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the person as long as they are active."""
        people = with_roles(User.objects.filter(pk=user_id))
        # Who is not active is not let in below: until then the id alone says whose inbox it is.
        person = with_shell(people, User(pk=user_id)).first()
        return person if person is not None and self.user_can_authenticate(person) else None
