"""Models of the shelf."""

from playbooks.models.lesson import Lesson
from playbooks.models.playbook import Playbook
from playbooks.models.playbook_draft import PlaybookDraft
from playbooks.models.playbook_revision import PlaybookRevision
from playbooks.models.presigned_text import PresignedText
from playbooks.models.regulator import Regulator
from playbooks.models.review_date import ReviewDate
from playbooks.models.source import Source

__all__ = [
    "Lesson",
    "Playbook",
    "PlaybookDraft",
    "PlaybookRevision",
    "PresignedText",
    "Regulator",
    "ReviewDate",
    "Source",
]
