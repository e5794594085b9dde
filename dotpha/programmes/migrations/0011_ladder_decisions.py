"""Objections to steps of the ladder are decided on (E7). A decision may be given by one person on several of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from dotpha.platform.past import KeepPast


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0010_targets_withdrawn'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='ladderanswer',
            name='one_answer_each',
        ),
        migrations.AddField(
            model_name='ladderanswer',
            name='decides',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='programmes.ladderanswer', verbose_name='decides on'),
        ),
        migrations.AlterField(
            model_name='ladderanswer',
            name='kind',
            field=models.CharField(choices=[('acknowledged', 'acknowledged'), ('contested', 'contested'), ('upheld', 'objection upheld'), ('not_upheld', 'objection not upheld')], max_length=12, verbose_name='answer'),
        ),
        migrations.AddConstraint(
            model_name='ladderanswer',
            constraint=models.UniqueConstraint(condition=models.Q(('decides', None)), fields=('task', 'step', 'due_on', 'kind', 'by'), name='one_answer_each', violation_error_message='You have given this answer to this step already.'),
        ),
        KeepPast("LadderAnswer"),
    ]
