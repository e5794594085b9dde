"""A link may have a file: the saved copy of its page (C14). Rows that are there satisfy it; 0014 says so."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programmes", "0012_part_extensions")]
    operations = [
        migrations.RemoveConstraint(model_name="evidence", name="evidence_of_one_kind"),
        AddConstraintNotValid(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(file__isnull=False, kind="file", url="")
                | models.Q(("kind", "link"), models.Q(("url", ""), _negated=True))
                | models.Q(("file", None), ("kind", "document"), ("url", ""), models.Q(("number", ""), _negated=True)),
                name="evidence_of_one_kind",
                violation_error_message="Evidence is a file, a link or a document number.",
            ),
        ),
    ]
