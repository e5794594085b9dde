"""A file that was given on somebody's word may bear a mark of State secrecy after all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0008_one_kind_of_letter")]
    operations = [
        migrations.AlterField(
            model_name="filetext",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("read", "Its text is searched."),
                    ("empty", "No text was found in it: a picture of a text is not searched."),
                    ("damaged", "Its text could not be read: the file is damaged, or locked by a password."),
                    ("marked", "It bears a mark of State secrecy: its text is not searched. Take the file away."),
                    ("too_long", "Its text could not be read within the time and memory that a file may take."),
                ],
                max_length=10,
                verbose_name="outcome",
            ),
        ),
    ]
