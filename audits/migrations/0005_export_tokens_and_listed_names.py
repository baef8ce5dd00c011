"""An export needs more than one token, and an app on a list is also found by its name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audits", "0004_what_google_can_tell")]

    operations = [
        migrations.RenameField(model_name="export", old_name="access_token_sealed", new_name="tokens_sealed"),
        migrations.RemoveConstraint(model_name="listedapp", name="one_package_a_list"),
        migrations.AddField(
            model_name="listedapp",
            name="name_key",
            field=models.CharField(blank=True, db_index=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="listedapp",
            name="package",
            field=models.CharField(blank=True, db_index=True, max_length=200),
        ),
        migrations.AddConstraint(
            model_name="listedapp",
            constraint=models.UniqueConstraint(fields=("app_list", "package", "name_key"), name="one_way_a_list"),
        ),
    ]
