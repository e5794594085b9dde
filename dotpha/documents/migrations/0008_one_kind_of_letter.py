"""Official letters had two keys under one label; the one of the glossary stays."""

from typing import Any

from django.db import migrations


def rename(apps: Any, schema_editor: Any) -> None:
    """Give every letter the kind of the glossary."""
    apps.get_model("documents", "Document").objects.filter(kind="letter").update(kind="official_letter")


class Migration(migrations.Migration):
    dependencies = [("documents", "0007_file_texts")]
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
