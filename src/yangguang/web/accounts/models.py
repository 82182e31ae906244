"""账户: what a person signs in with. Who the person is and for whom they act stands in `parties`."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from yangguang.parties.models import Person


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; permissions come from appointments and roles, so there are no other kinds."""

    def create_user(self, username: str, password: str | None = None, *, person: Person, email: str = "") -> "Account":
        """An account of this person; without a password only certificate and passkey open it."""
        account = self.model(username=username, person=person, email=self.normalize_email(email))
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account of this name; capital and small letters are the same."""
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    """账户: one a person; the person's name and organisations are not repeated here."""

    username = models.CharField("用户名", max_length=60, unique=True)
    email = models.EmailField("电子邮箱", blank=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    is_active = models.BooleanField("可以登录", default=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[AccountManager] = AccountManager()

    def __str__(self) -> str:
        return self.username


class Challenge(models.Model):
    """登录挑战: what a certificate has to sign; used once. `session` is a digest of the session's key."""

    nonce = models.CharField(max_length=40, unique=True)
    session = models.CharField(max_length=64)
    origin = models.CharField(max_length=300)
    made_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)
