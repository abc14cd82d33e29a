from django.db import models

from twoway.people.public_id import new_public_id


class Organisation(models.Model):
    """Groups programmes; the wall that no data crosses."""

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    hue = models.PositiveSmallIntegerField(default=168)
    time_zone = models.CharField(max_length=60, default="UTC")
    made_at = models.DateTimeField()
    demo = models.BooleanField(default=False)


class FormerSlug(models.Model):
    """An address that was used before a renaming; it leads to the new one."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="former_slugs")
    programme = models.ForeignKey("Programme", on_delete=models.CASCADE, null=True, related_name="former_slugs")
    slug = models.SlugField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], condition=models.Q(programme=None), name="former_organisation_slug_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "slug"],
                condition=models.Q(programme__isnull=False),
                name="former_programme_slug_once",
            ),
        ]
