from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('loops', '0003_answers_counted'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('edited_at__isnull', False)), fields=['loop', 'edited_at'], name='message_edited'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('withdrawn_at__isnull', False)), fields=['loop', 'withdrawn_at'], name='message_withdrawn'),
        ),
    ]
