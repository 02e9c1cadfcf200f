"""What each refusal says. Keys are the stable codes of the commands; a test holds that every code has its sentence.

A sentence says what happened and what to do, without blame. Facts come as named placeholders from the refusal.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crisisdesk.core.news_words import NEWS_REFUSALS
from crisisdesk.core.rota_refusals import ROTA_REFUSALS

REFUSALS: dict[str, str | Promise] = {
    # --- anywhere ---
    "not_found": _("There is nothing here, or it is not open to you."),
    "not_allowed": _("Your role does not include this. Ask the lead."),
    "read_only_token": _("This token can only read. Make one that can write under Settings."),
    "stale": _("Somebody else saved this first. Both texts are below; nothing you typed was lost."),
    "idempotency_key_reused": _(
        "This form was already sent with other words. Open it again and send it once more."
    ),
    "reason_missing": _("Say why in one line; it appears in the timeline."),
    "cursor_wrong": _("This page of the list is not known. Start again from the first one."),
    # --- the API ---
    "version_needed": _(
        "Say which version you have read: the header If-Match or the field “version”."
    ),
    "malformed": _("Some of this cannot be read. Each field below says why."),
    "unreadable": _("The body is not JSON."),
    "body_too_large": _("The body is too large."),
    "not_signed_in": _("A token or a session is needed."),
    "token_wrong": _("This token is not known. Make another one under Settings."),
    "token_expired": _("This token has expired. Make another one under Settings."),
    "throttled": _("This was asked for too often. Wait a little."),
    "method_not_allowed": _("This address does not do that."),
    "form_expired": _("The page was open for too long. Load it again and repeat the last step."),
    "format_not_offered": _("The answer comes as JSON only."),
    "server_error": _(
        "Something broke on our side. Try again; if it breaks again, tell whoever runs this desk: %(reference)s."
    ),
    "format_not_read": _("This kind of body is not read here. Send JSON."),
    **NEWS_REFUSALS,
    # --- files and links ---
    "file_empty": _("The file is empty. Choose another one."),
    "file_too_large": _(
        "The file is larger than %(limit_mb)s MB. Send a smaller one or a link to it."
    ),
    "file_type_not_allowed": _(
        "Files of this type are not accepted: %(name)s. Use a picture, a PDF, text or a table."
    ),
    "link_invalid": _("This is not a link. It starts with https:// and has no spaces."),
    # --- how a person is told ---
    "transport_unknown": _("Nobody is told by this way. Choose one from the list."),
    "transport_not_set_up": _(
        "This way is not set up on this desk. Whoever runs the desk can set it up."
    ),
    "address_form": _("This does not have the form that is needed here. Look at the example."),
    "address_exists": _("This address is already in your list."),
    "addresses_too_many": _("You have %(most)s addresses already. Remove one first."),
    "address_gone": _("The address it was for is removed or switched off. Nothing is sent there."),
    "address_unverified": _(
        "This address is not confirmed yet. Enter the code that was sent there first."
    ),
    "code_not_sent": _("The other side did not take the code. It said: “%(answer)s”."),
    "code_wrong": _("This is not the code. Look again at what was sent there."),
    "code_expired": _("This code counts no more. Ask for another one."),
    "code_tries_spent": _("The code was wrong too often. Ask for another one."),
    "codes_too_many": _("You asked for %(most)s codes within a day. Wait until tomorrow."),
    "code_too_soon": _(
        "A code was sent a moment ago. Wait a minute before asking for another one."
    ),
    "test_refused": _("The other side did not take the test. It said: “%(answer)s”."),
    # --- people and access ---
    "email_invalid": _("This is not an e-mail address. It looks like name@example.com."),
    "email_taken": _("Somebody already uses %(email)s."),
    "name_missing": _("A name is needed."),
    "password_missing": _("A password is needed, at least ten characters."),
    "language_unknown": _("This language is not one of the desk's: English, Arabic, Hebrew."),
    "languages_missing": _("Choose at least one language."),
    "zone_unknown": _(
        "This time zone is not known. Choose one from the list, for example Asia/Dubai."
    ),
    "role_unknown": _("This role is not known. Choose one from the list."),
    "role_not_held": _("The person does not hold this role."),
    "already_has_role": _("%(email)s already has this role here."),
    "last_admin": _("%(brand)s needs at least one administrator. Name another one first."),
    "still_responsible": _(
        "This person still answers for something in %(brand)s. Hand it to somebody else first."
    ),
    "own_account": _("You cannot do this to your own account. Ask another administrator."),
    "admin_elsewhere": _(
        "This person also belongs to a brand you do not administer. Ask its administrator."
    ),
    "anonymised": _("This person has left and the data was removed; that cannot be undone."),
    "not_active": _("This person cannot sign in at the moment."),
    "person_unknown": _("Nobody with the address %(email)s is known here."),
    "not_a_member": _("This person has no role in this brand yet."),
    **ROTA_REFUSALS,
    "same_person": _("The deputy must be another person."),
    "approver_without_role": _(
        "This person is not an approver of the brand yet. Give the role first."
    ),
    "does_not_read": _("%(name)s does not read this language, so cannot approve words in it."),
    "link_wrong": _("This link is not complete or not from this desk. Ask for a new one."),
    "link_used": _("This link was already used; each opens once. Ask for a new one."),
    "link_expired": _("This link has expired. Ask for a new one."),
    "feed_revoked": _(
        "The person who made this calendar address has revoked it. Take it out of your calendar, or make a new one in "
        "the desk under Settings, Calendars."
    ),
    "no_such_incident": _("There is no such incident here, or it is not open to you."),
    "feeds_too_many": _(
        "You have %(most)s calendar addresses already. Revoke one that no calendar reads any more."
    ),
    # --- where news goes: webhooks, browsers ---
    "webhook_url": _("A webhook has an address that starts with https://, without spaces."),
    "address_private": _(
        "This address lies inside our own network, where the desk never goes. Give one that is reachable from outside."
    ),
    "host_unknown": _("Nobody knows this host. Check its name."),
    "webhook_exists": _("You have a webhook at this address already."),
    "webhooks_too_many": _("You have %(most)s webhooks already. Remove one that is not needed."),
    "webhook_silent": _("Nobody answered there: “%(answer)s”."),
    "webhook_unproven": _(
        "The endpoint did not say the challenge back, so nothing is sent there yet. It answered: “%(answer)s”."
    ),
    "webhook_off": _("Nothing is sent to this webhook now. Ask for its proof first."),
    "still_on_its_way": _("This message is on its way already."),
    "push_not_set_up": _(
        "This desk has no key for browser news yet. Whoever runs it sets VAPID_PRIVATE_KEY."
    ),
    "push_host_unknown": _("This is no push service of a browser that the desk knows."),
    "push_keys_wrong": _("What the browser gave is not complete. Turn it on once more."),
    "devices_too_many": _("You are told on %(most)s browsers already. Remove one of them first."),
    "sign_in_first": _(
        "There is already an account for %(email)s. Sign in, then open the link again."
    ),
    "setup_code_wrong": _(
        "This is not the set-up code. It stands in the terminal where the desk was started."
    ),
    "already_set_up": _("This desk is already set up. Sign in instead."),
    "scope_unknown": _("A token can read, or read and write."),
    # --- brands, channels, accounts ---
    "key_invalid": _("A key has small letters, digits and hyphens only."),
    "key_taken": _("The key %(key)s is already in use."),
    "colour_invalid": _("A colour looks like #0b5d61."),
    "digit_style_unknown": _("Numbers are written 123 or ١٢٣; choose one."),
    "weekday_unknown": _("A weekday is a number from 1 (Monday) to 7 (Sunday)."),
    "language_not_of_brand": _(
        "The brand does not speak this language. Add the language to the brand first."
    ),
    "channel_unknown": _("This channel is not known. Choose one from the list."),
    "account_unlisted": _("No official account of ours is listed there."),  # a warning
    "channels_invalid": _("The file of channels has a mistake at %(channel)s, %(key)s."),
    "handle_missing": _("The account needs its name on the channel, for example @nourhome."),
    "account_exists": _("The account %(handle)s is already listed."),
    "service_unknown": _("Only these services can be used, by the part before “://”: %(schemas)s."),
    "service_option": _("The option “%(option)s” is not taken. Leave it out of the address."),
    # --- the record ---
    "no_such_event": _("There is no event number %(number)s in this incident."),
    "incident_ended": _("This incident has ended. Reopen it with a reason to go on."),
    "occurred_in_future": _("This lies in the future. Give the time at which it happened."),
    "text_missing": _("Nothing is written yet."),
    "text_too_long": _("This is %(length)s characters long; %(limit)s fit here."),
    "title_missing": _("Say in one line what you see."),
    "asker_unknown": _("Choose from the list who asks."),
    "times_asked_range": _("Give how often it was asked as a number, at least 1."),
    "already_private": _("This conversation is private already."),
    "not_private": _("This conversation was not taken private, so there is nothing to close."),
    "evidence_missing": _("Give a file or a link."),
    # --- opening, status, severity ---
    "no_such_playbook": _("This playbook does not exist, or is not on your shelf."),
    "no_such_brand": _("There is no such brand, or it is not open to you."),
    "cluster_unknown": _("Choose how much blame is laid on us: little, some, or all of it."),
    "line_unknown": _(
        "Choose from the four lines: inform, put into proportion, make amends, deny."
    ),
    "line_not_chosen": _("Choose at least one line."),
    "severity_unknown": _("Choose one of SEV1, SEV2, SEV3, SEV4."),
    "playbook_unknown": _("This playbook is not on the shelf. Choose one from the list."),
    "detected_in_future": _(
        "“Seen at” lies in the future. Give the time at which somebody saw it."
    ),
    "first_signal_after_detection": _("“First public” cannot be later than “Seen at”."),
    "question_unknown": _("This playbook does not ask “%(value)s”."),
    "answer_unknown": _("Answer yes, no or unknown."),
    "answer_changed": _("Somebody answered this first: the answer is now “%(answer)s”."),
    "status_changed": _("Somebody moved this incident first: it is now “%(status)s”."),
    "severity_changed": _("Somebody changed the severity first: it is now %(severity)s."),
    "transition_not_allowed": _("From “%(from)s” there is no step to “%(to)s”."),
    "not_ready": _("Something still stands in the way; it is listed above the button."),
    "reopen_needs_reason": _("Say in one line why it opens again."),
    "cancel_needs_reason": _("Say in one line why it is no incident."),
    "line_missing_cancel": _("Say in one line why it is no incident."),
    "same_matter_missing": _("Name the incident this one belongs to."),
    "same_matter_itself": _("An incident cannot be the same matter as itself."),
    "not_ended": _("This incident has not ended: it is “%(status)s”."),
    # --- what stands in the way of a step, shown before the button is pressed ---
    "first_items_open": _("Required items of the first 15 minutes still open: %(count)s."),
    "nothing_published": _("Nothing has been said in public yet."),
    "words_in_review": _(
        "Texts that still wait for approval: %(count)s. Approve them or take them back."
    ),
    "resolution_not_said": _("The public has not been told that it is resolved."),
    "closing_lines_open": _("Private conversations without a public closing line: %(count)s."),
    "postmortem_not_final": _("The post-mortem is not final yet."),
    "prevention_missing": _("There is no prevention action with owner and date yet."),
    "line_missing": _("One line is missing: %(line)s."),
    "notices_unsent": _("Notices to authorities that apply and were not sent: %(count)s."),
    "closing_line_missing": _("One closing line is missing: what it was."),
    "postmortem_incomplete": _("The post-mortem is not complete; what is missing is marked."),
    # --- checklist, deadlines, duty ---
    "no_such_item": _("There is no such item in this incident."),
    "items_missing": _("Choose at least one item."),
    "item_changed": _("Somebody changed this item first: it is now “%(state)s”."),
    "deadline_not_running": _("This deadline does not run any more."),
    "snooze_time": _(
        "Choose a time that lies ahead: at most until it is due, or an hour from now, and within a day."
    ),
    "snoozed_enough": _(
        "You have silenced it %(count)s times. It rings for you now until it is done or waived."
    ),
    "snooze_changed": _("You have silenced it elsewhere meanwhile. Look again until when."),
    "not_reminded": _("No reminder of this deadline reaches you, so there is nothing to silence."),
    "acknowledged_before": _("%(name)s has it already."),
    "request_runs": _(
        "Your request runs already: asked %(since)s min ago, due in %(left)s min. The lead sees it."
    ),
    "asked_just_now": _(
        "You were just told. Read the update; you can ask again %(minutes)s min after it."
    ),
    "request_to_self": _("You lead this incident: the update is yours to write."),
    "no_request": _("Nobody waits for an update any more. Write a note instead."),
    "no_such_person": _("There is no such person in this brand."),
    "person_not_of_brand": _("%(name)s has no role in this brand."),
    "person_may_not_lead": _("%(name)s may not lead: the role of PR lead is missing."),
    "role_not_yours": _("This role is not in your hands, so you cannot hand it over."),
    "receiver_cannot_see": _(
        "This incident is restricted and %(name)s cannot see it. The lead names the person in it first."
    ),
    "handover_to_self": _("Choose somebody else to hand over to."),
    "handover_open": _("This role is being handed over already; it waits for the receiver."),
    "handover_not_yours": _("This hand-over is meant for somebody else."),
    "handover_withdrawn": _("This hand-over was taken back."),
    "handover_settled": _("This hand-over is settled already."),
    "already_kept": _("This promise is marked as kept already."),
    "due_in_past": _("The date lies in the past. Choose one that lies ahead."),
    # --- notices to authorities ---
    "regulator_unknown": _("This authority is not in the list. Choose one from it."),
    "regulator_there": _("This authority is asked about already; look further up the page."),
    "time_unreadable": _("This is no date and time. Choose it from the field's calendar."),
    "started_missing": _("Say when its time began to run."),
    "started_in_future": _("Its time cannot have begun in the future."),
    "notice_sent": _(
        "A notice was sent already, so the answer stays. Write a note if it was wrong."
    ),
    "duty_not_applying": _("Its clock does not run. Answer first that it applies, and from when."),
    "sent_in_future": _("The notice cannot have been sent in the future."),
    "sent_before_start": _("This lies before its time began. Check both times."),
    "contents_missing": _("Write down what was told, at least one part of it."),
    "field_unknown": _("This authority does not ask for “%(value)s”."),
    "late_reason_missing": _("It was sent late. The law wants the reason; write it in one line."),
    # --- words: writing, approving, posting ---
    "channels_missing": _("Choose at least one channel."),
    "follow_by_missing": _("Say by when this language follows."),
    "follow_by_past": _("This time has passed. Choose one that lies ahead."),
    "nothing_to_submit": _("There are no words to approve yet."),
    "placeholders_left": _("Still to fill in: %(names)s. If you do not know, write that."),
    "nobody_can_approve": _("Nobody here may approve words in this language (%(language)s)."),
    "newer_revision": _("There is a newer text, revision %(number)s. Read that one."),
    "not_in_review": _("These words do not wait for approval any more: %(state)s."),
    "words_changed": _(
        "The words changed since you opened them. Read them again before you decide."
    ),
    "own_text": _("Nobody approves their own text. Somebody else who reads the language can."),
    "language_not_read": _("Only who reads the language approves words in it (%(language)s)."),
    "comment_missing": _("Say what must change, so that the author can change it."),
    "said_in_future": _("The approval cannot have been given in the future."),
    "not_your_word": _(
        "This approval was given in somebody else's name; only that person confirms it."
    ),
    "no_deputy": _("No deputy is named for this language (%(language)s)."),
    "already_said": _("%(name)s has answered already."),
    "not_approved": _("These words are not approved yet: %(state)s. Only approved words go out."),
    "already_published": _("This text is posted there already."),
    "claimed_by_other": _("%(name)s is posting this there. Take over if nothing happens."),
    "published_in_future": _("The post cannot have gone out in the future."),
    "link_missing": _("Paste the link of the post, or choose “Posted, link to follow”."),
    "not_published": _("This text has not been posted yet."),
    # --- review and reports ---
    "already_done": _("This is marked as done already."),
    "lesson_unknown": _("The lesson %(key)s is not in the library."),
    "report_kind_unknown": _("There is one page or the full report; choose one."),
    "pdf_unavailable": _(
        "PDFs cannot be drawn on this machine yet: its text libraries are missing. The administrator runs "
        "“manage.py doctor”, which says how to add them."
    ),
    "report_too_long": _(
        "Drawing it took longer than a minute and was stopped. The one-page kind is shorter."
    ),
    "report_failed": _(
        "It could not be drawn. Try it once more; if it fails again, tell whoever runs this desk."
    ),
    "words_not_kept": _("What you typed is not kept yet. Keep the draft first, then sign it."),
    # --- plans of announcements ---
    "plan_ended": _(
        "This plan is announced or dropped and stays as it is. Open a new one for what comes next."
    ),
    "announced_in_past": _("Give a time that is still to come."),
    "point_kind_unknown": _("Say what it is: an affected group, a question or a misreading."),
    "not_a_question": _("Only a question has answers."),
    "language_not_planned": _("This plan does not speak this language."),
    "statement_unknown": _("The playbook prepares no such statement."),
    "already_approved": _("These words are approved already."),
    "duty_without_length": _("The duty has to end after it begins."),
    "not_an_approver": _("%(name)s approves no language of this brand."),
    "gaps_need_reason": _(
        "Things are still missing: %(count)s. Say why it is announced all the same; it becomes a decision."
    ),
    # --- from a chat ---
    "chat_not_set_up": _(
        "This chat is not set up on this desk. Whoever runs the desk can set it up."
    ),
    "call_unsigned": _(
        "This call does not come from the chat that is set up here. Check the signing secret or the token."
    ),
    "call_old": _("This call is too old, or a clock is wrong. Nothing was done."),
    "call_repeated": _("This call came before and was answered then. Nothing was done again."),
    "chat_brand_missing": _("Say for which brand first: %(brands)s."),
    "chat_playbook_unknown": _("Name a playbook after the severity: %(playbooks)s."),
    "chat_item_missing": _("Name the item by its number, for example #17."),
    "chat_reference_missing": _("Name the incident first, for example CD-2026-0042."),
    # --- shelf ---
    "playbook_not_published": _("This playbook is not on the shelf."),
    "revision_superseded": _(
        "The playbook has a newer revision, number %(number)s. Read that one."
    ),
    # --- parts of a newer revision, taken into a running incident ---
    "nothing_chosen": _("Choose at least one item or statement."),
    "no_such_revision": _("There is no such revision of a playbook."),
    "revision_of_other_playbook": _(
        "This revision belongs to another playbook than this incident."
    ),
    "revision_not_newer": _("Revision %(number)s is not newer than the one this incident runs on."),
    "not_in_revision": _("“%(key)s” is not in this revision of the playbook."),
    "counts_from_missing": _(
        "“%(what)s” counts from “%(other)s”, which is not in this incident. Choose both."
    ),
    "already_taken_over": _(
        "“%(what)s” is in this incident already; somebody may have taken it over first. Choose from what is left."
    ),
    "not_an_acknowledgement": _("Only an acknowledgement can be signed in advance."),
    "words_missing": _("The playbook has no words in this language (%(language)s)."),
    "already_signed": _("These words are signed in advance already."),
    "already_withdrawn": _("This signature was withdrawn already."),
    "not_the_brands_approver": _("Only the brand's approver for the language signs in advance."),
    "shared_playbook": _(
        "This playbook is shared by all brands and comes from the files. Make your brand's own copy."
    ),
    "playbook_has_faults": _(
        "Nothing was changed: %(count)s faults have to be mended first. Each is named below."
    ),
    "note_missing": _("Say in one line what changed; it stands in the history."),
    "draft_changed": _(
        "Somebody changed this draft meanwhile. This is how it stands; repeat the last step if it still fits."
    ),
    "no_draft": _("There is no draft any more; it was published or thrown away."),
    "draft_behind": _(
        "Revision %(number)s came after this draft began. Compare the two, then publish over it."
    ),
    "nothing_new": _("This says exactly what the newest revision says."),
    "no_such_place": _("This part of the playbook is not there any more. Load the page again."),
    "wrong_kind_of_value": _("Something of another kind belongs here."),
    "rows_too_many": _("There is no room for more than %(limit)s."),
    "name_invalid": _("A name has small Latin letters, digits and _, and begins with a letter."),
    "review_parts_missing": _("Tick first what you have read, or whose date you mean."),
    "review_date_missing": _("Choose the day by which it is read again."),
    "review_date_far": _("Choose a day within the next two years."),
    "review_date_changed": _(
        "Somebody changed this first: it is now due on %(date)s. Look, then repeat the last step if it still fits."
    ),
    "archive_missing": _("Choose the .zip that holds the playbook."),
    "load_shelf_not_allowed": _("The shelf is loaded by whoever runs this desk, not from a page."),
}
