"""Each co-operating agency has its own part: set, confirmed, reported on with evidence (C6)."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from dotpha.platform.past import KeepPast


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0002_past'),
        ('platform', '0002_record'),
        ('programmes', '0004_task_timing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PartReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='what was done')),
                ('percent', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='percent done')),
                ('reported_on', models.DateField(verbose_name='reported on')),
                ('confirmed_on', models.DateField(blank=True, null=True, verbose_name='confirmed on')),
                ('returned_on', models.DateField(blank=True, null=True, verbose_name='returned on')),
                ('return_reason', models.TextField(blank=True, verbose_name='reason for returning')),
            ],
            options={
                'verbose_name': 'report on a part',
                'ordering': ['task', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='assignment',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='confirmed_on',
            field=models.DateField(blank=True, null=True, verbose_name='confirmed on'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='part_due_text',
            field=models.CharField(blank=True, max_length=300, verbose_name='own due date, as written'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='return_reason',
            field=models.TextField(blank=True, verbose_name='reason for returning'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='returned_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='returned by'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='returned_on',
            field=models.DateField(blank=True, null=True, verbose_name='returned on'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='set_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='set_on',
            field=models.DateField(blank=True, null=True, verbose_name='set on'),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='report',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='programmes.report', verbose_name='report'),
        ),
        AddConstraintNotValid(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_on', None), ('returned_on', None), _connector='OR'), name='assignment_confirmed_or_returned', violation_error_message='A part is confirmed or returned, not both.'),
        ),
        AddConstraintNotValid(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('returned_on', None), models.Q(('return_reason', ''), _negated=True), _connector='OR'), name='assignment_returned_with_a_reason', violation_error_message='Say why the part is returned.'),
        ),
        AddConstraintNotValid(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), ('set_by', None), models.Q(('confirmed_by', models.F('set_by')), _negated=True), _connector='OR'), name='assignment_confirmed_by_another', violation_error_message='Nobody confirms a part that they set.'),
        ),
        migrations.AddField(
            model_name='partreport',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='partreport',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='part_reports', to='directory.organisation', verbose_name='organisation'),
        ),
        migrations.AddField(
            model_name='partreport',
            name='reported_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reported by'),
        ),
        migrations.AddField(
            model_name='partreport',
            name='returned_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='returned by'),
        ),
        migrations.AddField(
            model_name='partreport',
            name='task',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='part_reports', to='programmes.task', verbose_name='task'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='part_report',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='programmes.partreport', verbose_name='report on a part'),
        ),
        AddConstraintNotValid(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('part_report', None), ('report__isnull', False)), models.Q(('part_report__isnull', False), ('report', None)), _connector='OR'), name='evidence_of_one_report', violation_error_message='Evidence belongs to one report.'),
        ),
        migrations.AddIndex(
            model_name='partreport',
            index=models.Index(fields=['task', 'organisation', 'id'], name='part_report_by_part'),
        ),
        migrations.AddIndex(
            model_name='partreport',
            index=models.Index(condition=models.Q(('confirmed_on', None), ('returned_on', None)), fields=['reported_on', 'id'], name='part_report_waiting'),
        ),
        migrations.AddConstraint(
            model_name='partreport',
            constraint=models.CheckConstraint(condition=models.Q(('percent', None), models.Q(('percent__gte', 0), ('percent__lte', 100)), _connector='OR'), name='part_report_percent', violation_error_message='The percent lies between 0 and 100.'),
        ),
        migrations.AddConstraint(
            model_name='partreport',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_on', None), ('returned_on', None), _connector='OR'), name='part_report_confirmed_or_returned', violation_error_message='A report is confirmed or returned, not both.'),
        ),
        migrations.AddConstraint(
            model_name='partreport',
            constraint=models.CheckConstraint(condition=models.Q(('returned_on', None), models.Q(('return_reason', ''), _negated=True), _connector='OR'), name='part_report_returned_with_a_reason', violation_error_message='Say why the report is returned.'),
        ),
        migrations.AddConstraint(
            model_name='partreport',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), ('reported_by', None), models.Q(('confirmed_by', models.F('reported_by')), _negated=True), _connector='OR'), name='part_report_confirmed_by_another', violation_error_message='Nobody confirms their own report.'),
        ),
        KeepPast("Assignment"),
        KeepPast("PartReport"),
        KeepPast("Evidence"),
    ]
