"""The addresses of party work, below /party/; each is for those with a post in the unit that it names."""

from django.urls import path

from yangguang.web.party.ballots import views as ballots
from yangguang.web.party.burden import views as burden
from yangguang.web.party.development import views as development
from yangguang.web.party.dues import views as dues
from yangguang.web.party.entering import views as entering
from yangguang.web.party.exchanging import trees, whole
from yangguang.web.party.exchanging import views as exchanging
from yangguang.web.party.metrics import views as metrics
from yangguang.web.party.month import views as month
from yangguang.web.party.pairs import views as pairs
from yangguang.web.party.people import views as people
from yangguang.web.party.records import views as records
from yangguang.web.party.registers import signing_off
from yangguang.web.party.registers import views as registers
from yangguang.web.party.reports import views as reports
from yangguang.web.party.risks import views as risks
from yangguang.web.party.rooms import views as rooms
from yangguang.web.party.tasks import rounds
from yangguang.web.party.tasks import views as tasks

urlpatterns = [
    path("", registers.units, name="party"),
    path("<str:code>/", month.month, name="party-month"),
    path("<str:code>/people/", people.people, name="party-people"),
    path("<str:code>/people/<str:name>/", people.do, name="party-people-do"),
    path("<str:code>/tasks/", tasks.tasks, name="party-tasks"),
    path("<str:code>/tasks/agenda/", rounds.agenda, name="party-agenda"),
    path("<str:code>/tasks/assessment/", rounds.assessment, name="party-assessment"),
    path("<str:code>/tasks/table.xlsx", rounds.table, name="party-task-table"),
    path("<str:code>/tasks/import/", trees.bring, name="party-tree"),
    path("<str:code>/tasks/template.xlsx", trees.template, name="party-tree-template"),
    path("<str:code>/pairs/", pairs.pairs, name="party-pairs"),
    path("<str:code>/development/", development.steps, name="party-development"),
    path("<str:code>/dues/", dues.dues, name="party-dues"),
    path("<str:code>/risks/", risks.risks, name="party-risks"),
    path("<str:code>/risks/answer/", risks.answer, name="party-risk-answer"),
    path("<str:code>/reports/", reports.reports, name="party-reports"),
    path("<str:code>/reports/<int:number>/", reports.report, name="party-report"),
    path("<str:code>/reports/<int:number>/figure/", reports.figure, name="party-figure"),
    path("<str:code>/reports/<int:number>/paper.docx", reports.paper, name="party-report-paper"),
    path("<str:code>/reports/<int:number>/do/<str:name>/", reports.do, name="party-report-do"),
    path("<str:code>/metrics/", metrics.metrics, name="party-metrics"),
    path("<str:code>/metrics/<str:metric>/", metrics.metric, name="party-metric"),
    path("<str:code>/burden/", burden.burden, name="party-burden"),
    path("<str:code>/tables/", exchanging.tables, name="party-tables"),
    path("<str:code>/package.zip", whole.package, name="party-package"),
    path("<str:code>/registers/", registers.registers, name="party-registers"),
    path("<str:code>/calendar/", registers.month, name="party-calendar"),
    path("<str:code>/rooms/", rooms.rooms, name="party-rooms"),
    path("<str:code>/registers/<str:register>/", registers.register, name="party-register"),
    path("<str:code>/registers/<str:register>/new/", entering.new, name="party-new"),
    path("<str:code>/registers/<str:register>/import/", exchanging.bring, name="party-import"),
    path("<str:code>/registers/<str:register>/template.xlsx", exchanging.template, name="party-template"),
    path("<str:code>/registers/<str:register>/export/", exchanging.export, name="party-export"),
    path("<str:code>/registers/<str:register>/sign-off/", signing_off.sign_off, name="party-sign-off"),
    path("<str:code>/records/<int:number>/", records.record, name="party-record"),
    path("<str:code>/records/<int:number>/letter.docx", records.letter, name="party-letter"),
    path("<str:code>/records/<int:number>/done/", entering.done, name="party-done"),
    path("<str:code>/records/<int:number>/correct/", entering.correct, name="party-correct"),
    path("<str:code>/records/<int:number>/roll/", entering.roll, name="party-roll"),
    path("<str:code>/records/<int:number>/do/<str:name>/", records.do, name="party-do"),
    path("<str:code>/records/<int:number>/ballot/", ballots.ballot, name="party-ballot"),
    path("<str:code>/records/<int:number>/sealed/", records.sealed, name="party-sealed"),
    path("<str:code>/records/<int:number>/files/<str:sha256>", records.file, name="party-file"),
]
