"""Addresses of sign-in, personal choices and Settings; names live in the namespace "web"."""

from __future__ import annotations

from django.urls import path

from crisisdesk.web.views import accounts, manifest, unsubscribe
from crisisdesk.web.views.settings import (
    brands,
    calendars,
    chats,
    given_up,
    health,
    invitations,
    mail,
    news,
    official_accounts,
    people,
    profile,
    push,
    rota,
    tokens,
    transports,
    webhooks,
    working_days,
)

urlpatterns = [
    path("language/", accounts.set_language, name="language"),
    path("theme/", accounts.set_theme, name="theme"),
    path("demo/sign-in/", accounts.demo_sign_in, name="demo-sign-in"),
    path("sign-in/<str:secret>/", accounts.sign_in_link, name="sign-in-link"),
    path("invitation/<str:secret>/", accounts.invitation, name="invitation"),
    path("unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("setup/", accounts.set_up, name="first-setup"),
    path("settings/", profile.profile, name="settings"),
    path("settings/zone/", profile.zone, name="settings-zone"),
    path("settings/reads/", profile.reads, name="settings-reads"),
    path("settings/notifications/", news.told, name="settings-notifications"),
    path("settings/notifications/quiet-hours/", news.quiet_hours, name="settings-quiet-hours"),
    path("settings/notifications/morning/", news.morning, name="settings-morning"),
    path("settings/notifications/stand-in/", news.stand_in, name="settings-stand-in"),
    path(
        "settings/notifications/stand-in/<int:agreement_id>/end/",
        news.stand_in_end,
        name="settings-stand-in-end",
    ),
    path("settings/security/", profile.security, name="settings-security"),
    path("settings/transports/", transports.transports, name="settings-transports"),
    path("settings/transports/test/", transports.test, name="settings-transport-test-mail"),
    path(
        "settings/transports/<slug:transport>/add/", transports.add, name="settings-transport-add"
    ),
    path(
        "settings/transports/<int:pk>/code/", transports.send_code, name="settings-transport-code"
    ),
    path(
        "settings/transports/<int:pk>/confirm/",
        transports.confirm,
        name="settings-transport-confirm",
    ),
    path(
        "settings/transports/<int:pk>/remove/",
        transports.remove,
        name="settings-transport-remove",
    ),
    path("settings/transports/<int:pk>/test/", transports.test, name="settings-transport-test"),
    path("settings/tokens/", tokens.tokens, name="settings-tokens"),
    path("settings/tokens/<str:token_key>/revoke/", tokens.revoke, name="settings-token-revoke"),
    path("settings/calendars/", calendars.calendars, name="settings-calendars"),
    path(
        "settings/calendars/<int:feed_id>/revoke/",
        calendars.revoke,
        name="settings-calendar-revoke",
    ),
    path("desk-<str:language>.webmanifest", manifest.manifest, name="manifest"),
    path("push-worker.js", push.worker, name="push-worker"),
    path("settings/push/on/", push.on, name="push-on"),
    path("settings/push/off/", push.off, name="push-off"),
    path("settings/webhooks/", webhooks.webhooks, name="settings-webhooks"),
    path("settings/webhooks/<int:pk>/", webhooks.webhook, name="settings-webhook"),
    path("settings/webhooks/<int:pk>/prove/", webhooks.prove, name="settings-webhook-prove"),
    path("settings/webhooks/<int:pk>/secret/", webhooks.rotate, name="settings-webhook-rotate"),
    path("settings/webhooks/<int:pk>/test/", webhooks.test, name="settings-webhook-test"),
    path("settings/webhooks/<int:pk>/remove/", webhooks.remove, name="settings-webhook-remove"),
    path(
        "settings/webhooks/<int:pk>/messages/<int:message>/again/",
        webhooks.again,
        name="settings-webhook-again",
    ),
    path("calendar/<str:secret>.ics", calendars.feed, name="calendar"),
    path("settings/people/", people.people_list, name="settings-people"),
    path("settings/people/invite/", invitations.invite, name="settings-invite"),
    path(
        "settings/people/invitations/<int:pk>/withdraw/",
        invitations.withdraw,
        name="settings-invitation-withdraw",
    ),
    path("settings/people/<int:pk>/", people.person, name="settings-person"),
    path("settings/people/<int:pk>/role/give/", people.give_role, name="settings-role-give"),
    path("settings/people/<int:pk>/role/take/", people.take_role, name="settings-role-take"),
    path(
        "settings/people/<int:pk>/deactivate/", people.deactivate, name="settings-person-deactivate"
    ),
    path(
        "settings/people/<int:pk>/reactivate/", people.reactivate, name="settings-person-reactivate"
    ),
    path("settings/people/<int:pk>/anonymise/", people.anonymise, name="settings-person-anonymise"),
    path("settings/brands/", brands.brand_list, name="settings-brands"),
    path("settings/brands/new/", brands.brand_new, name="settings-brand-new"),
    path("settings/brands/<slug:key>/", brands.brand, name="settings-brand"),
    path(
        "settings/brands/<slug:key>/approvers/<str:language>/",
        brands.approvers,
        name="settings-approvers",
    ),
    path(
        "settings/brands/<slug:key>/calendar/",
        working_days.working_days,
        name="settings-brand-calendar",
    ),
    path("settings/rota/", rota.rota_list, name="settings-rotas"),
    path("settings/rota/<slug:key>/", rota.rota, name="settings-rota"),
    path("settings/accounts/", official_accounts.account_list, name="settings-accounts"),
    path("settings/accounts/<int:pk>/", official_accounts.account, name="settings-account"),
    path(
        "settings/accounts/<int:pk>/test/",
        official_accounts.access_test,
        name="settings-account-test",
    ),
    path(
        "settings/brands/<slug:key>/accounts/new/",
        official_accounts.account_new,
        name="settings-account-new",
    ),
    path("settings/chats/", chats.chats, name="settings-chats"),
    path("settings/health/", health.health, name="settings-health"),
    path("settings/health/given-up/", given_up.given_up, name="settings-given-up"),
    path("settings/health/given-up/again/", given_up.again, name="settings-given-up-again"),
    path("settings/mail/", mail.mail_list, name="settings-mail"),
    path("settings/mail/<str:key>/", mail.mail_message, name="settings-mail-message"),
]
