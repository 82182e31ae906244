"""The pages of notifications and of how one wants to be reminded."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yangguang.web.accounts.requests import Request
from yangguang.web.desk import sms
from yangguang.web.desk.models import Contact
from yangguang.web.desk.news import MOST, news_for, read_to, read_until
from yangguang.web.desk.sending import mails
from yangguang.web.portal.lists import LARGEST_ID

MOBILE = re.compile(r"1\d{10}")


@login_required
@require_safe
def news(request: Request) -> HttpResponse:
    """The newest notifications, what is new first seen as new."""
    read = read_until(request.user, organisation=request.actor.organisation)
    found = news_for(request.actor, read=read)
    context = {"news": found, "leaves": found[0].leaf + 1 if found else 0, "most": MOST}
    return render(request, "desk/news.html", context | {"unread": sum(one.is_new for one in found)})


@login_required
@require_POST
def read(request: Request) -> HttpResponse:
    """全部标为已读: up to what the page showed."""
    shown = request.POST.get("leaves", "")
    if shown.isascii() and shown.isdigit() and len(shown) < len(str(LARGEST_ID)):
        read_to(request.user, organisation=request.actor.organisation, leaves=int(shown))
    return redirect("desk-news")


class ContactForm(forms.Form):
    """提醒方式."""

    email = forms.EmailField(label="电子邮箱", required=False, max_length=254)
    by_mail = forms.BooleanField(label="有新通知时发电子邮件提醒我", required=False)
    mobile = forms.CharField(label="手机号", required=False, max_length=11, help_text="十一位数字，只用于提醒")
    by_sms = forms.BooleanField(label="有新通知时发短信提醒我", required=False)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for name in ("email", "mobile"):
            hint = {"aria-describedby": "hint-mobile"} if name == "mobile" else {}
            self.fields[name].widget.attrs |= {"class": "form-control", "autocomplete": "off", **hint}
        for name in ("by_mail", "by_sms"):
            self.fields[name].widget.attrs["class"] = "form-check-input"

    def clean_mobile(self) -> str:
        """Eleven figures, or nothing."""
        mobile: str = self.cleaned_data["mobile"].replace(" ", "")
        if mobile and not MOBILE.fullmatch(mobile):
            raise ValidationError("请填写十一位手机号。")
        return mobile

    def clean(self) -> dict[str, Any]:
        """A way that was chosen needs its address."""
        given = super().clean() or self.cleaned_data
        if given.get("by_mail") and not given.get("email") and "email" not in self.errors:
            self.add_error("email", "要用电子邮件提醒，请填写电子邮箱。")
        if given.get("by_sms") and not given.get("mobile") and "mobile" not in self.errors:
            self.add_error("mobile", "要用短信提醒，请填写手机号。")
        return given


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: Request) -> HttpResponse:
    """How I want to be reminded; off until somebody chooses it."""
    kept = Contact.objects.filter(account=request.user).first() or Contact(account=request.user)
    form = ContactForm(request.POST or None, initial=_kept(kept))
    if request.method == "POST" and form.is_valid():
        _keep(kept, form.cleaned_data)
        messages.success(request, "已保存。")
        return redirect("desk-contact")
    context = {"form": form, "mails": mails(), "messages_by_sms": sms.provider() is not None}
    return render(request, "desk/contact.html", context, status=422 if form.errors else 200)


def _kept(kept: Contact) -> dict[str, Any]:
    return {"email": kept.account.email, "by_mail": kept.by_mail, "mobile": kept.mobile, "by_sms": kept.by_sms}


def _keep(kept: Contact, given: dict[str, Any]) -> None:
    kept.account.email = given["email"]
    kept.account.save(update_fields=["email"])
    kept.mobile, kept.by_mail, kept.by_sms = given["mobile"], given["by_mail"], given["by_sms"]
    kept.save()
