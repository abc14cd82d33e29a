from django.db import migrations, models

STATES = [
    ("queued", "Waiting to run"),
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Could not run"),
    ("cancelled", "Stopped"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("matching", "0005_rehearsals"),
    ]

    operations = [
        migrations.AlterField(
            model_name="round",
            name="state",
            field=models.CharField(choices=STATES, default="queued", max_length=9),
        ),
        migrations.AlterField(
            model_name="rehearsal",
            name="state",
            field=models.CharField(choices=STATES, default="queued", max_length=9),
        ),
    ]
