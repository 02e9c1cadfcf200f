"""The playbooks we ship pass their own check, load, and say what the issue promises."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from crisisdesk.core import placeholders
from crisisdesk.core.languages import LANGUAGES
from playbooks.domain.checking import check_shelf
from playbooks.domain.content import Content, parse
from playbooks.enums import Phase, Provenance, Severity
from playbooks.models import Lesson, PlaybookRevision
from tests.factories.playbooks import load

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
SLUGS = [
    "account-takeover",
    "activist-campaign",
    "data-leak",
    "employee-or-executive-conduct",
    "fake-support-account",
    "general",
    "hashtag-storm",
    "planned-announcement",
    "product-recall",
    "product-safety-rumour",
    "service-outage",
]


def contents() -> list[Content]:
    return [parse(folder.content()) for folder in check_shelf(FIXTURES).shelf.folders]


def test_the_shelf_has_no_faults() -> None:
    assert [fault.shown(FIXTURES) for fault in check_shelf(FIXTURES).errors] == []


def test_it_holds_these_playbooks() -> None:
    assert [content.slug for content in contents()] == SLUGS


@pytest.mark.parametrize("slug", SLUGS)
def test_each_is_complete_in_every_language(slug: str) -> None:
    (content,) = (each for each in contents() if each.slug == slug)
    assert set(content.severities) == set(Severity.values)
    assert {item.phase for item in content.items} == set(Phase.values)
    assert {item.provenance.origin for item in content.items} <= set(Provenance.values)
    for code in LANGUAGES:
        assert all((content.title[code], content.when_to_use[code], content.trap[code]))
        assert all(item.words[code] and item.detail[code] for item in content.items)
        assert all(statement.text[code] for statement in content.statements)
        assert content.avoid[code] and content.first_facts[code]


@pytest.mark.parametrize("slug", SLUGS)
def test_an_acknowledgement_signed_in_advance_can_be_filled_from_its_facts_alone(slug: str) -> None:
    (content,) = (each for each in contents() if each.slug == slug)
    acknowledgements = content.statements_for("acknowledgement")
    assert acknowledgements
    for statement in acknowledgements:
        for text in statement.text.values():
            assert set(placeholders.names(text)) <= set(statement.facts)


@pytest.mark.django_db
def test_it_loads_once() -> None:
    assert load(FIXTURES).created == SLUGS
    assert load(FIXTURES).unchanged == SLUGS
    assert PlaybookRevision.objects.count() == len(SLUGS)
    assert Lesson.objects.filter(is_listed=True).count() >= len(SLUGS)
