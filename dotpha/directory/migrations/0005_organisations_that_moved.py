"""What an organisation belonged to until a day is a dated fact; moves to a successor get the day of its succession."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from dotpha.platform.past import KeepPast

FILL = """
    INSERT INTO directory_organisationparent (organisation_id, parent_id, until_on, document, recorded_at)
    SELECT DISTINCT ON (unit.id, event_of."on")
        unit.id, former.id, event_of."on" - 1, event_of.document, said.at
    FROM platform_auditevent said
    JOIN directory_organisation unit ON said.subject = 'organisation:' || unit.key
    JOIN directory_organisation former ON former.key = said.before ->> 'parent'
    JOIN directory_organisation later ON later.key = said.after ->> 'parent'
    JOIN directory_succession event_of
        ON event_of.old_organisation_id = former.id AND event_of.new_organisation_id = later.id
    WHERE said.kind = 'organisation.changed'
        AND former.valid_to = event_of."on" - 1
        AND event_of."on" <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
        AND (unit.valid_from IS NULL OR unit.valid_from < event_of."on")
        AND (unit.valid_to IS NULL OR unit.valid_to >= event_of."on")
    ORDER BY unit.id, event_of."on", said.id
"""
"""What went from a body that ended to the one that took its place lay in it until its last day. Nobody wrote down since
when other changes of the parent hold, so they hold for every day, as they did."""


def fill(apps: Any, schema_editor: Any) -> None:
    """Give the organisations that went over to a successor what they belonged to before its day."""
    schema_editor.execute(FILL)


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0004_places_that_moved'),
        ('platform', '0004_seal_by_time'),
    ]

    operations = [
        migrations.CreateModel(
            name='OrganisationParent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until_on', models.DateField(verbose_name='until')),
                ('document', models.CharField(blank=True, max_length=100, verbose_name='by document')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_parents', to='directory.organisation', verbose_name='organisation')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='former_children', to='directory.organisation', verbose_name='belonged to')),
            ],
            options={
                'verbose_name': 'what an organisation belonged to',
                'ordering': ['organisation', 'until_on', 'pk'],
                'indexes': [models.Index(fields=['until_on', 'organisation'], name='organisation_parent_by_day')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'until_on'), name='one_organisation_parent_until_a_day')],
            },
        ),
        KeepPast("OrganisationParent"),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
