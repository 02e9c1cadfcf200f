# fmt: off - as makemigrations wrote it; a line a field reads better here than six.

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import crisisdesk.organisation.models.brand


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("core", "0001_stored_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40, unique=True)),
                ("names", models.JSONField(default=dict)),
                ("limit", models.PositiveIntegerField(blank=True, null=True)),
                ("counting", models.CharField(default="plain", max_length=20)),
                ("link_length", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("visible", models.PositiveIntegerField(blank=True, null=True)),
                ("comment_controls", models.JSONField(blank=True, default=dict)),
                ("private_route", models.JSONField(blank=True, default=dict)),
                ("impersonation_route", models.JSONField(blank=True, default=dict)),
                ("impersonation_url", models.URLField(blank=True, max_length=500)),
                ("source", models.TextField(blank=True)),
                ("checked_on", models.DateField(blank=True, null=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ("position", "key"),
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("full_name", models.CharField(blank=True, max_length=120)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("name_ar", models.CharField(blank=True, max_length=120)),
                ("name_he", models.CharField(blank=True, max_length=120)),
                ("title", models.CharField(blank=True, max_length=40)),
                ("language", models.CharField(default="en", max_length=5)),
                (
                    "reads",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("zone", models.CharField(default="UTC", max_length=64)),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("is_active", models.BooleanField(default=True)),
                ("is_staff", models.BooleanField(default=False)),
                ("date_joined", models.DateTimeField()),
                ("anonymised_at", models.DateTimeField(blank=True, null=True)),
                ("search_text", models.TextField(blank=True, editable=False)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "ordering": ("full_name", "pk"),
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("digest", models.CharField(max_length=128, primary_key=True, serialize=False)),
                ("token_key", models.CharField(db_index=True, max_length=25)),
                ("expiry", models.DateTimeField(blank=True, null=True)),
                ("created", models.DateTimeField()),
                ("name", models.CharField(max_length=80)),
                (
                    "scope",
                    models.CharField(
                        choices=[("read", "Read"), ("write", "Write")], default="read", max_length=5
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="auth_token_set",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-created",),
            },
        ),
        migrations.CreateModel(
            name="Brand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("names", models.JSONField(blank=True, default=dict)),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("colour", models.CharField(blank=True, max_length=7)),
                ("zone", models.CharField(default="UTC", max_length=64)),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5), default=list, size=None
                    ),
                ),
                (
                    "digit_style",
                    models.CharField(
                        choices=[("latin", "Latin"), ("arabic", "Arabic")],
                        default="latin",
                        max_length=10,
                    ),
                ),
                ("week_start", models.PositiveSmallIntegerField(default=1)),
                (
                    "weekend",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=crisisdesk.organisation.models.brand.saturday_and_sunday,
                        size=None,
                    ),
                ),
                ("marking", models.JSONField(blank=True, default=dict)),
                ("contact_email", models.EmailField(blank=True, max_length=254)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("search_text", models.TextField(blank=True, editable=False)),
                (
                    "logo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "pk"),
            },
        ),
        migrations.CreateModel(
            name="BrandLanguage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=5)),
                (
                    "approver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approves_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="brand_languages",
                        to="organisation.brand",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputises_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("brand_id", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("full_name", models.CharField(max_length=120)),
                ("language", models.CharField(max_length=5)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("observer", "Observer"),
                            ("executive", "Executive"),
                            ("staff", "Staff"),
                            ("approver", "Approver"),
                            ("lead", "Lead"),
                            ("admin", "Admin"),
                        ],
                        max_length=12,
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="organisation.brand",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("observer", "Observer"),
                            ("executive", "Executive"),
                            ("staff", "Staff"),
                            ("approver", "Approver"),
                            ("lead", "Lead"),
                            ("admin", "Admin"),
                        ],
                        max_length=12,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="organisation.brand",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("brand_id", "user_id", "pk"),
            },
        ),
        migrations.CreateModel(
            name="OfficialAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("handle", models.CharField(max_length=120)),
                ("url", models.URLField(blank=True, max_length=500)),
                ("contact_url", models.URLField(blank=True, max_length=500)),
                ("contact_line", models.JSONField(blank=True, default=dict)),
                ("last_access_test", models.DateTimeField(blank=True, null=True)),
                ("access_worked", models.BooleanField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "backup_owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts_backed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="organisation.brand",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="organisation.channel",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts_owned",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("brand_id", "channel_id", "handle", "pk"),
            },
        ),
        migrations.CreateModel(
            name="SignInLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_in_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-pk"),
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="user_email_is_lower_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="brand",
            constraint=models.CheckConstraint(
                condition=models.Q(("week_start__gte", 1), ("week_start__lte", 7)),
                name="brand_week_start_is_a_weekday",
            ),
        ),
        migrations.AddConstraint(
            model_name="brandlanguage",
            constraint=models.UniqueConstraint(
                fields=("brand", "language"), name="brand_language_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="brandlanguage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approver__isnull", True),
                    ("deputy__isnull", True),
                    models.Q(("approver", models.F("deputy")), _negated=True),
                    _connector="OR",
                ),
                name="brand_language_deputy_is_another_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("user", "brand", "role"), name="membership_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="officialaccount",
            constraint=models.UniqueConstraint(
                models.F("brand"),
                models.F("channel"),
                django.db.models.functions.text.Lower("handle"),
                name="official_account_once",
            ),
        ),
    ]
