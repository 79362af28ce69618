from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('gate', '0004_rest_and_return'),
    ]

    operations = [
        migrations.AddField(
            model_name='logentry',
            name='items',
            field=models.PositiveIntegerField(null=True),
        ),
    ]
