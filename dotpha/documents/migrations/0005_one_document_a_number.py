"""One document a number however written, issuer and day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_number_keys")]
    operations = [
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('number_key', ''), _negated=True), fields=('number_key', 'issuer', 'signed_on'), name='one_document_a_number', violation_error_message='A document of this number, issuer and day is in the register already.'),
        ),
    ]
