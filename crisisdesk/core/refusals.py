"""What each refusal says. Keys are the stable codes of the commands; a test holds that every code has its sentence.

A sentence says what happened and what to do, without blame. Facts come as named placeholders from the refusal.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, str | Promise] = {
    # --- anywhere ---
    "not_found": _("There is nothing here, or it is not open to you."),
    "not_allowed": _("Your role does not include this. Ask the lead."),
    "read_only_token": _("This token can only read. Make one that can write under Settings."),
    "stale": _("Somebody else saved this first. Both texts are below; nothing you typed was lost."),
    "idempotency_key_reused": _("This form was already sent with other words. Open it again and send it once more."),
    "reason_missing": _("Say why in one line; it appears in the timeline."),
    # --- files and links ---
    "file_empty": _("The file is empty. Choose another one."),
    "file_too_large": _("The file is larger than %(limit_mb)s MB. Send a smaller one or a link to it."),
    "file_type_not_allowed": _("Files of this type are not accepted: %(name)s. Use a picture, a PDF, text or a table."),
    "link_invalid": _("This is not a link. It starts with https:// and has no spaces."),
    # --- people and access ---
    "email_invalid": _("This is not an e-mail address. It looks like name@example.com."),
    "email_taken": _("Somebody already uses %(email)s."),
    "name_missing": _("A name is needed."),
    "password_missing": _("A password is needed, at least ten characters."),
    "language_unknown": _("This language is not one of the desk's: English, Arabic, Hebrew."),
    "languages_missing": _("Choose at least one language."),
    "zone_unknown": _("This time zone is not known. Choose one from the list, for example Asia/Dubai."),
    "role_unknown": _("This role is not known. Choose one from the list."),
    "role_not_held": _("The person does not hold this role."),
    "already_has_role": _("%(email)s already has this role here."),
    "last_admin": _("%(brand)s needs at least one administrator. Name another one first."),
    "still_responsible": _("This person still answers for something in %(brand)s. Hand it to somebody else first."),
    "own_account": _("You cannot do this to your own account. Ask another administrator."),
    "admin_elsewhere": _("This person also belongs to a brand you do not administer. Ask its administrator."),
    "anonymised": _("This person has left and the data was removed; that cannot be undone."),
    "not_active": _("This person cannot sign in at the moment."),
    "person_unknown": _("Nobody with the address %(email)s is known here."),
    "not_a_member": _("This person has no role in this brand yet."),
    "same_person": _("The deputy must be another person."),
    "approver_without_role": _("This person is not an approver of the brand yet. Give the role first."),
    "does_not_read": _("%(name)s does not read this language, so cannot approve words in it."),
    "link_wrong": _("This link is not complete or not from this desk. Ask for a new one."),
    "link_used": _("This link was already used; each opens once. Ask for a new one."),
    "link_expired": _("This link has expired. Ask for a new one."),
    "sign_in_first": _("There is already an account for %(email)s. Sign in, then open the link again."),
    "setup_code_wrong": _("This is not the set-up code. It stands in the terminal where the desk was started."),
    "already_set_up": _("This desk is already set up. Sign in instead."),
    "scope_unknown": _("A token can read, or read and write."),
    # --- brands, channels, accounts ---
    "key_invalid": _("A key has small letters, digits and hyphens only."),
    "key_taken": _("The key %(key)s is already in use."),
    "colour_invalid": _("A colour looks like #0b5d61."),
    "digit_style_unknown": _("Numbers are written 123 or ١٢٣; choose one."),
    "weekday_unknown": _("A weekday is a number from 1 (Monday) to 7 (Sunday)."),
    "language_not_of_brand": _("The brand does not speak this language. Add the language to the brand first."),
    "channel_unknown": _("This channel is not known. Choose one from the list."),
    "channels_invalid": _("The file of channels has a mistake at %(channel)s, %(key)s."),
    "handle_missing": _("The account needs its name on the channel, for example @nourhome."),
    "account_exists": _("The account %(handle)s is already listed."),
    # --- timeline ---
    "no_such_event": _("There is no event number %(number)s in this incident."),
    "incident_ended": _("This incident has ended. Reopen it with a reason to go on."),
}
