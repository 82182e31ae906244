"""The addresses of the web tier. `access.py` says who may use each; a test compares the two."""

from django.urls import include, path, re_path

from yangguang.web import log
from yangguang.web.accounts import views as accounts
from yangguang.web.acts import countersigning
from yangguang.web.acts import views as acts
from yangguang.web.archiving import views as archiving
from yangguang.web.closing import views as closing
from yangguang.web.desk import reading
from yangguang.web.desk import views as desk
from yangguang.web.evaluation import draw_views as drawing
from yangguang.web.evaluation import views as room
from yangguang.web.screen import views as wall

handler400 = "yangguang.web.errors.bad_request"
handler403 = "yangguang.web.errors.forbidden"
handler404 = "yangguang.web.errors.not_found"
handler500 = "yangguang.web.errors.broken"

urlpatterns = [
    path("", include("yangguang.web.portal.urls")),
    path("", include("yangguang.web.bidding.urls")),
    path("trades/<str:stream>/opening/", include("yangguang.web.hall.urls")),
    path("", include("yangguang.web.authoring.urls")),
    path("", include("yangguang.web.witnessing.urls")),
    path("desk/", desk.desk, name="desk"),
    path("desk/news/", reading.news, name="desk-news"),
    path("desk/news/read/", reading.read, name="desk-read"),
    path("desk/contact/", reading.contact, name="desk-contact"),
    path("register/", acts.register, name="register"),
    path("trades/<str:stream>/do/<str:name>/", acts.inputs, name="act-inputs"),
    path("trades/<str:stream>/contract/", countersigning.contract, name="contract"),
    path("trades/<str:stream>/contract/<str:sha256>", countersigning.file, name="contract-file"),
    path("trades/<str:stream>/draw/", drawing.draw, name="draw"),
    path("trades/<str:stream>/draw/<str:step>/", drawing.do, name="draw-do"),
    path("trades/<str:stream>/room/", room.room, name="room"),
    path("trades/<str:stream>/room/report", room.report, name="room-report"),
    path("trades/<str:stream>/room/<str:sheet>/<str:about>/do/", room.do, name="room-do"),
    path("trades/<str:stream>/room/<str:sheet>/<str:about>/sheet", room.keep, name="room-sheet"),
    path("trades/<str:stream>/room/files/<str:mark>/<int:number>/", room.file, name="room-file"),
    path("trades/<str:stream>/room/files/<str:mark>/<int:number>/raw", room.raw, name="room-file-raw"),
    path("trades/<str:stream>/archive.zip", archiving.archive, name="archive"),
    path("trades/<str:stream>/bonds/", closing.bonds, name="bonds"),
    path("drafts/<str:token>/", acts.check, name="act-check"),
    path("drafts/<str:token>/done/", acts.done, name="act-done"),
    path("drafts/<str:token>/files/<str:sha256>", acts.file, name="act-file"),
    path("drafts/<str:token>/receipt", acts.receipt, name="act-receipt"),
    path("screen/", wall.screen, name="screen"),
    path("screen/board/", wall.board, name="screen-board"),
    path("organisations/", include("yangguang.web.organisations.urls")),
    path("centre/", include("yangguang.web.centre.urls")),
    path("party/", include("yangguang.web.party.urls")),
    path("account/", include("yangguang.web.accounts.urls")),
    path("demo/", accounts.demo, name="demo"),
    path("checkpoint", log.checkpoint, name="checkpoint"),
    path("log-keys", log.log_keys, name="log-keys"),
    re_path(r"^(?P<path>tile/.+)$", log.tile, name="tile"),
]
