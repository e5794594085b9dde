"""An index that holds all that the state of a task depends on; built beside running work, without a lock."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('directory', '0002_past'),
        ('documents', '0002_past'),
        ('programmes', '0003_late_start'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='task',
            index=models.Index(fields=['id'], include=('key', 'is_part', 'deadline_kind', 'assigned_on', 'started_on', 'original_due_on', 'completed_on', 'cancelled_on'), name='task_timing'),
        ),
    ]
