"""The rows that were there before are held to the constraint of 0013, while others go on writing."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("programmes", "0013_saved_copies")]
    operations = [ValidateConstraint("evidence", "evidence_of_one_kind")]
