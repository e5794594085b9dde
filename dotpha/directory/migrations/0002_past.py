"""Every earlier row is kept, so that a reader can ask what was known at a moment."""

from django.db import migrations

from dotpha.platform.past import KeepPast


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [
        KeepPast("Place"),
        KeepPast("Organisation"),
        KeepPast("OrganisationName"),
        KeepPast("Succession"),
        KeepPast("Post"),
        KeepPast("PostHolder"),
    ]
