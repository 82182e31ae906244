"""Doing acts in pages as a browser does: signed in as somebody of a scene, with forms, files and signatures."""

import base64
import html
import json
import re
from contextlib import contextmanager

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.scenes import Scene
from yangguang.parties.models import Person
from yangguang.proof.signatures import sign
from yangguang.trading.models.tenders import CENTRE_ACTS
from yangguang.web import demo_mode
from yangguang.web.accounts.acting import KEY
from yangguang.web.accounts.models import Account

PDF_BYTES = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


def pdf(name="文件.pdf", *, body=PDF_BYTES):
    return SimpleUploadedFile(name, body, content_type="application/pdf")


def signed_in(actor):
    """A client signed in as the person of an actor, acting for the actor's organisation."""
    person = Person.objects.get(mark=actor.person)
    account = Account.objects.filter(person=person).first()
    account = account or Account.objects.create(username=f"u-{person.mark}", person=person)
    client = Client()
    client.force_login(account, backend="yangguang.web.accounts.backends.AccountBackend")
    session = client.session
    session[KEY] = actor.organisation
    session.save()
    return client


class Desk:
    """One person of a scene in front of a browser."""

    def __init__(self, scene: Scene, by: str) -> None:
        self.scene, self.by = scene, by
        with self.now():
            self.client = signed_in(scene.actor(by))

    @contextmanager
    def now(self):
        with time_machine.travel(self.scene.at - demo_mode.ahead(), tick=False):  # where a house stands, ahead is added
            yield

    def address(self, act):
        stream = self.scene.cast.centre.stream if act in CENTRE_ACTS else self.scene.stream
        return f"/trades/{stream}/do/{act}/"

    def open(self, act):
        with self.now():
            return self.client.get(self.address(act))

    def get(self, address, **options):
        with self.now():
            return self.client.get(address, **options)

    def fill(self, act, data, *, page=None, address=None):
        """Fill the form of the page (a fresh one) and go on."""
        page = page or self.open(act)
        with self.now():
            return self.client.post(address or self.address(act), {"draft_pass": draft_pass(page), **data})

    def confirm(self, check, **changed):
        """Sign what waits on a check page, as its script does, and confirm."""
        page = self.get(check)
        given = {"version": hidden(page, "version"), "signatures": json.dumps(self.signatures(page)), **changed}
        with self.now():
            return self.client.post(check, given)

    def signatures(self, page):
        found = re.findall(r'data-to-sign="([^"]*)" data-statement="([^"]*)"', page.content.decode())
        return {html.unescape(field): self.sign(base64.b64decode(data)) for field, data in found}

    def sign(self, data):
        pair = self.scene.who(self.by).signing
        return sign(data=data, key=pair.key, certificate=pair.certificate).to_json()

    def do(self, act, data):
        """All three steps; the done page."""
        filled = self.fill(act, data)
        assert filled.status_code == 302, errors(filled)
        confirmed = self.confirm(filled["Location"])
        assert confirmed.status_code == 302, errors(confirmed)
        return self.get(confirmed["Location"])


def draft_pass(page):
    return hidden(page, "draft_pass")


def hidden(page, name):
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.content.decode())
    return html.unescape(found[1]) if found else ""


def errors(page):
    """What a page complains of, in words."""
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))
    return f"{page.status_code}: {text[:3000]}"
