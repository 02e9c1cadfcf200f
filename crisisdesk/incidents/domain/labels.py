"""What deadlines are called when the playbook has no word for them, in every language of the desk.

A deadline keeps its name in all languages, as items do: it must read the same in every mail, page and report for ever,
so these few are stored content and not interface texts.
"""

from __future__ import annotations

Label = dict[str, str]

_LANGUAGE_NAMES = {
    "en": {"en": "English", "ar": "الإنجليزية", "he": "אנגלית"},
    "ar": {"en": "Arabic", "ar": "العربية", "he": "ערבית"},
    "he": {"en": "Hebrew", "ar": "العبرية", "he": "עברית"},
}


def _label(patterns: Label, **values: str | Label) -> Label:
    return {
        language: pattern.format(
            **{
                name: value.get(language, "") if isinstance(value, dict) else value
                for name, value in values.items()
            }
        )
        for language, pattern in patterns.items()
    }


def answer(question: str) -> Label:
    """The answer to a question people ask."""
    return _label({"en": "Answer: {q}", "ar": "الرد على: {q}", "he": "מענה: {q}"}, q=question)


def closing_line(question: str) -> Label:
    """The public closing line of a conversation taken private."""
    return _label(
        {
            "en": "Public closing line: {q}",
            "ar": "سطر ختامي علني: {q}",
            "he": "שורת סיום פומבית: {q}",
        },
        q=question,
    )


def approval(language: str, title: Label) -> Label:
    """The approver's answer to one text."""
    return _label(
        {
            "en": "Approval of the {name} words: {title}",
            "ar": "اعتماد النص ب{name}: {title}",
            "he": "אישור הנוסח ב{name}: {title}",
        },
        name=_LANGUAGE_NAMES[language],
        title=title,
    )


def language_to_follow(language: str, title: Label) -> Label:
    """A language that was promised for later."""
    return _label(
        {
            "en": "{name} to follow: {title}",
            "ar": "النص ب{name} لاحقًا: {title}",
            "he": "הנוסח ב{name} בהמשך: {title}",
        },
        name=_LANGUAGE_NAMES[language],
        title=title,
    )


def link_to_follow(title: Label) -> Label:
    """The link of a post that is out already."""
    return _label(
        {
            "en": "Link to the post: {title}",
            "ar": "رابط المنشور: {title}",
            "he": "קישור לפרסום: {title}",
        },
        title=title,
    )


def next_update() -> Label:
    """The next public word."""
    return {"en": "Next update", "ar": "التحديث القادم", "he": "העדכון הבא"}


def phone_confirmation(title: Label) -> Label:
    """The approver's own confirmation of what they said by phone."""
    return _label(
        {
            "en": "Confirm the approval given by phone: {title}",
            "ar": "تأكيد الاعتماد الهاتفي: {title}",
            "he": "אישור בכתב של אישור טלפוני: {title}",
        },
        title=title,
    )


def override_review(title: Label) -> Label:
    """The look back at words that went out without approval."""
    return _label(
        {
            "en": "Review of the emergency override: {title}",
            "ar": "مراجعة النشر الطارئ من دون اعتماد: {title}",
            "he": "בדיקת הפרסום החריג ללא אישור: {title}",
        },
        title=title,
    )


def action_item(text: str) -> Label:
    """A prevention action."""
    return dict.fromkeys(("en", "ar", "he"), text)


def update_for(role: str) -> Label:
    """The update that an executive, or whoever else reads and decides, asks of the lead."""
    if role == "executive":
        return {
            "en": "Update for the executives",
            "ar": "تحديث للإدارة",
            "he": "עדכון להנהלה",
        }
    return {
        "en": "Update for those who approve",
        "ar": "تحديث لمن يعتمدون النصوص",
        "he": "עדכון למאשרי הנוסחים",
    }
