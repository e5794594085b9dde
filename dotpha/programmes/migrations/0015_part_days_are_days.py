"""A later day of a part is always a day: it is asked for with one, and granted with one."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0014_saved_copies_validated'),
    ]

    operations = [
        migrations.AlterField(
            model_name='partextension',
            name='new_due_on',
            field=models.DateField(verbose_name='new due date'),
        ),
    ]
