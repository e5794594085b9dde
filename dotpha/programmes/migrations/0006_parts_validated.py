"""The rows that were there before are held to the constraints of 0005, while others go on writing."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("programmes", "0005_parts")]
    operations = [
        ValidateConstraint("assignment", "assignment_confirmed_or_returned"),
        ValidateConstraint("assignment", "assignment_returned_with_a_reason"),
        ValidateConstraint("assignment", "assignment_confirmed_by_another"),
        ValidateConstraint("evidence", "evidence_of_one_report"),
    ]
