"""The last seal of a day is found by its time."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("platform", "0003_longer_subjects")]
    operations = [
        AddIndexConcurrently("seal", models.Index(fields=["sealed_at", "position"], name="seal_by_time")),
    ]
