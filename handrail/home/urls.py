from django.urls import path

from handrail.home import supporter

urlpatterns = [
    path("s/today", supporter.s_today, name="s-today"),
    path("s/<id:owner>", supporter.s_person, name="s-person"),
    path("people/<id:membership>/see", supporter.member_see, name="member-see"),
]
