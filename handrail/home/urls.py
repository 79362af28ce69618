from django.urls import path

from handrail.home import pages, staff, supporter

urlpatterns = [
    path("today", pages.today, name="today"),
    path("today/travel", pages.travel, name="travel"),
    path("s/today", supporter.s_today, name="s-today"),
    path("s/<id:owner>", supporter.s_person, name="s-person"),
    path("c/p/<id:owner>", staff.c_person, name="c-person"),
    path("people/<id:membership>/see", supporter.member_see, name="member-see"),
]
