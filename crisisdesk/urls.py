"""Every address of the desk."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("crisisdesk.web.urls_accounts")),
    path("api/v1/", include("crisisdesk.api.urls")),
    path("chat/", include("crisisdesk.api.chat.urls")),
    path("", include("crisisdesk.web.urls")),
]

handler400 = "crisisdesk.web.views.failures.bad_request"
handler403 = "crisisdesk.web.views.failures.forbidden"
handler404 = "crisisdesk.web.views.failures.not_found"
handler500 = "crisisdesk.web.views.failures.server_error"
