"""Drafts as typed, numbers from a sequence, and the statements the cross-checks ask for."""

import django.db.models.deletion
from django.db import migrations, models

FIELDS = {
    "prone_ended_at": models.DateTimeField(
        blank=True, help_text="end of the last time", null=True
    ),
    "worsening_expected": models.BooleanField(default=False),
    "geriatric_advice": models.CharField(
        blank=True, default="", help_text="asked for from phase 2c on", max_length=200
    ),
    "informed_at": models.DateTimeField(blank=True, null=True),
    "objection_override": models.CharField(
        blank=True,
        default="",
        help_text="why the sending physician transfers despite an objection",
        max_length=200,
    ),
}


class Migration(migrations.Migration):
    dependencies = [("transfers", "0002_offer_accepting_phone")]
    operations = [
        *(
            migrations.AddField(
                model_name="clinicalpicture",
                name=name,
                field=field,
                preserve_default=not isinstance(field, models.CharField),
            )
            for name, field in FIELDS.items()
        ),
        migrations.CreateModel(
            name="RequestDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("values", models.JSONField(help_text="field name to typed text")),
                ("saved_at", models.DateTimeField()),
                ("saved_name", models.CharField(max_length=150)),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draft",
                        to="transfers.transferrequest",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE transfers_request_number",
            "DROP SEQUENCE transfers_request_number",
        ),
    ]
