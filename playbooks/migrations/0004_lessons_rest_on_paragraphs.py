"""A lesson rests on several paragraphs, belongs to a case, and names what follows from it."""

from __future__ import annotations

from typing import Any

import django.contrib.postgres.fields
from django.db import migrations, models


def keep_what_they_rest_on(apps: Any, schema_editor: Any) -> None:
    """Carry document and paragraph over: a lesson that has left the files is not loaded again."""
    lessons = apps.get_model("playbooks", "Lesson").objects.select_related("source")
    for lesson in lessons:
        lesson.rests_on = [
            {
                "document": lesson.source.key,
                "title": lesson.source.title,
                "paragraphs": [lesson.paragraph],
            }
        ]
        lesson.save(update_fields=["rests_on"])


class Migration(migrations.Migration):
    dependencies = [("playbooks", "0003_revision_author")]

    operations = [
        migrations.AddField("source", "notes", models.JSONField(blank=True, default=list)),
        migrations.AddField(
            "lesson", "case", models.SlugField(blank=True, default="", max_length=60), False
        ),
        migrations.AddField("lesson", "case_name", models.JSONField(default=dict)),
        migrations.AddField("lesson", "rests_on", models.JSONField(default=list)),
        migrations.AddField(
            "lesson",
            "behaviours",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=80), default=list, size=None
            ),
        ),
        migrations.AddField(
            "lesson",
            "clocks",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=30), default=list, size=None
            ),
        ),
        migrations.RunPython(keep_what_they_rest_on, migrations.RunPython.noop),
        migrations.RemoveField("lesson", "source"),
        migrations.RemoveField("lesson", "paragraph"),
    ]
