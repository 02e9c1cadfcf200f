"""Each part of a playbook has a day by which its brand reads it again; the day follows the words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.core.errors import DomainError, Invalid, NotAllowed, NotVisible, Stale
from crisisdesk.organisation.domain.actors import SYSTEM, Actor
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, User
from playbooks.domain import reviews
from playbooks.models import Playbook, PlaybookDraft, PlaybookRevision, ReviewDate
from playbooks.queries.reviews import to_review
from playbooks.queries.visibility import review_dates_visible_to
from tests.factories.organisation import NOON, make_brand, make_member, make_user, web
from tests.factories.playbooks import SLUG, load, write_playbook
from tests.factories.reviews import DUE, dated, everything, review, rows, seen
from tests.playbooks.drafts import TITLE, publish, put
from tests.playbooks.test_publishing import reopened

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
STATEMENTS = {"acknowledgement", "holding", "update", "correction", "resolution"}
TEXT = "words.ar.statements.holding.text"


def test_the_plan_and_each_statement_are_due_ninety_days_after_publication(
    draft: PlaybookDraft, brand: Brand, lead: User
) -> None:
    made = publish(draft, lead)
    found = rows(brand, playbook=made.playbook_id)
    assert set(found) == {"", *STATEMENTS}
    for row in found.values():
        assert (row.review_by, row.due_at, row.owner) == (date(2027, 2, 16), DUE, lead)
        assert (row.version, row.reviewed_at, row.reminded_at) == (1, None, None)
    assert found["holding"].label["ar"].startswith("كلمات عن")


def test_changed_words_count_anew_and_the_others_stay(
    draft: PlaybookDraft, brand: Brand, lead: User
) -> None:
    made = publish(draft, lead)
    before = rows(brand, playbook=made.playbook_id)
    review(lead, *before.values(), at=NOON + DAY)
    said = made.content["words"]["ar"]["statements"]["holding"]["text"]
    changed = put(reopened(made, lead), lead, TEXT, f"{said} مزيد", said)
    changed.save()
    publish_at(changed, lead, NOON + 10 * DAY)
    after = rows(brand, playbook=made.playbook_id)
    assert after["holding"].review_by == date(2027, 2, 26)
    assert after["holding"].reviewed_by is None
    others = [row for key, row in after.items() if key != "holding"]
    assert {row.review_by for row in others} == {date(2027, 2, 17)}
    assert {row.reviewed_by for row in others} == {lead}


def publish_at(draft: PlaybookDraft, who: User, at: datetime) -> PlaybookRevision:
    from playbooks.domain.publishing import publish_draft

    return publish_draft(
        playbook_id=draft.playbook_id, version=draft.version, note="N", actor=web(who), at=at
    )


def test_a_title_belongs_to_the_plan(draft: PlaybookDraft, brand: Brand, lead: User) -> None:
    made = publish(draft, lead)
    again = put(reopened(made, lead), lead, TITLE, "ثالث", made.content["words"]["ar"]["title"])
    publish_at(again, lead, NOON + DAY)
    found = rows(brand, playbook=made.playbook_id)
    assert found[""].review_by == date(2027, 2, 17) and found[""].label["ar"] == "ثالث"
    assert {found[key].review_by for key in STATEMENTS} == {date(2027, 2, 16)}


def test_shared_playbooks_have_dates_brand_by_brand_and_loading_twice_changes_nothing(
    brand: Brand, lead: User, tmp_path: Path
) -> None:
    other = make_brand("other", created_at=NOON + DAY)
    dated()
    assert set(rows(brand)) == set(rows(other)) == {"", *STATEMENTS}
    assert rows(other)[""].review_by == date(2027, 2, 17)
    review(lead, rows(brand)["update"], at=NOON + 3 * DAY)
    before = everything()
    load(tmp_path)
    dated(NOON + 9 * DAY)
    assert everything() == before


def test_a_revision_of_the_files_dates_changed_words_for_every_brand(
    brand: Brand, tmp_path: Path
) -> None:
    other = make_brand("other")
    dated()

    def spoil(files: dict[str, dict[str, Any]]) -> None:
        files["he.yaml"]["statements"]["update"]["text"] += " עוד"
        plan = files["playbook.yaml"]["statements"]
        plan.append({**plan[2], "key": "second"})
        for code, word in (("en", "more words"), ("ar", "كلمات أخرى"), ("he", "מילים אחרות")):
            said = files[f"{code}.yaml"]["statements"]
            said["second"] = {"title": word, "text": f"{said['update']['text']} {word}"}

    write_playbook(tmp_path, SLUG, spoil)
    ReviewDate.objects.update(review_by=date(2026, 12, 1))
    load(tmp_path)
    for each in (brand, other):
        found = rows(each)
        assert set(found) == {"", "second", *STATEMENTS}
        assert found["update"].review_by == found[""].review_by == date(2027, 2, 16)
        assert found["second"].review_by == date(2027, 2, 16)
        assert found["holding"].review_by == date(2026, 12, 1)
    write_playbook(tmp_path, SLUG)
    load(tmp_path)
    assert set(rows(brand)) == set(rows(other)) == {"", *STATEMENTS}


def test_the_brands_own_takes_the_place_of_the_shared_one(brand: Brand, lead: User) -> None:
    from tests.playbooks.drafts import begin

    dated()
    shared = PlaybookRevision.objects.get()
    publish(begin(brand, lead, SLUG, from_revision=shared.pk), lead)
    found = review_dates_visible_to(lead)
    assert {row.playbook.brand for row in found} == {brand}
    assert found.count() == 6


def test_still_right_counts_ninety_days_from_today(brand: Brand, lead: User) -> None:
    dated()
    part = rows(brand)["update"]
    review(lead, part, at=DUE + 5 * DAY)
    part.refresh_from_db()
    assert (part.review_by, part.reviewed_by) == (date(2027, 5, 22), lead)
    assert (part.reviewed_at, part.version) == (DUE + 5 * DAY, 2)
    assert rows(brand)["holding"].review_by == date(2027, 2, 16)


def test_another_day_and_another_owner(brand: Brand, lead: User) -> None:
    dated()
    second = make_member(brand, Role.LEAD, "second")
    part = rows(brand)["update"]
    reviews.set_review_date(seen=seen(part), review_by=date(2027, 1, 4), actor=web(lead), at=NOON)
    part.refresh_from_db()
    assert part.due_at == datetime(2027, 1, 4, 5, tzinfo=UTC)
    reviews.give_review(seen=seen(part), owner_id=second.pk, actor=web(lead), at=NOON)
    assert rows(brand)["update"].owner == second
    part.refresh_from_db()
    reviews.give_review(seen=seen(part), owner_id=None, actor=web(second), at=NOON)
    assert rows(brand)["update"].owner is None


@pytest.mark.parametrize(
    ("who", "error", "code"),
    [
        ("staff", NotAllowed, "not_allowed"),
        ("observer", NotAllowed, "not_allowed"),
        ("admin", NotAllowed, "not_allowed"),
        ("stranger", NotVisible, "not_found"),
        ("reader", NotAllowed, "read_only_token"),
        ("desk", NotVisible, "not_found"),
    ],
)
def test_only_a_lead_of_the_brand_may(
    brand: Brand, lead: User, who: str, error: type[DomainError], code: str
) -> None:
    dated()
    if who == "reader":
        actor = Actor(lead, "api", "read")
    elif who == "desk":
        actor = SYSTEM
    else:
        actor = web(make_user(who) if who == "stranger" else make_member(brand, who))
    part, before = rows(brand)["update"], everything()
    for call in (
        lambda: reviews.mark_reviewed(seen=seen(part), actor=actor, at=NOON),
        lambda: reviews.set_review_date(
            seen=seen(part), review_by=date(2027, 1, 4), actor=actor, at=NOON
        ),
        lambda: reviews.give_review(seen=seen(part), owner_id=lead.pk, actor=actor, at=NOON),
    ):
        with pytest.raises(error, match=code):
            call()
    assert everything() == before


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (None, "review_date_missing"),
        (date(2026, 11, 18), "due_in_past"),
        (date(2026, 1, 1), "due_in_past"),
        (date(2028, 11, 19), "review_date_far"),
        (date.max, "review_date_far"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused(
    brand: Brand, lead: User, day: date | None, code: str
) -> None:
    dated()
    before = everything()
    with pytest.raises(Invalid, match=code):
        reviews.set_review_date(
            seen=seen(rows(brand)["update"]), review_by=day, actor=web(lead), at=NOON
        )
    assert everything() == before


def test_refusals_write_nothing(brand: Brand, lead: User) -> None:
    dated()
    staff = make_member(brand, Role.STAFF)
    found = rows(brand)
    review(lead, found["update"])
    both, before = seen(found["holding"], found["update"]), everything()
    with pytest.raises(Stale, match="review_date_changed") as stale:
        reviews.mark_reviewed(seen=both, actor=web(lead), at=NOON)
    assert stale.value.current == found["update"]
    with pytest.raises(Invalid, match="review_parts_missing"):
        reviews.mark_reviewed(seen={}, actor=web(lead), at=NOON)
    with pytest.raises(NotVisible):
        reviews.mark_reviewed(seen={0: 1, **seen(found["holding"])}, actor=web(lead), at=NOON)
    one = {"seen": seen(found["holding"]), "actor": web(lead), "at": NOON}
    with pytest.raises(Invalid, match="no_such_person"):
        reviews.give_review(owner_id=make_user("nobody").pk, **one)
    with pytest.raises(Invalid, match="person_may_not_lead"):
        reviews.give_review(owner_id=staff.pk, **one)
    assert everything() == before


def test_my_desk_has_one_line_a_playbook_for_its_owner(brand: Brand, lead: User) -> None:
    dated()
    second = make_member(brand, Role.LEAD, "second")
    assert to_review(lead, at=DUE - 15 * DAY) == []
    (soon,) = to_review(lead, at=DUE - 14 * DAY)
    assert (soon.slug, soon.late, soon.soon) == (SLUG, 0, 6)
    found = rows(brand)
    reviews.set_review_date(
        seen=seen(found["update"]), review_by=date(2026, 12, 1), actor=web(lead), at=NOON
    )
    reviews.give_review(seen=seen(found["holding"]), owner_id=second.pk, actor=web(lead), at=NOON)
    (mine,) = to_review(lead, at=DUE)
    assert (mine.late, mine.review_by, mine.owner) == (5, date(2026, 12, 1), None)
    assert mine.title["en"].startswith("words of title")
    assert [each.late for each in to_review(second, at=DUE)] == [6]
    second.memberships.all().delete()
    assert [each.late for each in to_review(lead, at=DUE)] == [6]
    assert to_review(make_member(brand, Role.STAFF), at=DUE) == []


def test_what_left_the_shelf_is_due_no_more(brand: Brand, lead: User) -> None:
    dated()
    Playbook.objects.update(is_published=False)
    assert to_review(lead, at=DUE) == []
    assert not review_dates_visible_to(lead).exists()
