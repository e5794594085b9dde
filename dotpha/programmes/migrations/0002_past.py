"""Every earlier row is kept, so that a reader can ask what was known at a moment."""

from django.db import migrations

from dotpha.platform.past import KeepPast


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]
    operations = [
        KeepPast("Programme"),
        KeepPast("TaskGroup"),
        KeepPast("Target"),
        KeepPast("Task"),
        KeepPast("Membership"),
        KeepPast("Assignment"),
        KeepPast("Dependency"),
        KeepPast("Occurrence"),
        KeepPast("Step"),
        KeepPast("Extension"),
        KeepPast("Product"),
        KeepPast("Report"),
        KeepPast("Evidence"),
        KeepPast("ProductIssue"),
        KeepPast("Blocker"),
        KeepPast("BlockerStep"),
    ]
