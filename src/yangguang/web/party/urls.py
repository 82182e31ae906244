"""The addresses of party work, below /party/; each is for those with a post in the unit that it names."""

from django.urls import path

from yangguang.web.party.entering import views as entering
from yangguang.web.party.records import views as records
from yangguang.web.party.registers import views as registers

urlpatterns = [
    path("", registers.units, name="party"),
    path("<str:code>/registers/", registers.registers, name="party-registers"),
    path("<str:code>/calendar/", registers.month, name="party-calendar"),
    path("<str:code>/registers/<str:register>/", registers.register, name="party-register"),
    path("<str:code>/registers/<str:register>/new/", entering.new, name="party-new"),
    path("<str:code>/records/<int:number>/", records.record, name="party-record"),
    path("<str:code>/records/<int:number>/done/", entering.done, name="party-done"),
    path("<str:code>/records/<int:number>/correct/", entering.correct, name="party-correct"),
    path("<str:code>/records/<int:number>/roll/", entering.roll, name="party-roll"),
    path("<str:code>/records/<int:number>/do/<str:name>/", records.do, name="party-do"),
    path("<str:code>/records/<int:number>/sealed/", records.sealed, name="party-sealed"),
    path("<str:code>/records/<int:number>/files/<str:sha256>", records.file, name="party-file"),
]
