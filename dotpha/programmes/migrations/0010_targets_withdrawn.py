"""Targets are changed and withdrawn: the day from which one counts no more, and its version (C2)."""

from django.db import migrations, models

from dotpha.platform.past import KeepPast


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0009_ladder'),
    ]

    operations = [
        migrations.AddField(
            model_name='target',
            name='version',
            field=models.PositiveIntegerField(default=1, verbose_name='version'),
        ),
        migrations.AddField(
            model_name='target',
            name='withdrawn_on',
            field=models.DateField(blank=True, null=True, verbose_name='withdrawn on'),
        ),
        KeepPast("Target"),
    ]
