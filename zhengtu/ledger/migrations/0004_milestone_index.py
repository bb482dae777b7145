"""Milestones keep one index on their subject."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("ledger", "0003_indexes")]

    operations = [
        # Subjects are compared byte by byte (collation C): the primary key serves LIKE 'prefix%' too.
        migrations.RunSQL('DROP INDEX IF EXISTS "ledger_milestones_subject_7edde091_like"', migrations.RunSQL.noop),
    ]
