"""The addresses of tender authoring."""

from django.urls import path

from yangguang.web.authoring import views

urlpatterns = [
    path("trades/<str:stream>/document/", views.page, name="document"),
    path("trades/<str:stream>/document/typed/", views.typed, name="document-typed"),
    path("trades/<str:stream>/document/terms.json", views.terms, name="document-terms"),
    path("trades/<str:stream>/document/score.json", views.score, name="document-score"),
    path("trades/<str:stream>/document/notice.pdf", views.notice, name="document-notice"),
    path("trades/<str:stream>/document/document.pdf", views.document, name="document-paper"),
    path("trades/<str:stream>/document/review/", views.review, name="document-review"),
    path("trades/<str:stream>/document/change/", views.change, name="document-change"),
]
