"""An agency asks for a later day of its own part; each request is a line that stays (C6)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from dotpha.platform.past import KeepPast


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0003_names_of_a_day'),
        ('programmes', '0011_ladder_decisions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PartExtension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('new_due_on', models.DateField(blank=True, null=True, verbose_name='new due date')),
                ('reason_kind', models.CharField(choices=[('law', 'institution or law'), ('funding', 'funding'), ('staff', 'staff'), ('data', 'data'), ('procurement', 'procurement'), ('coordination', 'waiting for another body'), ('scope', 'the task became larger'), ('force_majeure', 'natural disaster, epidemic'), ('other', 'other')], default='other', max_length=16, verbose_name='kind of reason')),
                ('reason', models.TextField(verbose_name='reason')),
                ('requested_on', models.DateField(verbose_name='requested on')),
                ('granted_on', models.DateField(blank=True, null=True, verbose_name='granted on')),
                ('refused_on', models.DateField(blank=True, null=True, verbose_name='refused on')),
                ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='withdrawn on')),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
                ('asked_due_on', models.DateField(blank=True, null=True, verbose_name='date asked for')),
                ('was_due_on', models.DateField(verbose_name='due date before')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='part_extensions', to='directory.organisation', verbose_name='organisation')),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='requested by')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='part_extensions', to='programmes.task', verbose_name='task')),
            ],
            options={
                'verbose_name': 'extension of a part',
                'ordering': ['task', 'pk'],
                'indexes': [models.Index(condition=models.Q(('granted_on', None), ('refused_on', None), ('withdrawn_on', None)), fields=['requested_on', 'id'], name='part_extension_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('granted_on', None), models.Q(('refused_on', None), ('withdrawn_on', None)), _connector='OR'), models.Q(('refused_on', None), ('withdrawn_on', None), _connector='OR')), name='part_extension_decided_once', violation_error_message='An extension is decided once.'), models.CheckConstraint(condition=models.Q(('granted_on', None), ('new_due_on__gte', models.F('granted_on')), _connector='OR'), name='part_extension_not_before_its_grant', violation_error_message='The new due date lies before the day on which it was granted.'), models.CheckConstraint(condition=models.Q(('decided_by', None), ('requested_by', None), models.Q(('decided_by', models.F('requested_by')), _negated=True), _connector='OR'), name='part_extension_decided_by_another', violation_error_message='Nobody decides on their own request.'), models.UniqueConstraint(condition=models.Q(('granted_on', None), ('refused_on', None), ('withdrawn_on', None)), fields=('task', 'organisation'), name='one_open_extension_a_part', violation_error_message='A later day for this part already waits for an answer.')],
            },
        ),
        KeepPast("PartExtension"),
    ]
