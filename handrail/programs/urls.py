from django.urls import path

from handrail.programs.pages import links, operator, person, staff

urlpatterns = [
    # for the person
    path("people/programs", person.choose, name="programs"),
    path("people/programs/<id:program>", person.add, name="program-add"),
    path("people/<id:programplace>/staff", person.staff, name="member-staff"),
    # for those who work at a program
    path("c/people", staff.people, name="c-people"),
    path("c/p/<id:owner>/end", staff.part, name="c-part"),
    path("c/staff/<id:program>", staff.staff, name="c-staff"),
    path("c/staff/<id:program>/leave", staff.leave, name="c-leave"),
    path("c/staff/<id:program>/link/<id:offer>", staff.compare, name="c-compare"),
    path("c/staff/<id:program>/<id:staff>/end", staff.end_staff, name="c-staff-end"),
    # for whoever runs the install
    path("o", operator.home, name="o-home"),
    path("o/log", operator.log, name="o-log"),
    path("o/programs/add", operator.add, name="o-add"),
    path("o/programs/<id:program>", operator.program, name="o-program"),
    path("o/programs/<id:program>/close", operator.close, name="o-close"),
    path("o/programs/<id:program>/link/<id:offer>", operator.compare, name="o-compare"),
    path("o/posts/add", operator.post, name="o-post"),
    path("o/posts/<id:post>/end", operator.end_post, name="o-post-end"),
    # one-time links
    path("w/<code:link>", links.offer, name="offer"),
    path("w/<code:link>/take", links.take, name="offer-take"),
    path("w/<code:link>/wait", links.wait, name="offer-wait"),
]
