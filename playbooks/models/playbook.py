"""A plan for one kind of trouble; its words live in revisions."""

from __future__ import annotations

from django.db import models

from playbooks.enums import CrisisType, PlaybookOrigin, ScctCluster


class Playbook(models.Model):
    """One plan on the shelf: shared by all brands (brand is empty) or one brand's own."""

    brand = models.ForeignKey(
        "organisation.Brand",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="playbooks",
    )
    slug = models.SlugField(max_length=80)
    origin = models.CharField(max_length=10, choices=PlaybookOrigin.choices)
    crisis_type = models.CharField(max_length=30, choices=CrisisType.choices)
    scct_cluster = models.CharField(max_length=20, choices=ScctCluster.choices)
    is_published = models.BooleanField(default=True)
    search_text = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("slug", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("brand", "slug"),
                condition=models.Q(brand__isnull=False),
                name="playbook_slug_once_per_brand",
            ),
            models.UniqueConstraint(
                fields=("slug",),
                condition=models.Q(brand__isnull=True),
                name="playbook_slug_once_shared",
            ),
        ]

    def __str__(self) -> str:
        return self.slug
