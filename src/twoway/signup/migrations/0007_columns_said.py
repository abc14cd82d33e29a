from django.db import migrations, models


def said_by_somebody(apps, schema_editor):
    """Files brought in on the page whose columns were past being guessed; the command's have nobody's name."""
    past = apps.get_model("signup", "Roster").objects.exclude(state__in=["reading", "mapping", "refused"])
    past.filter(by__isnull=False).exclude(mapping={}).update(columns_said=True)


class Migration(migrations.Migration):

    dependencies = [
        ('signup', '0006_use_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='roster',
            name='columns_said',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(said_by_somebody, migrations.RunPython.noop),
    ]
