"""Patients to place are compared with the requests that run for them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("capacity", "0005_level_has_reserve"),
        ("regions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpenRequests",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("requests", models.IntegerField(default=0)),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="capacity.carelevel",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="open_requests",
                        to="regions.site",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["site", "level"], name="capacity_open_requests_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(requests__gte=0),
                        name="capacity_open_requests_not_negative",
                    ),
                ],
            },
        ),
        migrations.AlterField(
            model_name="reportreason",
            name="code",
            field=models.CharField(
                choices=[
                    ("scale_up", "Opgeschaald"),
                    ("scale_down", "Afgeschaald"),
                    ("correction", "Correctie"),
                    ("evacuation", "Evacuatie"),
                    ("cohort_change", "Cohort gewijzigd"),
                    ("real_peak", "Echte piek"),
                    ("request_follows", "Verzoek volgt"),
                    ("other", "Anders"),
                ],
                max_length=20,
            ),
        ),
    ]
