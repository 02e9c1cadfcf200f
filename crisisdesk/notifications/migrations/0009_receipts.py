"""Find who was told of an event without reading the whole outbox."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0008_mornings")]

    operations = [
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["dedupe_key"], name="notification_event"),
        ),
    ]
