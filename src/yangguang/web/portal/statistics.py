"""统计: every number leads to the list behind it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yangguang.web.portal.figures import groups
from yangguang.web.portal.projection import catch_up


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """The figures of all published trades and notices."""
    catch_up()
    return render(request, "portal/statistics.html", {"groups": groups()})
