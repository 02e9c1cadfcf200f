"""The desk's words for stored values and for refusals, in the reader's language. Both web and API use them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext_lazy

from crisisdesk.core.alarm_words import ALARM_WORDS
from crisisdesk.core.errors import DomainError
from crisisdesk.core.news_words import MORNINGS, NEWS, NEWS_HINTS
from crisisdesk.core.receipt_words import RECEIPTS
from crisisdesk.core.refusals import REFUSALS

_ = gettext_lazy

# A shape for each status, never a colour alone: ring, half, full, struck.
STATUS_SHAPES = {
    "declared": "",
    "active": "half",
    "contained": "full",
    "resolved": "full",
    "closed": "none",
    "cancelled": "gone",
}
REVISION_SHAPES = {
    "draft": "",
    "in_review": "part",
    "approved": "full",
    "sent_back": "gone",
    "superseded": "none",
}

WORDS: dict[str, dict[str, str | Promise]] = {
    "status": {
        "declared": pgettext_lazy("status", "Opened"),
        "active": pgettext_lazy("status", "Responding"),
        "contained": pgettext_lazy("status", "Under control"),
        "resolved": pgettext_lazy("status", "Resolved"),
        "closed": pgettext_lazy("status", "Closed"),
        "cancelled": pgettext_lazy("status", "False alarm"),
    },
    "severity": {
        "sev1": _("People may be harmed, or the law is involved"),
        "sev2": _("Spreading, or press is asking"),
        "sev3": _("Many complaints, one place"),
        "sev4": pgettext_lazy("severity", "Watch"),
    },
    "cancel_reason": {
        "false_alarm": _("False alarm"),
        "same_matter": _("Same matter as another incident"),
    },
    "role": {
        "observer": pgettext_lazy("role", "Observer"),
        "executive": pgettext_lazy("role", "Executive"),
        "staff": pgettext_lazy("role", "Comms staff"),
        "approver": pgettext_lazy("role", "Approver"),
        "lead": pgettext_lazy("role", "PR lead"),
        "admin": pgettext_lazy("role", "Administrator"),
    },
    "hand": {
        "beat": pgettext_lazy("hand", "The beat that starts every sweep"),
        "worker": pgettext_lazy("hand", "The workers"),
        "reminders": pgettext_lazy("hand", "The sweep of reminders"),
        "delivery": pgettext_lazy("hand", "The sweep of outgoing mail"),
        "auditor": pgettext_lazy("hand", "The auditor of clocks and histories"),
    },
    "transport": {
        "inbox": pgettext_lazy("transport", "Inbox of the desk"),
        "email": pgettext_lazy("transport", "E-mail"),
        "push": pgettext_lazy("transport", "This browser"),
        "slack": "Slack",
        "teams": "Microsoft Teams",
        "mattermost": "Mattermost",
        "telegram": "Telegram",
        "whatsapp": "WhatsApp",
        "sms": pgettext_lazy("transport", "Text message (SMS)"),
        "service": pgettext_lazy("transport", "Another service"),
        "webhook": pgettext_lazy("transport", "Webhook"),
    },
    "attempt": {
        "sent": pgettext_lazy("attempt", "Taken"),
        "retry": pgettext_lazy("attempt", "Not taken, tried again"),
        "failed": pgettext_lazy("attempt", "Given up"),
        "withheld": pgettext_lazy("attempt", "Withheld"),
        "lost": pgettext_lazy("attempt", "The worker was lost"),
        "held": pgettext_lazy("attempt", "Kept for later"),
    },
    "news": NEWS,
    "news_hint": NEWS_HINTS,
    "morning": MORNINGS,
    **RECEIPTS,
    "duty": {
        "lead": pgettext_lazy("duty", "Lead"),
        "spokesperson": pgettext_lazy("duty", "Writes and posts"),
        "approver": pgettext_lazy("duty", "Approves"),
        "monitor": pgettext_lazy("duty", "Watches"),
        "scribe": pgettext_lazy("duty", "Keeps the record"),
    },
    "phase": {
        "first_15_minutes": _("First 15 minutes"),
        "first_hour": _("First hour"),
        "keep_talking": _("Keep talking"),
        "recover": pgettext_lazy("phase", "Recover"),
        "learn": pgettext_lazy("phase", "Learn"),
    },
    "item": {
        "todo": pgettext_lazy("item", "To do"),
        "done": pgettext_lazy("item", "Done"),
        "skipped": pgettext_lazy("item", "Skipped"),
    },
    "origin": {
        "document": _("From the document"),
        "public": _("From a public source"),
        "ours": _("Our practice"),
    },
    "stage": {
        "acknowledgement": _("Acknowledgement"),
        "holding": _("Holding statement"),
        "update": pgettext_lazy("stage", "Update"),
        "correction": _("Correction"),
        "resolution": pgettext_lazy("stage", "Resolution"),
        "apology": _("Apology"),
        "internal": _("Internal note"),
        "qa": _("Questions and answers"),
    },
    "audience": {
        "public": _("Customers and followers"),
        "customers": _("People we answer one by one"),
        "press": _("Press"),
        "staff": _("Our own people"),
        "regulator": _("The regulator"),
        "partners": _("Partners"),
    },
    "plan": {"needed": _("Needed"), "to_follow": _("To follow"), "not_needed": _("Not needed")},
    "revision": {
        "draft": pgettext_lazy("revision", "Draft"),
        "in_review": pgettext_lazy("revision", "Waits for approval"),
        "approved": pgettext_lazy("revision", "Approved"),
        "sent_back": pgettext_lazy("revision", "Sent back"),
        "superseded": pgettext_lazy("revision", "Replaced by a newer text"),
    },
    "approval_how": {
        "in_desk": _("In the desk"),
        "by_phone": _("By phone, to be confirmed"),
        "presigned": _("Signed in advance"),
    },
    "publication": {
        "claimed": _("Being posted"),
        "published": pgettext_lazy("publication", "Posted"),
        "released": _("Not posted"),
    },
    "deadline": {
        "activation": _("First action"),
        "posts_paused": _("Scheduled posts paused"),
        "internal_note": _("Note to our own people"),
        "acknowledgement": _("Acknowledgement"),
        "holding": _("Holding statement"),
        "update": _("Next update"),
        "complaint_reply": _("Reply to complaints"),
        "fake_report": _("Report of the fake account"),
        "correction": _("Correction"),
        "item": _("Checklist item"),
        "approval": _("Approval"),
        "language": _("Words in another language"),
        "publication_link": _("Link of the post"),
        "closing_line": _("Public closing line"),
        "question": _("Answer to a question"),
        "commitment": _("Promise in public"),
        "override_review": _("Review of the override"),
        "phone_confirmation": _("Confirmation of the approval by phone"),
        "postmortem": _("Post-mortem"),
        "action_item": _("Prevention action"),
        "regulator": _("Notice to an authority"),
        "update_request": _("Update asked for"),
    },
    "deadline_state": {
        "running": _("Running"),
        "met": pgettext_lazy("deadline", "Met"),
        "missed": pgettext_lazy("deadline", "Missed"),
        "waived": pgettext_lazy("deadline", "Waived"),
        "cancelled": _("No longer needed"),
    },
    "language": {"en": _("English"), "ar": _("Arabic"), "he": _("Hebrew")},
    "asker": {
        "customer": pgettext_lazy("asker", "customers"),
        "press": pgettext_lazy("asker", "the press"),
        "staff": pgettext_lazy("asker", "our own people"),
        "regulator": pgettext_lazy("asker", "a regulator"),
        "partner": pgettext_lazy("asker", "a partner"),
        "influencer": pgettext_lazy("asker", "an influencer"),
        "activist": pgettext_lazy("asker", "activists"),
        "competitor": pgettext_lazy("asker", "a competitor"),
        "public": pgettext_lazy("asker", "the public"),
    },
    "channel": {
        "x": pgettext_lazy("channel", "X"),
        "facebook": pgettext_lazy("channel", "Facebook"),
        "instagram": pgettext_lazy("channel", "Instagram"),
        "youtube": pgettext_lazy("channel", "YouTube"),
        "tiktok": pgettext_lazy("channel", "TikTok"),
        "linkedin": pgettext_lazy("channel", "LinkedIn"),
        "threads": pgettext_lazy("channel", "Threads"),
        "bluesky": pgettext_lazy("channel", "Bluesky"),
        "mastodon": pgettext_lazy("channel", "Mastodon"),
        "whatsapp": pgettext_lazy("channel", "WhatsApp"),
        "email": pgettext_lazy("channel", "e-mail"),
        "website": pgettext_lazy("channel", "our website"),
        "press": pgettext_lazy("channel", "a press note"),
        "sms": pgettext_lazy("channel", "SMS"),
        "internal": pgettext_lazy("channel", "the staff channel"),
    },
    **ALARM_WORDS,
    "line": {
        "verdict": _("the verdict in one sentence"),
        "summary": _("what happened"),
        "cause": _("why, or “not known”"),
        "affected": _("who was affected, or “not known”"),
        "business_effect": _("what it cost, or “not known”"),
        "changes": _("what changes"),
        "closing_line": _("what it was"),
        "went_well": _("what went well"),
        "went_badly": _("what went badly"),
    },
    "report_kind": {"one_page": _("One page"), "full": _("Full report")},
    "event_group": {
        "words": pgettext_lazy("events", "Words"),
        "notes": pgettext_lazy("events", "Notes and facts"),
        "questions": pgettext_lazy("events", "Questions"),
        "items": pgettext_lazy("events", "Items"),
        "reminders": pgettext_lazy("events", "Reminders"),
        "course": pgettext_lazy("events", "Course of the incident"),
    },
    "answer": {
        "yes": pgettext_lazy("answer", "Yes"),
        "no": pgettext_lazy("answer", "No"),
        "unknown": pgettext_lazy("answer", "Not known yet"),
    },
    "plan_status": {
        "preparing": pgettext_lazy("plan", "Being prepared"),
        "announced": pgettext_lazy("plan", "Announced"),
        "dropped": pgettext_lazy("plan", "Dropped"),
    },
    "point": {
        "group": pgettext_lazy("plan", "Affected group"),
        "question": pgettext_lazy("plan", "Question"),
        "misreading": pgettext_lazy("plan", "Misreading"),
    },
    "scope": {"read": _("Read only"), "write": _("Read and write")},
    "crisis_type": {
        "impersonation": _("Somebody speaks in our name"),
        "outage": _("Something does not work"),
        "backlash": _("People object to what we did"),
        "takeover": _("Somebody uses our account or our tool"),
        "recall": _("A product must come back"),
        "rumour": _("Something untrue is said about us"),
        "activism": _("A campaign is run against us"),
        "data_leak": _("People's data is out"),
        "announcement": _("We announced something and people are angry"),
        "conduct": _("One of us behaved badly"),
        "general": _("Anything that fits no other playbook"),
    },
    "public_line": {
        "inform": pgettext_lazy("line", "Inform"),
        "diminish": pgettext_lazy("line", "Put into proportion"),
        "rebuild": pgettext_lazy("line", "Make amends"),
        "deny": pgettext_lazy("line", "Deny, with the evidence"),
    },
    "public_line_means": {
        "inform": _("Say what happened, what people can do, and what we do about it."),
        "diminish": _(
            "Explain that it was not meant, and how far it goes, without making it small."
        ),
        "rebuild": _("Take responsibility, apologise, and put right what was done to people."),
        "deny": _("Say that it is not so, and show who checked what, and when."),
    },
    "threat": {
        "1": pgettext_lazy("threat", "low"),
        "2": pgettext_lazy("threat", "moderate"),
        "3": pgettext_lazy("threat", "high"),
        "4": pgettext_lazy("threat", "very high"),
        "5": pgettext_lazy("threat", "extreme"),
    },
    "advice": {
        "blame_victim": _("Little blame is laid on us: it is done to us as well."),
        "blame_accidental": _("Some blame is laid on us: it happened without intent."),
        "blame_preventable": _(
            "The blame is laid on us: people think that we could have prevented it."
        ),
        "had_similar": _("Something like it happened to us before: one step up."),
        "bad_reputation": _("Our reputation is bad already: one step up."),
        "proven_rumour": _(
            "It is a rumour, and our evidence can be shown: the one case for denying."
        ),
        "below_recommended": _("The chosen line does less than this threat calls for."),
        "denies_without_evidence": _(
            "Denying is for a rumour that evidence disproves, and for nothing else."
        ),
        "denies_and_rebuilds": _(
            "To deny and to make amends at once contradict each other; people believe neither."
        ),
        "safety_first": _("Whatever the line: first say what people can do to be safe."),
        "tell_first": _(
            "If nobody outside has told it yet, tell it ourselves: what we tell first is believed more."
        ),
        "told_first": _(
            "We told it first. That is believed more; stay with facts and the next time we speak."
        ),
        "more_than_sympathy": _("Sympathy alone can do harm: put facts and an action beside it."),
    },
    "cluster": {
        "victim": _("We are harmed as well"),
        "accidental": _("We did not mean it"),
        "preventable": _("We could have prevented it"),
    },
}


def word(group: str, value: str) -> str:
    """Return the reader's word for a stored value; a value without a word is shown as it is stored."""
    return str(WORDS[group].get(value, value))


def choices(group: str) -> list[tuple[str, str | Promise]]:
    """Return the group as form choices."""
    return list(WORDS[group].items())


def error_text(error: DomainError | Any) -> str:
    """Return what happened and what to do, in the reader's language; nothing was written, and the sentence may
    say so."""
    code = str(getattr(error, "code", error))
    return refusal(code, dict(getattr(error, "params", None) or {}))


def refusal(code: str, params: dict[str, Any]) -> str:
    """Return the sentence for a coded refusal, its facts filled in."""
    sentence = str(
        REFUSALS.get(code) or gettext("This is not possible as things stand. Nothing was changed.")
    )
    try:
        return sentence % _readable(params) if "%(" in sentence else sentence
    except (KeyError, TypeError, ValueError):
        # A refusal with fewer facts than its sentence wants must still say no in words.
        return gettext("This is not possible as things stand. Nothing was changed.")


# Which facts of a refusal are stored values, and the groups that have words for them.
_FACT_WORDS = {
    "from": ("status",),
    "to": ("status",),
    "status": ("status",),
    "language": ("language",),
    "line": ("line",),
    "answer": ("answer",),
    "state": ("item", "revision", "deadline_state"),
}


def _readable(params: dict[str, Any]) -> dict[str, str]:
    """Return the facts of a refusal as people read them: stored values as words, lists with commas."""
    shown = {}
    for key, value in params.items():
        groups = _FACT_WORDS.get(key, ())
        found = next((WORDS[group][value] for group in groups if value in WORDS[group]), None)
        if found is not None:
            shown[key] = str(found)
        elif isinstance(value, dict):
            shown[key] = str(value.get((get_language() or "en")[:2]) or value.get("en", ""))
        elif isinstance(value, (list, tuple)):
            shown[key] = gettext(", ").join(str(part) for part in value)
        elif isinstance(value, date):
            shown[key] = date_format(value, "j F Y")
        else:
            shown[key] = str(value).upper() if key == "severity" else str(value)
    return shown
