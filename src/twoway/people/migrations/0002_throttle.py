"""The table in which throttles count, shared by all processes."""

from django.core.management import call_command
from django.db import migrations


def up(apps, schema_editor):
    call_command("createcachetable", "people_throttle", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(up, migrations.RunPython.noop)]
