"""A blocker is taken up until a day and closed with the decision that removed it (E10)."""

from django.db import migrations, models

from dotpha.platform.past import KeepPast


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0006_parts_validated'),
    ]

    operations = [
        migrations.AddField(
            model_name='blocker',
            name='decision',
            field=models.CharField(blank=True, max_length=300, verbose_name='decision that closes it'),
        ),
        migrations.AddField(
            model_name='blockerstep',
            name='until_on',
            field=models.DateField(blank=True, null=True, verbose_name='to be removed by'),
        ),
        KeepPast("Blocker"),
        KeepPast("BlockerStep"),
    ]
