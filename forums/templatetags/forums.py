"""A message among others: the same for each, but for what this reader may do with it."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse

from forums.models import Post

register = template.Library()
_TAKEN = ("thread", "forum", "new", "allowed", "csrf_token")


@register.inclusion_tag("forums/_post.html", takes_context=True)
def include_post(context: Context, post: Post) -> dict[str, Any]:
    """Fifty stand on a page: what is the same for all of them is made once."""
    thread = context["thread"]
    if "reply_url" not in context:
        context["reply_url"] = reverse("thread-reply", args=[thread.pk])
        context["thread_url"] = thread.get_absolute_url()
    here = "" if post.is_first else f"?de={post.pk}#message-{post.pk}"
    own = {
        "post": post,
        "pk": str(post.pk),
        "url": context["thread_url"] + here,
        "reply_url": f"{context['reply_url']}?parent={post.pk}",
        "mine": context["acts"].get(post.pk, ()),
    }
    return {name: context.get(name) for name in _TAKEN} | own
