"""The same import written with django-import-export, in the generous way: nothing checked, nothing per row but what
the tables need, facts and milestones added in bulk at the end."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.utils import timezone
from import_export import fields, resources

from benchmarks.import_ledger import MAPPING
from zhengtu.accounts.sealing import personal_digest, seal, search_index
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.masking import mask_identity, mask_name
from zhengtu.ledger.models import Deed, Fact, Milestones
from zhengtu.registry.models import Household

AREAS = ("registered_area_m2", "unregistered_area_m2", "land_area_m2")


def household_resource(*, in_bulk: bool) -> Any:
    """A resource for households that also adds their facts and milestones."""

    class HouseholdResource(resources.ModelResource):
        code = fields.Field(attribute="code", column_name="code")
        section_id = fields.Field(attribute="section_id", column_name=MAPPING["section"])
        address = fields.Field(attribute="address", column_name=MAPPING["address"])
        registered_area_m2 = fields.Field(attribute=AREAS[0], column_name=MAPPING[AREAS[0]])
        unregistered_area_m2 = fields.Field(attribute=AREAS[1], column_name=MAPPING[AREAS[1]])
        land_area_m2 = fields.Field(attribute=AREAS[2], column_name=MAPPING[AREAS[2]])

        class Meta:
            model = Household
            import_id_fields = ("code",)
            fields = ("code", "section_id", "address", *AREAS)
            use_bulk = in_bulk
            batch_size = 1_000
            skip_diff = True
            report_skipped = False
            use_transactions = True
            force_init_instance = in_bulk  # every row is new: spare the look for an existing one

        def before_import(self, dataset: Any, **kwargs: Any) -> None:
            numbers: Counter[str] = Counter()
            codes = []
            for section in dataset[MAPPING["section"]]:
                numbers[section] += 1
                codes.append(f"{section}-H{numbers[section]:05d}")
            dataset.append_col(codes, header="code")
            self.facts: list[Fact] = []
            self.milestones: list[Milestones] = []
            self.now: datetime = timezone.now()
            self.today = civil_date(at=self.now)
            self.deed = Deed.objects.create(
                id="220204-D000000001", chain="220204", number=1, verb="survey.import", actor="peer", posting="",
                subject="220204", recorded_at=self.now, recorded_on=self.today, rulebook="", facts_count=0,
                facts_digest="", previous_hash="", hash="",
            )

        def before_save_instance(self, instance: Household, row: Any, **kwargs: Any) -> None:
            personal = {
                "name": row[MAPPING["name"]], "identity_number": row[MAPPING["identity_number"]],
                "phone": row[MAPPING["phone"]],
            }
            instance.personal_sealed = seal(personal)
            instance.name_masked, instance.name_index = mask_name(personal["name"]), search_index(personal["name"])
            instance.identity_masked = mask_identity(personal["identity_number"])
            instance.identity_index = search_index(personal["identity_number"])
            attributes = {"use": "dwelling", "personal_digest": personal_digest(personal)}
            attributes |= {name: f"{float(getattr(instance, name)):.2f}" for name in AREAS}
            self.facts.append(
                Fact(
                    deed=self.deed, ordinal=len(self.facts) + 1, subject_kind="household", subject=instance.code,
                    kind="registered", happened_on=self.today, attributes=attributes,
                )
            )
            self.milestones.append(
                Milestones(
                    subject=instance.code, subject_kind="household", section=instance.section_id,
                    registered_on=self.today,
                )
            )

        def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
            Fact.objects.bulk_create(self.facts, batch_size=1_000)
            Milestones.objects.bulk_create(self.milestones, batch_size=1_000)

    return HouseholdResource()
