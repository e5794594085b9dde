"""The canonical form of each number that stands in the register: derived, so that old rows compare like new ones.

Of two that turn out to be the same the first one keeps the form; the other waits, without one, for a person.
"""

from typing import Any

from django.db import migrations

from dotpha.documents import numbers


def fill(apps: Any, schema_editor: Any) -> None:
    """Give every numbered document its canonical form."""
    documents = apps.get_model("documents", "Document")
    taken = set()
    for document in documents.objects.exclude(number="").order_by("pk"):
        one = (numbers.canonical(document.number)[:80], document.issuer_id, document.signed_on)
        if one in taken and None not in one:
            continue
        taken.add(one)
        documents.objects.filter(pk=document.pk).update(number_key=one[0])


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_files_and_number_keys")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
