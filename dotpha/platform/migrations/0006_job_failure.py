"""Why a job failed is kept beside it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('platform', '0005_declared_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='JobFailure',
            fields=[
                ('job', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='job')),
                ('reason', models.CharField(choices=[('connection', 'A server was not reached, or refused. Check the outgoing connections.'), ('database', 'The database refused, or was not there.'), ('storage', 'A file could not be read or written. Check the space and rights of the data directory.'), ('refused', 'A rule refuses it as things stand.'), ('ended', 'The worker ended in its midst, each time it was tried.'), ('product', 'An error of the product. Its trace is in the log of the worker.')], max_length=12, verbose_name='reason')),
                ('detail', models.CharField(blank=True, max_length=80, verbose_name='error')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'failure of a job',
                'ordering': ['job'],
            },
        ),
    ]
