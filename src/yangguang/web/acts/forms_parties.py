"""Forms of 主体、证书 and 授权委托: for the centre any organisation, for an administrator the own one."""

from collections.abc import Collection
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError

from yangguang.parties.certificates import read_certificate
from yangguang.parties.models import Application, Appointment, Office, Organisation, Person
from yangguang.rules.calendar import legal_date
from yangguang.trading.acts.organisations import (
    confirm_organisation,
    end_certificate,
    register_certificate,
    reject_organisation,
)
from yangguang.trading.acts.powers import LONGEST_NAME, end_power, grant_power, manageable
from yangguang.trading.models import Centre, Trade
from yangguang.trading.roles import Role
from yangguang.web.acts.fields import pick, text_line
from yangguang.web.acts.forms import ActForm, form_of
from yangguang.web.acts.forms_authorities import said_of
from yangguang.web.acts.registration import OrganisationField, organisation_of
from yangguang.web.acts.uploads import CERTIFICATE
from yangguang.witness import evidence
from yangguang.witness.guards import LONGEST_REASON

NEW, WHOLE = "", ""


class ApplicationForm(ActForm):
    """What waits for the centre's answer, picked by its number."""

    asks = ("application",)
    labels: ClassVar[dict[str, str]] = {"application": "申请", "reason": "不予通过的原因"}
    hints: ClassVar[dict[str, str]] = {"reason": "会告知申请人。"}

    def _add(self, name: str, form: Any) -> None:  # noqa: ARG002 - every field is made here
        if name == "application":
            waiting = Application.objects.filter(decision=Application.Decision.WAITING).order_by("pk")
            self.offer(name, [(one.pk, f"{one.name}　{one.code}") for one in waiting], coerce=int)
        elif name == "reason":
            self.fields[name] = text_line(label=self.labels[name], most=LONGEST_REASON, help_text=self.hints[name])

    def shown(self) -> list[tuple[str, str]]:
        """The application whole, to compare it with the register of organisations."""
        asked = Application.objects.get(pk=self.cleaned_data["application"])
        kinds = "、".join(str(Application.Kind(one).label) for one in asked.kinds)
        rows = [
            ("单位名称", asked.name), ("统一社会信用代码", asked.code), ("参加交易的身份", kinds),
            ("联系人", f"{asked.contact}　{asked.phone}"),
        ]  # fmt: skip
        proven = "申请人登录后提交，没有使用单位证书"
        if asked.certificate:
            proven = "申请人已用下面的单位证书证明身份"
            rows += [("身份证明", proven), *said_of(read_certificate(asked.certificate.encode()))]
        else:
            rows.append(("身份证明", proven))
        return [*rows, *([("不予通过的原因", self.cleaned_data["reason"])] if "reason" in self.fields else [])]


@form_of(confirm_organisation)
class ConfirmForm(ApplicationForm):
    """核验通过."""


@form_of(reject_organisation)
class RejectForm(ApplicationForm):
    """不予通过."""


class OwnAffairsForm(ActForm):
    """The organisation first: the administrator's own, or the one that the centre names."""

    asks: ClassVar[Collection[str]] = ("organisation",)

    def _add(self, name: str, form: Any) -> None:
        label, hint = self.labels.get(name, name), self.hints.get(name, "")
        if name == "organisation":
            self._add_organisation(label)
        elif name == "reason":
            self.fields[name] = text_line(label=label, most=LONGEST_REASON, help_text=hint)
        else:
            super()._add(name, form)

    def choose(self) -> None:
        """In the order in which people think of it."""
        self.order_fields(list(self.labels))

    def _add_organisation(self, label: str) -> None:
        if self.by_centre:
            self.fields["organisation"] = OrganisationField(label=label, help_text="名称或者统一社会信用代码。")
            return
        mine = Organisation.objects.filter(code=self.actor.organisation)
        self.offer("organisation", [(one.code, one.name) for one in mine])

    @property
    def by_centre(self) -> bool:
        """Whether the centre's staff fills it in."""
        return self.trade.has_role(self.actor, Role.CENTRE)

    @property
    def owner(self) -> Organisation | None:
        """The organisation as far as it is known while the form is made."""
        given = (self.data if self.is_bound else self.initial).get("organisation", "")
        code = str(given) or ("" if self.by_centre else self.actor.organisation)
        try:
            return organisation_of(code) if code else None
        except ValidationError:
            return None

    def people(self) -> list[tuple[str, str]]:
        """Whoever acts or acted for the organisation, by mark."""
        known = Person.objects.filter(appointments__organisation=self.owner) if self.owner else Person.objects.none()
        return list(known.distinct().order_by("name", "pk").values_list("mark", "name"))

    def inputs(self) -> dict[str, Any]:
        """The organisation by its code, as the acts take it."""
        given = super().inputs()
        if isinstance(given.get("organisation"), Organisation):
            given["organisation"] = given["organisation"].code
        return given


@form_of(register_certificate)
class RegisterCertificateForm(OwnAffairsForm):
    """登记证书."""

    labels = {"organisation": "单位", "certificate": "数字证书", "person": "登记在谁名下"}
    hints = {"certificate": ".cer、.crt 或 .pem，只含公钥。下一步显示证书内容。"}
    kinds = {"certificate": CERTIFICATE}

    def _add(self, name: str, form: Any) -> None:
        if name == "person":
            self.fields[name] = pick([(NEW, "单位（机构证书）"), *self.people()], label=self.labels[name])
            self.fields[name].required = False
        else:
            super()._add(name, form)

    def shown(self) -> list[tuple[str, str]]:
        """With what the certificate says."""
        owner = self.labels["person"]
        rows = [(label, text or "单位（机构证书）" if label == owner else text) for label, text in super().shown()]
        return [*rows, *said_of(read_certificate(evidence.read(self.kept["certificate"]["sha256"])))]


@form_of(end_certificate)
class EndCertificateForm(OwnAffairsForm):
    """停用证书."""

    asks = ("organisation", "fingerprint")
    labels = {"organisation": "单位", "fingerprint": "证书指纹（SHA-256）", "reason": "停用原因"}
    hints = {"reason": "例如：证书遗失、人员离职、已换新证书。停用后不能恢复。"}

    def _add(self, name: str, form: Any) -> None:
        if name == "fingerprint":
            self.fields[name] = text_line(label=self.labels[name], most=64)
        else:
            super()._add(name, form)


@form_of(grant_power)
class GrantPowerForm(OwnAffairsForm):
    """授权委托."""

    labels = {
        "organisation": "单位",
        "person": "授权给谁",
        "name": "新人员的姓名",
        "office": "岗位",
        "valid_from": "自哪一天起",
        "valid_until": "至哪一天",
        "stream": "办理范围",
        "document": "授权委托书",
    }
    hints = {
        "name": "上面选了“新的人员”才填写。新人员用单位证书登录，或者另行登记本人的证书。",
        "office": "单位管理员可以为本单位办理授权、登记和停用证书。",
        "valid_until": "当日仍有效，次日起自动失效；没有期限的留空。",
        "stream": "只限一个项目的，填写该项目的交易标识码；全部项目的留空。",
        "document": "PDF，签字盖章的授权委托书；不公开。",
    }

    def _add(self, name: str, form: Any) -> None:
        label, hint = self.labels[name], self.hints.get(name, "")
        match name:
            case "person":
                self.fields[name] = pick([*self.people(), (NEW, "新的人员")], label=label)
                self.fields[name].required = False
            case "name":
                self.fields[name] = text_line(label=label, most=LONGEST_NAME, help_text=hint, required=False)
                self.fields[name].alternative = True  # type: ignore[attr-defined] # asked for by `clean`
            case "office":
                self.fields[name] = pick(self._offices(), label=label, hint=hint)
            case "stream":
                self.fields[name] = text_line(label=label, most=64, help_text=hint, required=False)
            case _:
                super()._add(name, form)

    def _offices(self) -> list[tuple[str, str]]:
        own = [Office.HANDLER, Office.ADMINISTRATOR]
        return [(one.value, str(one.label)) for one in (Office if self.by_centre else own)]

    def initials(self) -> dict[str, Any]:
        """From today on."""
        return {"valid_from": legal_date(self.at), "office": Office.HANDLER.value}

    def clean(self) -> dict[str, Any]:
        """Somebody known or somebody new, and the days in their order."""
        cleaned = super().clean()
        if not cleaned.get("person") and not cleaned.get("name", "").strip():
            self.add_error("name", "请填写新人员的姓名，或者在上面选择。")
        if cleaned.get("person") and cleaned.get("name", "").strip():
            self.add_error("name", "已在上面选择了人员，这里应留空。")
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", "不能早于开始之日。")
        return cleaned

    def shown(self) -> list[tuple[str, str]]:
        """With the title of the one trade."""
        stream = self.cleaned_data.get("stream", "").strip()
        trade = Trade.objects.filter(stream=stream).select_related("tender").first() if stream else None
        told = f"只限 {trade.tender.title} {trade.title}（{stream}）" if trade else f"没有这个项目：{stream}"
        scope = told if stream else "全部项目"
        said = {self.labels["stream"]: scope}
        if not self.cleaned_data.get("person"):
            said[self.labels["person"]] = "新的人员"
        return [(label, said.get(label, text)) for label, text in super().shown()]

    def inputs(self) -> dict[str, Any]:
        """The trade's code without blanks."""
        given = super().inputs()
        return given | {"stream": given.get("stream", "").strip()}


@form_of(end_power)
class EndPowerForm(ActForm):
    """终止授权."""

    asks = ("power",)
    labels = {"power": "授权", "reason": "终止原因"}

    def _add(self, name: str, form: Any) -> None:  # noqa: ARG002 - every field is made here
        if name == "reason":
            self.fields[name] = text_line(label=self.labels[name], most=LONGEST_REASON)
            return
        self.fields[name] = forms.IntegerField(label=self.labels[name], widget=forms.HiddenInput)

    def clean_power(self) -> int:
        """One that whoever asks may end."""
        number: int = self.cleaned_data["power"]
        if not manageable(cast("Centre", self.trade), self.actor).filter(pk=number).exists():
            raise ValidationError("请从人员和授权的页面选择。")
        return number

    def shown(self) -> list[tuple[str, str]]:
        """Whose power it is."""
        held = Appointment.objects.select_related("person", "organisation").get(pk=self.cleaned_data["power"])
        until = held.valid_until or "长期"
        return [
            ("单位", held.organisation.name),
            ("人员", held.person.name),
            ("岗位", str(Office(held.office).label)),
            ("期限", f"{held.valid_from} 至 {until}"),
            ("终止原因", self.cleaned_data["reason"]),
        ]
