"""The text of attached files, for search: how its reading went, and its passages."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import dotpha.platform.fields
from django.db import migrations, models

from dotpha.platform.past import KeepPast


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0006_issue_stands_on_the_card'),
    ]

    operations = [
        migrations.CreateModel(
            name='FileText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('read', 'Its text is searched.'), ('empty', 'No text was found in it: a picture of a text is not searched.'), ('damaged', 'Its text could not be read: the file is damaged, or locked by a password.'), ('too_long', 'Its text could not be read within the time and memory that a file may take.')], max_length=10, verbose_name='outcome')),
                ('is_cut', models.BooleanField(default=False, verbose_name='only the beginning was read')),
                ('read_at', models.DateTimeField(verbose_name='read at')),
                ('attachment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reading', to='documents.attachment', verbose_name='attached file')),
            ],
            options={
                'verbose_name': 'reading of a file',
                'ordering': ['attachment'],
            },
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('page', models.PositiveIntegerField(blank=True, null=True, verbose_name='page')),
                ('text', models.TextField(verbose_name='text')),
                ('words', dotpha.platform.fields.WordsField(default='', editable=False, verbose_name='words')),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passages', to='documents.attachment', verbose_name='attached file')),
            ],
            options={
                'verbose_name': 'passage of a file',
                'ordering': ['attachment', 'number'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='passage_words')],
                'constraints': [models.UniqueConstraint(fields=('attachment', 'number'), name='one_passage_a_number')],
            },
        ),
        KeepPast("FileText"),
        KeepPast("Passage"),
    ]
