"""What each fault of a playbook says to its writer; the exact finding in English stands beside it (`Fault.message`)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from playbooks.domain.yaml_files import Fault

FAULTS: dict[str, str | Promise] = {
    # --- the archive and its files ---
    "archive_climbs": _("A name in the archive leads out of its folder. It was not opened."),
    "archive_foreign": _("This does not belong to a playbook: it has four files in one folder."),
    "archive_link": _("The archive holds a link to another file. It was not opened."),
    "archive_too_large": _("This is too large for a playbook; 10 MB unpacked is the most."),
    "archive_unreadable": _("This is not a .zip that can be read."),
    "file_missing": _("This file is missing."),
    "file_unreadable": _("This file is not UTF-8 text."),
    "no_playbooks": _("There is no playbook here."),
    "not_a_mapping": _("This file must be a list of keys with their values."),
    "yaml": _("This line cannot be read as YAML."),
    # --- keys and values ---
    "bad_key": _("A key has small Latin letters, digits and hyphens, at most 80 signs."),
    "bad_number": _("This must be a whole number within its bounds."),
    "bad_value": _("This is not one of the values that are possible here."),
    "empty_text": _("Nothing is written here yet."),
    "extra_key": _("This key is not known here."),
    "missing_key": _("This is missing."),
    "wrong_type": _("Something of another kind belongs here."),
    "written_twice": _("This stands here twice."),
    "slug_differs": _("The name in the file differs from the folder's."),
    # --- what it refers to ---
    "unknown_behaviour": _("Nothing in the desk goes by this name."),
    "unknown_case": _("This case is not among the desk's cases."),
    "unknown_channel": _("This channel is not known to the desk."),
    "unknown_clock": _("No clock of this kind stands in this playbook."),
    "unknown_document": _("This document is not among the desk's sources."),
    "unknown_item": _("This item is not in this playbook."),
    "unknown_lane": _("This approval lane is not in this playbook."),
    "unknown_lesson": _("This lesson is not in the library."),
    "unknown_question": _("This question is not in this playbook."),
    "unknown_regulator": _("This regulator is not known to the desk."),
    "unknown_transport": _("The desk knows no such way to reach people."),
    "unknown_start": _("There is no statement of this stage to count from."),
    "lesson_not_listed": _("This lesson is missing in the playbook's list of lessons."),
    "source_misplaced": _("Our own practice names no source."),
    "note_unmapped": _("A note names the lesson it became, or why it became none."),
    "paragraph_not_cited": _("The lesson does not rest on this paragraph."),
    "source_missing": _("Say where it comes from: the source is missing."),
    # --- the plan ---
    "audience_missing": _("An audience has no words yet."),
    "case_missing": _("A case is told, but none is named."),
    "clock_length": _("Give minutes or days for at least one severity."),
    "empty_condition": _("This condition names nothing. Leave it out, then it always holds."),
    "facts_misplaced": _("Only an acknowledgement is signed in advance."),
    "first_items_required": _("Exactly three items of the first 15 minutes are required."),
    "first_items_too_many": _("The first 15 minutes have room for six items."),
    "item_count": _("The number of items is unusual: too few help little, too many nobody reads."),
    "nobody_there": _("Nobody of the brand has this role now, so the lead is told instead."),
    "not_rising": _("Each step comes later than the one before it."),
    "person_misplaced": _("Only a step to one person names a person."),
    "phase_missing": _("A phase has no item yet."),
    "questions_too_many": _("Nobody answers more than five questions at the start."),
    "stage_missing": _("A stage that every playbook needs has no statement yet."),
    "step_delay": _("Give either a share of the time or minutes after it was due."),
    "step_reaches_nobody": _(
        "This step reaches nobody. Choose somebody who works for the brand, or a role."
    ),
    "start_without_minutes": _("It counts from something, but no minutes are given."),
    "waits_for_itself": _("This item waits for itself."),
    # --- the words ---
    "avoid_count": _("Five to eight wordings to avoid are read; this is another number."),
    "fact_is_phrase": _("This fact is a phrase: the approver signs words not yet written."),
    "fact_not_in_text": _("This fact does not stand in the words."),
    "first_facts_count": _("Three to five questions are answered first; this is another number."),
    "not_shared": _("No two playbooks share this text any more."),
    "not_written": _("The English words stand here. This language is not written yet."),
    "placeholder_differs": _("The placeholders are not the same as in English."),
    "placeholder_misplaced": _("Only the text of a statement has placeholders in braces."),
    "shared_text": _("Another playbook says the same; write it for this case."),
    "too_long": _("This is longer than one of its channels takes, once it is filled in."),
    "unknown_doubled_sign": _("With the words for “not known”, two signs stand side by side."),
    "unknown_joined": _(
        "A placeholder is joined to the word before it; that breaks when it is filled."
    ),
    "unknown_mid_sentence": _(
        "With the words for “not known”, a sentence ends in the middle of another."
    ),
    "unknown_no_end": _("With the words for “not known”, a full stop is missing."),
    "unknown_placeholder": _("This placeholder is not in the list of placeholders."),
    "unknown_small_letter": _(
        "With the words for “not known”, a sentence begins with a small letter."
    ),
    "unknown_twice": _("With the words for “not known”, the label is said twice."),
    "unused_placeholder": _("No statement has this placeholder."),
}


def fault_text(fault: Fault) -> str:
    """Return what is wrong in the reader's language; a fault without a sentence speaks for itself."""
    return str(FAULTS.get(fault.code) or fault.message)
