"""What a place lay in until a day is a dated fact; the moves on record get the days of the events that made them."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from dotpha.platform.past import KeepPast

FILL = """
    INSERT INTO directory_placeparent (place_id, parent_id, until_on, document, recorded_at)
    SELECT DISTINCT ON (place.id, event_of."on")
        place.id, former.id, event_of."on" - 1, event_of.document, said.at
    FROM platform_auditevent said
    JOIN directory_place place ON said.subject = 'place:' || place.key
    JOIN directory_place former ON former.key = said.before ->> 'parent'
    JOIN directory_place later ON later.key = said.after ->> 'parent'
    JOIN directory_succession event_of ON event_of.old_place_id = former.id AND event_of.new_place_id = later.id
    WHERE said.kind = 'place.changed'
        AND said.reason = event_of.document
        AND former.valid_to = event_of."on" - 1
        AND (place.valid_from IS NULL OR place.valid_from < event_of."on")
    ORDER BY place.id, event_of."on", said.id
"""
"""What moved when that in which it lay was merged or split: the record says from where to where, the succession since
when. It was known from the moment at which the move was recorded. A move bore the document of its event as its reason:
a correction of the same parents has another one and is no move."""


def fill(apps: Any, schema_editor: Any) -> None:
    """Give the places that moved with an event what they lay in before its day."""
    schema_editor.execute(FILL)


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0003_names_of_a_day'),
        ('platform', '0004_seal_by_time'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlaceParent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until_on', models.DateField(verbose_name='until')),
                ('document', models.CharField(blank=True, max_length=100, verbose_name='by document')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='former_children', to='directory.place', verbose_name='lay in')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_parents', to='directory.place', verbose_name='place')),
            ],
            options={
                'verbose_name': 'what a place lay in',
                'ordering': ['place', 'until_on', 'pk'],
                'indexes': [models.Index(fields=['until_on', 'place'], name='place_parent_by_day')],
                'constraints': [models.UniqueConstraint(fields=('place', 'until_on'), name='one_place_parent_until_a_day')],
            },
        ),
        KeepPast("PlaceParent"),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
