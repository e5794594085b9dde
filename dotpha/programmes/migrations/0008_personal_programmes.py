"""Personal action programmes of posts, their tasks and recorded steps (C4)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from dotpha.platform.past import KeepPast


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0002_past'),
        ('programmes', '0007_blocker_promises'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PersonalProgramme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField(verbose_name='from')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('added_at', models.DateTimeField(verbose_name='added at')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='personal_programmes', to='directory.post', verbose_name='post')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='personal_programmes', to='programmes.programme', verbose_name='under the programme')),
            ],
            options={
                'verbose_name': 'personal action programme',
                'ordering': ['-from_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PersonalLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField(verbose_name='order')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='personal_lines', to='programmes.task', verbose_name='task')),
                ('personal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='programmes.personalprogramme', verbose_name='personal action programme')),
            ],
            options={
                'verbose_name': 'line of a personal action programme',
                'ordering': ['personal', 'order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PersonalStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('submitted', 'submitted'), ('returned', 'returned'), ('adopted', 'adopted')], max_length=12, verbose_name='step')),
                ('on', models.DateField(verbose_name='on')),
                ('at', models.DateTimeField(verbose_name='recorded at')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='document')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('personal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='programmes.personalprogramme', verbose_name='personal action programme')),
            ],
            options={
                'verbose_name': 'step of a personal action programme',
                'ordering': ['personal', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='personalprogramme',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gte', models.F('from_on')), _connector='OR'), name='personal_programme_period', violation_error_message='The end must come after the beginning.'),
        ),
        migrations.AddConstraint(
            model_name='personalline',
            constraint=models.UniqueConstraint(fields=('personal', 'task'), name='once_in_a_personal_programme', violation_error_message='This task stands in it already.'),
        ),
        KeepPast("PersonalProgramme"),
        KeepPast("PersonalLine"),
        KeepPast("PersonalStep"),
    ]
