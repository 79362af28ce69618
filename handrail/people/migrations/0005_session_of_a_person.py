"""A session's person becomes a relation, in the same column: the account is read along with the session."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0004_staff_view"),
    ]

    operations = [
        migrations.AlterField(
            model_name="session",
            name="person_id",
            field=models.CharField(max_length=22, null=True, db_index=True),
        ),
        migrations.RunSQL("UPDATE people_session SET person_id = NULL WHERE person_id = ''", migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="session", name="person_id"),
                migrations.AddField(
                    model_name="session",
                    name="person",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
