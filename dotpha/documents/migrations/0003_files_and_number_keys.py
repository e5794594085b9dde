"""Files of a document, who changed it since, and the one form of its number."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.lookups
from django.db import migrations, models

from dotpha.platform.past import KeepPast


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0002_past'),
        ('documents', '0002_past'),
        ('platform', '0003_longer_subjects'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='where it was obtained')),
                ('obtained_on', models.DateField(blank=True, null=True, verbose_name='obtained on')),
                ('detached_at', models.DateTimeField(blank=True, null=True, verbose_name='detached at')),
                ('detached_by', models.CharField(blank=True, max_length=150, verbose_name='detached by')),
                ('detach_reason', models.CharField(blank=True, max_length=500, verbose_name='reason for detaching')),
            ],
            options={
                'verbose_name': 'attached file',
                'ordering': ['document', 'number'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='document',
            name='one_document_a_number',
        ),
        migrations.AddField(
            model_name='document',
            name='changed_by',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=150), blank=True, default=list, editable=False, size=None, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='document',
            name='number_key',
            field=models.CharField(blank=True, editable=False, max_length=80, verbose_name='number for comparing'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.IsNull(models.Func(models.F('changed_by'), models.F('verified_by'), function='array_position', output_field=models.IntegerField()), True), name='document_checked_by_no_author', violation_error_message='A document is checked by somebody who did not change it.'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='documents.document', verbose_name='document'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='file',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform.storedfile', verbose_name='file'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.UniqueConstraint(fields=('document', 'number'), name='one_attachment_a_number'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('detach_reason', ''), ('detached_at', None), ('detached_by', '')), models.Q(('detached_at__isnull', False), models.Q(('detached_by', ''), _negated=True), models.Q(('detach_reason', ''), _negated=True)), _connector='OR'), name='attachment_detached_with_reason', violation_error_message='A file is detached by somebody, for a reason.'),
        ),
        KeepPast("Document"),
        KeepPast("Attachment"),
    ]
