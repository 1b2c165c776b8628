"""A person's own messages: unread first, fifty to a page."""

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q

from communications.post.models import Message
from regions.models import User

PAGE_SIZE = 50


def messages_of(user: User, page: str | None) -> Page[Message]:
    """The messages in LCPS of one person."""
    is_read = ExpressionWrapper(
        Q(read_at__isnull=False) | Q(done_at__isnull=False), output_field=BooleanField()
    )
    mine = Message.objects.in_app_for(user.pk).annotate(is_read=is_read)
    return Paginator(mine.order_by("is_read", "-created_at", "-pk"), PAGE_SIZE).get_page(page)


def unread_ids(user: User) -> list[int]:
    return list(Message.objects.in_app_for(user.pk).unread().values_list("pk", flat=True))


def link_of(user: User, message: str) -> str:
    """The page a message of one's own points to; empty when there is none."""
    if not message.isdecimal() or len(message) > 18:
        return ""
    found = Message.objects.in_app_for(user.pk).filter(pk=int(message)).first()
    is_ours = found is not None and found.link.startswith("/") and not found.link.startswith("//")
    return found.link if found is not None and is_ours else ""
