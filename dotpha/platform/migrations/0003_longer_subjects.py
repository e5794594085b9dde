"""A subject has room for a provision: its kind, a document's key, its address."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('platform', '0002_record'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='subject',
            field=models.CharField(max_length=200, verbose_name='subject'),
        ),
        migrations.AlterField(
            model_name='presence',
            name='subject',
            field=models.CharField(max_length=200, verbose_name='record'),
        ),
        migrations.AlterField(
            model_name='storedfile',
            name='subject',
            field=models.CharField(db_index=True, max_length=200, verbose_name='belongs to'),
        ),
    ]
