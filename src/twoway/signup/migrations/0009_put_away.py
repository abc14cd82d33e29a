from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('signup', '0008_text_use_words'),
    ]

    operations = [
        migrations.AlterField(
            model_name='roster',
            name='state',
            field=models.CharField(choices=[('reading', 'Being read'), ('mapping', 'Read; what are its columns?'), ('checking', 'Being checked'), ('ready', 'Ready to look at'), ('keeping', 'Being kept'), ('kept', 'Kept'), ('refused', 'Not a table'), ('cancelled', 'Put away'), ('taken_back', 'Taken back')], default='reading', max_length=10),
        ),
    ]
