from django.urls import path

from handrail.consents import given, pages

#: Neutral words: addresses stand in the browser's history.
urlpatterns = [
    path("papers", pages.papers, name="consents"),
    path("papers/add", pages.add, name="consent-add"),
    path("papers/given", given.lines, name="given"),
    path("papers/given/print", given.on_paper, name="given-print"),
    path("papers/given/list.pdf", given.as_pdf, name="given-pdf"),
    path("papers/given/list.csv", given.as_csv, name="given-csv"),
    path("papers/<id:consent>", pages.paper, name="consent"),
    path("papers/<id:consent>/change", pages.change, name="consent-change"),
    path("papers/<id:consent>/sign", pages.sign, name="consent-sign"),
    path("papers/<id:consent>/end", pages.end, name="consent-end"),
    path("papers/<id:consent>/renew", pages.renew, name="consent-renew"),
    path("papers/<id:consent>/print", pages.on_paper, name="consent-print"),
    path("papers/<id:consent>/page.pdf", pages.as_pdf, name="consent-pdf"),
    path("papers/<id:consent>/copy", pages.copy, name="consent-copy"),
    path("people/<id:membership>/papers", pages.for_place, name="consent-for"),
    path("s/<id:owner>/papers", pages.scope, name="s-consent"),
]
