"""Places and collectivités can be followed; everyone may see them."""

from rtes_hub.accounts.models import User
from rtes_hub.notices.registry import may_see
from rtes_hub.territories.models import Member, Territory


@may_see("territory")
def _territory(_user: User, pk: str) -> bool:
    return Territory.objects.filter(pk=pk).exists()


@may_see("member")
def _member(_user: User, uri: str) -> bool:
    return Member.objects.filter(actor_uri=uri).exists()
