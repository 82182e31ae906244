"""The addresses of the portal: each page in Chinese and, under /en/, in English; files and feeds once."""

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from yangguang.web.portal import checking, feeds, lists, logs, sitemap, statistics, views

pages: list[URLPattern] = [
    path("", views.home, name="home"),
    path("trades/", lists.trades, name="trades"),
    path("notices/", lists.notices, name="notices"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("trades/<str:stream>/", views.trade, name="trade"),
    path("trades/<str:stream>/entries/<int:sequence>/", views.entry, name="entry"),
    path("log/", logs.front, name="log"),
    path("log/entry/", logs.jump, name="log-jump"),
    path("log/entries/<int:index>/", logs.entry, name="log-entry"),
    path("log/growth/", logs.growth, name="log-growth"),
    path("verify/", checking.verify, name="verify"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    *pages,
    path("en/", include((pages, "en"))),
    path("trades/<str:stream>/entries/<int:sequence>/files/<str:sha256>", views.file, name="entry-file"),
    path("verify/verify.py", checking.verifier, name="verifier"),
    path("feeds/notices.atom", feeds.atom, name="feed-atom"),
    path("feeds/notices.json", feeds.releases, name="feed-json"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("robots.txt", sitemap.robots, name="robots"),
]
