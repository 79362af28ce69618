from django.db import migrations, models


class Migration(migrations.Migration):
    """Whoever is paused now stays so until the person goes on with them: nothing opens by a change of ours."""

    dependencies = [
        ("gate", "0007_shared_with_programs"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="paused_with_all",
            field=models.BooleanField(default=False),
        ),
    ]
