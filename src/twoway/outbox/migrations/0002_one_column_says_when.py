from django.db import migrations, models


def empty_for_letters_that_are_done(apps, schema_editor):
    """A letter that has a due time is tried again, so those that are done must not keep one."""
    apps.get_model("outbox", "Delivery").objects.filter(state__in=["sent", "failed"]).update(due_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='delivery',
            name='delivery_due',
        ),
        migrations.RemoveField(
            model_name='delivery',
            name='leased_until',
        ),
        migrations.AddField(
            model_name='delivery',
            name='urgent',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='due_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(empty_for_letters_that_are_done, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['-urgent', 'due_at'], name='delivery_due'),
        ),
    ]
