"""Events are written once: the database itself refuses to change or delete them."""

from django.db import migrations

from twoway.history.seal import seal, unseal


def up(apps, schema_editor):
    seal(schema_editor.connection)


def down(apps, schema_editor):
    unseal(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial")]
    operations = [migrations.RunPython(up, down)]
