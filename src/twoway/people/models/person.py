from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from twoway.people.public_id import new_public_id


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(public_id=username)


def first_name_in(name: str) -> str:
    """By what a letter greets somebody, known here or not yet."""
    return next(iter(name.split()), "")


class Person(AbstractBaseUser):
    """One human in this installation. Addresses are allauth's EmailAddress rows; what a programme knows
    of somebody lives in the membership, never here."""

    class Telling(models.TextChoices):
        AT_ONCE = "at_once", _("By mail, at once")
        IN_APP = "in_app", _("Only here, when I look")

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=60, default="UTC")
    language = models.CharField(max_length=12, default="en-gb")
    telling = models.CharField(max_length=8, choices=Telling.choices, default=Telling.AT_ONCE)
    introduced = models.BooleanField(default=True)  # False: the name is a guess from the address; asked at sign-in
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    demo = models.BooleanField(default=False)

    USERNAME_FIELD = "public_id"
    objects = PersonManager()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return first_name_in(self.name)
