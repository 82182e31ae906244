"""NUL, which no keyboard types and PostgreSQL cannot keep, breaks no page."""

import pytest
from django.test import Client

from support.stages import PUBLISHED, trade_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.mark.parametrize("path", ["/trades/%00/", "/trades/%00/entries/1/", "/feeds/%00", "/drafts/a%00b/"])
def test_an_address_that_holds_nul_is_not_found(path):
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("query", ["q=%00", "q=%00中学", "%00=1", "line=%00", "region=%00", "after=%00", "page=%00"])
@pytest.mark.parametrize("path", ["/trades/", "/notices/", "/feeds/notices.json", "/verify/"])
def test_a_query_that_holds_nul_is_answered_as_without_it(path, query):
    trade_at(PUBLISHED)
    without = Client().get(f"{path}?{query.replace('%00', '')}")
    assert Client().get(f"{path}?{query}").status_code == without.status_code < 500


def test_a_form_that_holds_nul_is_answered_as_without_it():
    given = {"login": "a\0b", "password": "\0", "x\0": "y"}
    assert Client().post("/account/login/", given).status_code == 200
    text = "login=a%00&password=b"
    form = "application/x-www-form-urlencoded"
    assert Client().post("/account/login/", text, content_type=form).status_code == 200
