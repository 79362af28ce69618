"""The notice that goes along with what leaves, for templates of any room."""

from django import template

from handrail.library import statements

register = template.Library()


@register.simple_tag
def part2_notice() -> str:
    return statements.notice()
