"""Every earlier row is kept, so that a reader can ask what was known at a moment."""

from django.db import migrations

from dotpha.platform.past import KeepPast


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [
        KeepPast("Document"),
        KeepPast("Provision"),
        KeepPast("ProvisionText"),
        KeepPast("Relation"),
        KeepPast("DraftingStep"),
    ]
