from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('signup', '0007_columns_said'),
    ]

    operations = [
        migrations.AlterField(
            model_name='question',
            name='use',
            field=models.CharField(choices=[('off', 'Not used'), ('same', 'Same is better'), ('different', 'Different is better'), ('wish', 'Wants meet offers'), ('near', 'Near in order is better'), ('overlap', 'Overlap is better'), ('text', 'Alike in what they write is better'), ('preference', 'Their own stated preference'), ('higher', 'Whoever helps must be higher'), ('must_same', 'Must be the same'), ('must_differ', 'Must differ')], default='off', max_length=12),
        ),
    ]
