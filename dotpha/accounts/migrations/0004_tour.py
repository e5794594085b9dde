"""When a person has ended the tour of the desk."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_recovery'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='tour_ended_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='tour ended at'),
        ),
    ]
