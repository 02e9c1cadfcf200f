"""The pages of the desk, one visit each, on the demo's data: who looks, where, and what is done there first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import URLPattern, URLResolver, reverse
from playwright.sync_api import Page

from crisisdesk.incidents.domain import approving, drafting, notebook, publishing, roles
from crisisdesk.incidents.models import (
    AnnouncementPlan,
    ChecklistItem,
    Deadline,
    Fact,
    HandOver,
    Incident,
    Publication,
    Question,
    StatementRevision,
    TimelineEvent,
)
from crisisdesk.management.commands.demo import load
from crisisdesk.notifications.models import Notification
from crisisdesk.notifications.rules.one_click import token_for
from crisisdesk.organisation.domain.actors import SYSTEM, Actor
from crisisdesk.organisation.domain.channels import load_channels
from crisisdesk.organisation.domain.invitations import invite_person
from crisisdesk.organisation.domain.sign_in_links import make_sign_in_link
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, OfficialAccount, User
from playbooks.domain.drafting import start_playbook
from playbooks.domain.loading import load_shelf
from playbooks.models import Lesson, Playbook
from tests.factories.incidents import words_of
from tests.factories.newer import make_newer
from tests.factories.notifications import make_webhook
from tests.factories.organisation import join, make_brand, make_user
from tests.factories.plans import plan_for
from tests.web.visit_acts import break_it, forge, overfill, press, stale, swapped

# Addresses that show no page of their own: presses, fragments, files, machines' business.
NO_PAGE = {
    "web:alive", "web:ready", "web:metrics", "web:incident-join", "web:inbox-read-all", "web:inbox-open",
    "web:playbook-sign", "web:playbook-export", "web:incident-stream", "web:incident-head", "web:incident-news",
    "web:incident-write", "web:items-assign", "web:item-tick", "web:item-undo", "web:item-skip",
    "web:item-assign", "web:item-attach", "web:evidence", "web:incident-role", "web:promise",
    "web:promise-kept", "web:statement-save", "web:statement-look", "web:statement-submit",
    "web:statement-plan", "web:take-back", "web:phone-confirm", "web:chase-approver",
    "web:post-claim", "web:post-release", "web:publication-link", "web:override-review",
    "web:report-save", "web:report-sign", "web:report-line", "web:action-add",
    "web:action-finish", "web:report-export", "web:report-exports", "web:report-download",
    "web:language", "web:theme", "web:demo-sign-in", "web:settings-zone", "web:settings-reads",
    "web:settings-quiet-hours", "web:settings-morning", "web:settings-stand-in", "web:settings-stand-in-end",
    "web:settings-transport-test-mail", "web:settings-transport-add",
    "web:settings-transport-code", "web:settings-transport-confirm", "web:settings-transport-remove",
    "web:settings-transport-test", "web:settings-given-up-again",
    "web:settings-token-revoke", "web:settings-calendar-revoke", "web:calendar",
    "web:settings-invitation-withdraw", "web:settings-webhook-prove", "web:settings-webhook-rotate",
    "web:settings-webhook-test", "web:settings-webhook-remove", "web:settings-webhook-again",
    "web:push-worker", "web:manifest", "web:push-on", "web:push-off",
    "web:settings-role-give", "web:settings-role-take", "web:settings-person-deactivate",
    "web:settings-person-reactivate", "web:settings-person-anonymise", "web:settings-approvers",
    "web:settings-account-test", "account_email", "account_email_verification_sent",
    "account_confirm_email", "account_set_password", "mfa_download_recovery_codes",
    "api:start", "api:schema", "web:playbook-save", "web:playbook-rows", "web:playbook-discard",
    "web:plan-drop", "web:plan-point-add", "web:plan-duty-add", "web:plan-duty-remove", "web:plan-reached",
    "web:playbook-restore", "web:regulator-add", "web:regulator-answer", "web:regulator-notice",
    "web:screening", "web:take-over", "web:playbook-review", "chat:slack-command", "chat:slack-press",
    "chat:mattermost-command", "chat:mattermost-press",
}  # fmt: skip


@dataclass(frozen=True)
class Visit:
    """One look at a page: of which address, whose, and what is done there before looking."""

    name: str
    person: str
    path: str
    act: Callable[[Page], Any] | None = None
    status: int = 200


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """Every name of an address; of the API only what is read in a browser."""
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from names(found, f"{space}{found.namespace}:" if found.namespace else space)
        elif isinstance(found, URLPattern) and found.name:
            name = f"{space}{found.name}"
            if not name.startswith("api:") or name in ("api:docs", "api:schema", "api:start"):
                yield name


def make_demo(at: datetime) -> dict[str, User]:
    """Load the demo and, besides it, what a page needs that the demo does not have."""
    load_channels()
    load_shelf(settings.BASE_DIR / "fixtures", actor=SYSTEM, at=at)
    load(at)
    people = {user.email.partition("@")[0]: user for user in User.objects.all()}
    lead, staff = Actor(people["lead"], "web"), Actor(people["staff"], "web")
    second = make_user("dana-levi")
    join(second, Brand.objects.get(), Role.LEAD)
    join(people["lead"], make_brand("nour-garden"), Role.LEAD)
    live = Incident.objects.get(status="active")
    notebook.ask_question(
        incident_id=live.pk, text="Is @NourHelp yours?", asker="press", channel="x", actor=lead,
        at=at,
    )  # fmt: skip
    roles.offer_handover(
        incident_id=live.pk, role="lead", receiver=second, page={}, note="", actor=lead, at=at
    )
    row = words_of(live, "update", "en")
    text = drafting.save_draft(
        statement_language_id=row.pk, text="We answer each of you.", version=row.version,
        actor=staff, at=at,
    )  # fmt: skip
    row.refresh_from_db()
    approving.submit(statement_language_id=row.pk, version=row.version, actor=staff, at=at)
    publishing.override_publication(
        revision_id=text.pk, channel="facebook", reason="People send it money",
        posting=publishing.Posting(link_to_follow=True), actor=lead, at=at,
    )  # fmt: skip
    make_newer(live.playbook_revision)
    plan_for(live.brand, lead, staff, people["staff"], at=at)
    start_playbook(
        brand_id=live.brand_id, slug="our-own", title="Our own", language="en",
        from_revision=live.playbook_revision_id, actor=lead, at=at,
    )  # fmt: skip
    return people


def keep_mail(folder: str) -> None:
    """One kept mail to look at."""
    mail = EmailMessage()
    mail["To"], mail["Subject"], mail["Date"] = (
        "lead@demo.test",
        "CD-2026-0003 · SEV2",
        "Mon, 16 Nov 2026 12:00:00 +0000",
    )
    mail.set_content("19 min late: pause scheduled Instagram posts\nhttp://127.0.0.1:8000/")
    Path(folder, "20261116-1.eml").write_bytes(mail.as_bytes())


def visits(people: dict[str, User], at: datetime) -> list[Visit]:
    """Return every page with an address that exists."""
    brand = Brand.objects.get(key="nour-home")
    invited = invite_person(
        brand_id=brand.pk, email="new@demo.test", full_name="New", role="staff", language="en",
        actor=Actor(people["lead"], "web"), at=at,
    )  # fmt: skip
    link = make_sign_in_link(email="watch@demo.test", actor=SYSTEM, at=at)
    watch = people["watch"]
    reset = {
        "uidb36": user_pk_to_url_str(watch),
        "key": default_token_generator.make_token(watch),
    }
    return [
        Visit("web:sign-in-link", "", reverse("web:sign-in-link", args=[link])),
        Visit("web:sign-in-link", "", reverse("web:sign-in-link", args=["wrong"]), status=422),
        Visit("web:invitation", "", reverse("web:invitation", args=[invited.secret])),
        Visit("web:unsubscribe", "", reverse("web:unsubscribe", args=[token_for(watch.pk, "published", urgent=False)])),
        Visit("web:unsubscribe", "", "/unsubscribe/wrong/", status=404),
        Visit("account_login", "", reverse("account_login")),
        Visit("account_login", "", reverse("account_login"), press({"login": "x@y.z", "password": "no"})),
        Visit("account_request_login_code", "", reverse("account_request_login_code")),
        Visit(
            "account_confirm_login_code", "", reverse("account_request_login_code"),
            press({"email": "staff@demo.test"}),
        ),
        Visit("account_inactive", "", reverse("account_inactive")),
        Visit("account_signup", "", reverse("account_signup")),
        Visit("account_reset_password", "", reverse("account_reset_password")),
        Visit("account_reset_password_done", "", reverse("account_reset_password_done")),
        Visit("account_reset_password_from_key", "", reverse("account_reset_password_from_key", kwargs=reset)),
        Visit("account_reset_password_from_key_done", "", reverse("account_reset_password_from_key_done")),
        Visit("account_logout", "staff", reverse("account_logout")),
        Visit("account_change_password", "lead", reverse("account_change_password")),
        Visit("account_reauthenticate", "stranger", reverse("account_reauthenticate")),
        Visit("mfa_index", "lead", reverse("mfa_index")),
        Visit("mfa_activate_totp", "lead", reverse("mfa_activate_totp")),
        Visit("mfa_deactivate_totp", "deputy", reverse("mfa_deactivate_totp")),
        Visit("mfa_view_recovery_codes", "deputy", reverse("mfa_view_recovery_codes")),
        Visit("mfa_generate_recovery_codes", "deputy", reverse("mfa_generate_recovery_codes")),
        Visit("mfa_reauthenticate", "deputy", reverse("mfa_reauthenticate")),
        Visit(
            "mfa_authenticate", "", reverse("account_login"),
            press({"login": "deputy@demo.test", "password": "crisis-desk-demo"}),
        ),
        Visit("api:docs", "lead", reverse("api:docs")),
        *_desk(),
        *_whys(people),
        *_plans(),
        *_room(),
        *_settings(brand),
        Visit("404", "lead", "/nowhere/", status=404),
        Visit("404", "", "/nowhere/", status=404),
        Visit("403", "executive", reverse("web:settings"), forge("settings/zone"), status=403),
        Visit("400", "lead", reverse("web:settings"), overfill("settings/zone"), status=400),
        Visit("500", "lead", reverse("web:desk"), break_it, status=500),
    ]  # fmt: skip


def _desk() -> Iterator[Visit]:
    yield from (
        Visit(f"web:{name}", who, reverse(f"web:{name}") + more)
        for name, who, more in (
            ("desk", "lead", ""), ("desk", "executive", ""), ("desk", "stranger", ""),
            ("desk", "approver", ""), ("incidents", "lead", ""),
            ("incidents", "stranger", ""), ("incidents", "lead", "?words=nothing"),
            ("deadlines", "lead", ""), ("deadlines", "executive", "?group=person"),
            ("deadlines", "staff", "?group=incident&within=day"), ("deadlines", "stranger", ""),
            ("incident-open", "lead", ""), ("search", "lead", "?q=nour"),
            ("search", "lead", "?q=zzz"), ("inbox", "lead", ""), ("inbox", "stranger", ""),
            ("playbooks", "staff", ""),
            ("playbook-new", "lead", ""), ("playbook-import", "lead", ""), ("lessons", "staff", ""),
            ("reports", "executive", ""), ("reports", "stranger", ""),
            ("design", "lead", ""),
        )
    )  # fmt: skip
    yield Visit("web:playbook", "approver", reverse("web:playbook", args=["service-outage"]))
    yield Visit("web:playbook", "lead", reverse("web:playbook", args=["hashtag-storm"]))
    yield Visit("web:incident-open", "lead", reverse("web:incident-open"), press({}), status=422)
    own = Playbook.objects.get(slug="our-own").pk
    yield Visit("web:playbook-edit", "lead", reverse("web:playbook-edit", args=[own]))
    yield Visit("web:playbook-publish", "lead", reverse("web:playbook-publish", args=[own]))
    lesson = Lesson.objects.order_by("key")[0].key
    yield Visit("web:lesson", "staff", reverse("web:lesson", args=[lesson]))
    history = reverse("web:playbook-history", args=["service-outage"])
    yield Visit("web:playbook-history", "lead", history)


def _whys(people: dict[str, User]) -> Iterator[Visit]:
    """A line of the inbox, and one that a mail's foot leads to."""
    for transport in ("inbox", "email"):
        told = Notification.objects.filter(recipient=people["lead"], transport=transport)
        path = reverse("web:inbox-why", args=[told.order_by("-pk")[0].pk])
        yield Visit("web:inbox-why", "lead", path)


def _plans() -> Iterator[Visit]:
    plan = AnnouncementPlan.objects.latest("pk")  # the demo has one, too, that is not ready
    question = plan.points.get(kind="question").pk
    yield Visit("web:plans", "lead", reverse("web:plans"))
    yield Visit("web:plans", "stranger", reverse("web:plans"))
    yield Visit("web:plan-new", "lead", reverse("web:plan-new"))
    yield Visit("web:plan-new", "lead", reverse("web:plan-new"), press({"title": ""}), status=422)
    for who in ("lead", "executive"):
        yield Visit("web:plan", who, reverse("web:plan", args=[plan.pk]))
    for name in ("plan-change", "plan-announce"):
        yield Visit(f"web:{name}", "lead", reverse(f"web:{name}", args=[plan.pk]))
    yield Visit("web:plan-point", "staff", reverse("web:plan-point", args=[plan.pk, question]))
    for who in ("approver", "staff"):
        answer = reverse("web:plan-answer", args=[plan.pk, question, "en"])
        yield Visit("web:plan-answer", who, answer)
    words = reverse("web:plan-statement", args=[plan.pk, "holding", "ar"])
    yield Visit("web:plan-statement", "staff", words)


def _room() -> Iterator[Visit]:
    live = Incident.objects.get(status="active")
    finished = Incident.objects.get(status="closed")
    cancelled = Incident.objects.get(status="cancelled")
    waiting = StatementRevision.objects.filter(
        statement__incident=live, state="in_review", language="he"
    )[0]
    approved = StatementRevision.objects.filter(statement__incident=live, state="approved")[0]
    posted = Publication.objects.filter(incident=finished, state="published")[0]

    def at(incident: Incident, name: str, *more: object, who: str = "lead", **kind: Any) -> Visit:
        query = kind.pop("query", "")
        path = reverse(f"web:{name}", args=[incident.reference, *more])
        return Visit(f"web:{name}", who, path + query, **kind)

    for name in ("incident", "incident-checklists", "incident-statements", "incident-timeline"):
        for who in ("lead", "executive"):
            yield at(live, name, who=who)
    for incident in (live, finished):
        yield at(incident, "incident-report")
        yield at(incident, "incident-report", who="executive")
    yield at(finished, "incident")
    yield at(cancelled, "incident")
    yield at(live, "incident-timeline", query="?view=compact")
    yield at(live, "incident-checklists", query="?late=1")
    for name in (
        "deadlines",
        "status",
        "severity",
        "title",
        "cancel",
        "restrict",
        "handover",
        "strategy",
    ):
        yield at(live, f"incident-{name}")
    yield at(live, "regulators")
    yield at(live, "incident-update")
    yield at(live, "incident-update", who="executive")
    yield at(live, "incident-reach")
    yield at(live, "newer-revision")
    yield at(finished, "newer-revision", who="executive")
    yield at(finished, "incident-reopen")
    yield at(live, "incident-title", act=stale, status=409)
    yield at(live, "handover", HandOver.objects.get().pk)
    yield at(live, "item", ChecklistItem.objects.filter(incident=live, state="todo")[0].pk)
    yield at(live, "event-amend", 3)
    yield at(live, "event-told", 1)
    yield at(live, "event-told", 1, who="executive")
    yield at(live, "fact", Fact.objects.filter(incident=live)[0].pk)
    yield at(live, "question", Question.objects.filter(incident=live)[0].pk)
    yield at(live, "deadline", Deadline.objects.filter(incident=live, state="running")[0].pk)
    rung = TimelineEvent.objects.filter(incident=live, kind="reminder_due")[0]
    yield at(live, "deadline-told", rung.data["deadline"])
    yield at(live, "statement", waiting.statement_id)
    yield at(live, "statement", waiting.statement_id, query="?language=ar&edit=ar", who="staff")
    yield at(live, "statement", words_of(live, "update", "en").statement_id)
    yield at(live, "statement-new", who="staff")
    yield at(live, "approve", waiting.pk, who="approver")
    yield at(live, "approve", waiting.pk, who="executive")
    yield at(live, "send-back", waiting.pk, who="approver")
    yield at(live, "phone-approval", waiting.pk)
    yield at(live, "phone-approval", waiting.pk, act=swapped({"approver": ""}, 422))
    yield at(live, "post", approved.pk, approved.statement.channels[-1], who="staff")
    yield at(finished, "post", posted.revision_id, posted.channel)
    yield at(live, "post-override", waiting.pk, "x")


def _settings(brand: Brand) -> Iterator[Visit]:
    names = (
        "",
        "-notifications",
        "-security",
        "-transports",
        "-calendars",
        "-tokens",
        "-webhooks",
        "-people",
        "-brands",
        "-accounts",
        "-chats",
        "-mail",
        "-health",
        "-given-up",
    )
    for name in (*names, "-invite"):
        yield Visit(f"web:settings{name}", "lead", reverse(f"web:settings{name}"))
    yield Visit("web:settings-brand-new", "lead", reverse("web:settings-brand-new"))
    line = Notification.objects.filter(recipient__email="staff@demo.test", transport="inbox")[0]
    hook = reverse("web:settings-webhook", args=[make_webhook(line)[0].pk])
    yield Visit("web:settings-webhook", "staff", hook)
    staff = User.objects.get(email="staff@demo.test")
    yield Visit("web:settings-person", "lead", reverse("web:settings-person", args=[staff.pk]))
    yield Visit("web:settings-brand", "lead", reverse("web:settings-brand", args=[brand.key]))
    account = OfficialAccount.objects.filter(brand=brand)[0]
    yield Visit("web:settings-account", "lead", reverse("web:settings-account", args=[account.pk]))
    calendar = reverse("web:settings-brand-calendar", args=[brand.key])
    for more in ("", "?country=IL&month=2026-09"):
        yield Visit("web:settings-brand-calendar", "lead", calendar + more)
    yield Visit("web:settings-rotas", "staff", reverse("web:settings-rotas"))
    rota = reverse("web:settings-rota", args=[brand.key])
    for who in ("lead", "staff", "executive"):
        yield Visit("web:settings-rota", who, rota)
    yield Visit("web:settings-rota", "lead", rota, press({"starts_at": ""}), status=422)
    garden = reverse("web:settings-rota", args=["nour-garden"])
    yield Visit("web:settings-rota", "lead", garden)
    yield Visit(
        "web:settings-account-new", "lead", reverse("web:settings-account-new", args=[brand.key])
    )
    yield Visit(
        "web:settings-mail-message",
        "lead",
        reverse("web:settings-mail-message", args=["20261116-1"]),
    )
