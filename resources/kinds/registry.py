"""Every kind there is."""

from resources.kinds.charter import CHARTER
from resources.kinds.good_practice import GOOD_PRACTICE
from resources.kinds.policy_note import POLICY_NOTE
from resources.kinds.pooled_action import POOLED_ACTION
from resources.kinds.shape import Kind

KINDS: dict[str, Kind] = {kind.slug: kind for kind in (GOOD_PRACTICE, POLICY_NOTE, POOLED_ACTION, CHARTER)}
