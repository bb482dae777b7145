"""Who sponsors a project is told by deeds (app sponsorship), not by two columns beside them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_teams")]

    operations = [
        migrations.RemoveField(model_name="project", name="sponsor"),
        migrations.RemoveField(model_name="project", name="sponsor_title"),
    ]
