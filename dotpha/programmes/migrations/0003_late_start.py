"""A task may start after its due date: an overdue one that begins at last, or one that was extended."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_past")]
    operations = [migrations.RemoveConstraint(model_name="task", name="task_due_after_start")]
