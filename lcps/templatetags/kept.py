"""`{% form_owner %}`: the field that lets typed values survive the end of a session (regions/people/kept.py)."""

from django import template
from django.template import Context
from django.urls import resolve
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lcps import policy
from regions.people import kept

register = template.Library()


@register.simple_tag(takes_context=True)
def form_owner(context: Context, page: str = "") -> SafeString | str:
    """The hidden field. `page` is where the form stands; by default the page that is being shown."""
    # A part that is included with `only` has no name for it, but is of the same request.
    request = context.get("request") or getattr(context, "request", None)
    if request is None or not request.user.is_authenticated:
        return ""
    rule = policy.TABLE.get(resolve(request.path).view_name)
    if not page and (rule is None or not rule.admits("GET")):
        return ""  # shown in answer to a post: there is no page to come back to
    value = kept.owner(request, page or request.get_full_path())
    return format_html('<input type="hidden" name="{}" value="{}">', kept.FIELD, value)
