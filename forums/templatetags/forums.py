"""A message among others: the same for each, but for what this reader may do with it."""

from typing import Any

from django import template
from django.template.context import Context

from forums.models import Post

register = template.Library()
_TAKEN = ("thread", "forum", "new", "allowed", "csrf_token")


@register.inclusion_tag("forums/_post.html", takes_context=True)
def include_post(context: Context, post: Post) -> dict[str, Any]:
    return {name: context.get(name) for name in _TAKEN} | {"post": post, "mine": context["acts"].get(post.pk, ())}
