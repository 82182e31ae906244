"""The addresses of the bidder's page."""

from django.urls import path

from yangguang.web.bidding import tus, views

urlpatterns = [
    path("trades/<str:stream>/bid/", views.page, name="bidding"),
    path("trades/<str:stream>/bid/document", views.document, name="bid-document"),
    path("trades/<str:stream>/bid/uploads/", tus.uploads, name="bid-uploads"),
    path("trades/<str:stream>/bid/trial/", views.trial, name="bid-trial"),
    path("trades/<str:stream>/bid/receipts/<str:leaf>", views.receipt, name="bid-receipt"),
    path("trades/<str:stream>/bid/files/<str:sha256>", views.sealed_file, name="bid-file"),
    path("uploads/<str:token>", tus.upload, name="bid-upload"),
    path("uploads/<str:token>/result/", views.result, name="bid-result"),
]
