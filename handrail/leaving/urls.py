from django.urls import path

from handrail.leaving import pages

urlpatterns = [
    path("me/export", pages.export, name="export"),
    path("me/export/<id:archive>", pages.export_file, name="export-file"),
    path("me/erase", pages.erase, name="erase"),
    path("me/erase/keep", pages.keep, name="keep"),
    path("me/import", pages.move_in, name="import"),
    path("gone", pages.gone, name="gone"),
]
