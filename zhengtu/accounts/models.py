"""Who acts: units, people and their postings."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    DEVELOPMENT_ZONE = "development_zone", _("Development zone")
    DEPARTMENT = "department", _("Department")
    ENTERPRISE = "enterprise", _("Enterprise")
    COMMAND_POST = "command_post", _("Command post")
    APPRAISER = "appraiser", _("Appraiser")


class Unit(models.Model):
    """A body that can be responsible; districts and zones have the bare division code as key."""

    code = models.CharField(max_length=64, primary_key=True, db_collation="C")
    kind = models.CharField(max_length=20, choices=UnitKind.choices)
    name = models.CharField(max_length=64)
    short_name = models.CharField(max_length=16)
    name_en = models.CharField(max_length=128)
    superior = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="subordinates")

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Finds people by the name they sign in with."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username=username)


class Person(AbstractBaseUser):
    """Somebody who can sign in; what they may do comes from their postings alone."""

    USERNAME_FIELD = "username"
    objects = PersonManager()

    code = models.CharField(max_length=64, primary_key=True, db_collation="C")
    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    phone_sealed = models.BinaryField(null=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True)
    must_change_password = models.BooleanField(default=False)
    failed_sign_ins = models.IntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    totp_secret_sealed = models.BinaryField(null=True)
    totp_last_step = models.BigIntegerField(null=True, help_text="last time step used, so that no code works twice")

    def __str__(self) -> str:
        return self.name


class Posting(models.Model):
    """A role that a person holds in a unit for a time; periods are half-open."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="postings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="postings")
    role = models.CharField(max_length=32)
    title = models.CharField(max_length=64, blank=True)
    subject = models.CharField(max_length=64, blank=True, db_collation="C")
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gt=F("from_on")), name="posting_period"
            )
        ]


class SignInOutcome(models.TextChoices):
    SIGNED_IN = "signed_in", _("Signed in")
    WRONG_PASSWORD = "wrong_password", _("Wrong password")
    WRONG_CODE = "wrong_code", _("Wrong one-time code")
    LOCKED = "locked", _("Locked")
    UNKNOWN = "unknown", _("Unknown account")
    SIGNED_OUT = "signed_out", _("Signed out")


class SignInRecord(models.Model):
    """One attempt to sign in, whatever came of it."""

    at = models.DateTimeField(db_index=True)
    username = models.CharField(max_length=64)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    outcome = models.CharField(max_length=16, choices=SignInOutcome.choices)
    address = models.GenericIPAddressField(null=True)
