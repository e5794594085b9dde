"""What happened on the overdue ladder: notices given to people, answers to its steps (E7)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from dotpha.platform.past import KeepPast


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0008_personal_programmes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LadderAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('before_15', 'due within 15 days'), ('before_7', 'due within 7 days'), ('before_1', 'due within a day'), ('owner', 'told to the owner'), ('head', 'told to the head of the agency'), ('office', 'told to the standing office'), ('meeting', 'on the agenda of the next meeting')], max_length=10, verbose_name='step')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('kind', models.CharField(choices=[('acknowledged', 'acknowledged'), ('contested', 'contested')], max_length=12, verbose_name='answer')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('on', models.DateField(verbose_name='on')),
                ('at', models.DateTimeField(verbose_name='recorded at')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ladder_answers', to='programmes.task', verbose_name='task')),
            ],
            options={
                'verbose_name': 'answer to a step',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('task', 'step', 'due_on', 'kind', 'by'), name='one_answer_each', violation_error_message='You have given this answer to this step already.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'contested'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='contested_with_a_reason', violation_error_message='Give the reason.')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('before_15', 'due within 15 days'), ('before_7', 'due within 7 days'), ('before_1', 'due within a day'), ('owner', 'told to the owner'), ('head', 'told to the head of the agency'), ('office', 'told to the standing office'), ('meeting', 'on the agenda of the next meeting')], max_length=10, verbose_name='step')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('made_on', models.DateField(verbose_name='given on')),
                ('seen_at', models.DateTimeField(blank=True, null=True, verbose_name='seen at')),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='sent by e-mail at')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='programmes.task', verbose_name='task')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='person told')),
            ],
            options={
                'verbose_name': 'notice',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['user', '-id'], name='notice_by_person'), models.Index(condition=models.Q(('seen_at', None)), fields=['user', '-id'], name='notice_unseen')],
                'constraints': [models.UniqueConstraint(fields=('user', 'task', 'step', 'due_on'), name='one_notice_a_step')],
            },
        ),
        KeepPast("LadderAnswer"),
    ]
