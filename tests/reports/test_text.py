"""Words keep their own direction, their own digits, and never become markup."""

from __future__ import annotations

import pytest

from crisisdesk.reports.domain.text import Line, Text, written_in


def show(words: str, language: str, around: str, *, eastern: bool = False) -> str:
    return str(Text(words, language, around, eastern))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("الرد من @NourHome.", "@NourHome"),
        ("اكتبوا إلى care@nourhome.example، من فضلكم", "care@nourhome.example"),
        ("الرابط https://x.com/NourHome/1017.", "https://x.com/NourHome/1017"),
        ("هاتف +971 4 555 0100 للمساعدة", "+971 4 555 0100"),
        ("من SEV3 إلى", "SEV3"),
        ("ב־CD-2026-0031 נכתב", "CD-2026-0031"),
        ("توقيت دبي (UTC+4)", "UTC+4"),
        ("وعد: We will write by 11:00، فات", "We will write by 11:00"),
    ],
)
def test_codes_and_latin_names_read_left_to_right_in_rtl_words(words: str, code: str) -> None:
    language = "he" if words.startswith("ב") else "ar"
    assert f'<bdi dir="ltr">{code}</bdi>' in show(words, language, language)


def test_a_latin_list_in_hebrew_keeps_the_order_of_its_items() -> None:
    shown = show("X, Instagram, Facebook", "he", "he")
    assert shown.count("<bdi") == 3


def test_a_long_link_may_break() -> None:
    assert 'class="long"' in show(
        "https://example.com/a/very/long/path/that/cannot/stay", "en", "en"
    )


def test_what_people_typed_is_escaped() -> None:
    shown = show('<script>alert(1)</script> & "x" <img src=x onerror=y>', "en", "ar")
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;" in shown


def test_words_of_another_language_are_isolated_with_their_own_direction() -> None:
    assert show("Refund all", "en", "ar").startswith('<bdi lang="en" dir="ltr">')
    assert show("ردّ المبالغ", "ar", "en").startswith('<bdi lang="ar" dir="rtl">')
    assert not show("Refund all", "en", "en").startswith("<bdi")


def test_eastern_digits_leave_codes_alone() -> None:
    shown = show("عند 10:17 كتبنا @Nour24 في CD-2026-0031", "ar", "ar", eastern=True)
    assert "١٠:١٧" in shown
    assert "@Nour24" in shown
    assert "CD-2026-0031" in shown
    assert "10:17" in show("at 10:17", "en", "ar", eastern=True)


def test_an_amount_and_a_date_are_not_torn_apart() -> None:
    assert written_in("AED 38,000 by 20 Nov", "en").words == "AED\u00a038,000 by 20\u00a0Nov"


def test_shortening_ends_with_a_whole_word() -> None:
    assert Text("one two three four", "en", "en").shortened(10).words == "one two…"


def test_quotation_marks_are_those_of_the_language() -> None:
    assert Text("كلمة", "ar", "en").in_quotes().words == "«كلمة»"
    assert Text("word", "en", "ar").in_quotes().words == "“word”"


def test_a_line_joins_our_words_and_theirs_without_empty_parts() -> None:
    line = Line((Text("Note:", "en", "en"), Text("", "en", "en"), Text("نص", "ar", "en")))
    assert str(line) == 'Note: <bdi lang="ar" dir="rtl">نص</bdi>'
