"""Former names are sorted and searched like present ones; places keep theirs too."""

from typing import Any

import django.contrib.postgres.indexes
import django.db.models.deletion
import dotpha.platform.fields
from django.db import migrations, models

from dotpha.platform import text
from dotpha.platform.past import KeepPast
from dotpha.platform.texts import every, read


def fill(apps: Any, schema_editor: Any) -> None:
    """Give the former names on record what they are sorted and searched by."""
    for former in apps.get_model("directory", "OrganisationName").objects.select_related("organisation"):
        former.sort_key = text.sort_key(read(former.name, "vi").text)[:300]
        body = former.organisation
        # The words come from this text when the row is written.
        former.search_text = f"{body.key} {' '.join(body.abbreviations)} {every(former.name)}"
        former.save()


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0002_past'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlaceName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.JSONField(default=dict, verbose_name='name')),
                ('short', models.CharField(max_length=120, verbose_name='short name')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('until_on', models.DateField(verbose_name='until')),
                ('document', models.CharField(blank=True, max_length=100, verbose_name='by document')),
                ('sort_key', models.CharField(default='', max_length=200, verbose_name='sort key')),
                ('words', dotpha.platform.fields.WordsField(default='', editable=False, verbose_name='words')),
            ],
            options={
                'verbose_name': 'former name',
                'ordering': ['place', 'until_on', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='organisationname',
            name='sort_key',
            field=models.CharField(default='', max_length=300, verbose_name='sort key'),
        ),
        migrations.AddField(
            model_name='organisationname',
            name='words',
            field=dotpha.platform.fields.WordsField(default='', editable=False, verbose_name='words'),
        ),
        migrations.AddIndex(
            model_name='organisationname',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words'], name='organisation_name_words'),
        ),
        migrations.AddField(
            model_name='placename',
            name='place',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_names', to='directory.place', verbose_name='place'),
        ),
        migrations.AddIndex(
            model_name='placename',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words'], name='place_name_words'),
        ),
        migrations.AddConstraint(
            model_name='placename',
            constraint=models.UniqueConstraint(fields=('place', 'until_on'), name='one_place_name_until_a_day'),
        ),
        KeepPast("PlaceName"),
        KeepPast("OrganisationName"),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
