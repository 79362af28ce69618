from datetime import date

from django.urls import path, register_converter

from handrail.checkins import note_pages, pages


class DayConverter:
    """`<day:day>`: 2026-03-31. A day that is in no calendar is no page."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

urlpatterns = [
    path("checkin", pages.checkin, name="checkin"),
    path("checkin/<day:day>", pages.checkin_late, name="checkin-late"),
    path("checkin/<id:checkin>", pages.checkin_change, name="checkin-change"),
    path("checkin/<id:checkin>/undo", pages.checkin_undo, name="checkin-undo"),
    path("checkin/<id:checkin>/show", note_pages.show_checkin, name="checkin-show"),
    path("d/<day:day>", pages.hard_day, name="day"),
    path("d/<day:day>/show", note_pages.show_day, name="day-show"),
    path("d/<day:day>/noted", pages.hard_day_noted, name="day-noted"),
    path("d/<day:day>/hide", pages.day_hide, name="day-hide"),
    path("d/<day:day>/delete", pages.hard_day_delete, name="day-delete"),
    path("trends", pages.trends, name="trends"),
    path("trends/table", pages.trends_table, name="trends-table"),
    path("start-day", pages.start_day, name="start-day"),
]
