"""sitemap.xml and robots.txt: what search engines may read, which is all that the portal lists."""

from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.rules.calendar import legal_date
from yangguang.web.portal.models import Listed
from yangguang.web.portal.projection import catch_up

PAGES = ("home", "trades", "notices", "statistics", "log", "verify")
MOST = 20_000  # of the 50,000 addresses that one sitemap may hold; each trade has two languages
CLOSED = ("/account/", "/desk/", "/drafts/", "/demo/", "/verify/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What robots leave alone."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The pages in both languages and the newest trades."""
    catch_up()
    addresses = [(reverse(name), "") for name in PAGES] + [(reverse(f"en:{name}"), "") for name in PAGES]
    rows = Listed.objects.order_by("-id").values_list("trade__stream", "published_at")[:MOST]
    for stream, at in rows:
        day = legal_date(at).isoformat()
        addresses += [(reverse(name, kwargs={"stream": stream}), day) for name in ("trade", "en:trade")]
    body = "".join(_address(request.build_absolute_uri(path), day) for path, day in addresses)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return HttpResponse(f"{head}{body}</urlset>\n", content_type="application/xml; charset=utf-8")


def _address(url: str, day: str) -> str:
    changed = f"<lastmod>{day}</lastmod>" if day else ""
    return f"<url><loc>{escape(url)}</loc>{changed}</url>\n"
