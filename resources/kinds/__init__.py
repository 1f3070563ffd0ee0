"""The kinds of resource, one file each. A new kind is one file here and its line in KINDS."""

from resources.kinds.facts import completeness, default_data, is_empty, public_facts
from resources.kinds.registry import KINDS
from resources.kinds.shape import Fact, Kind, Step, Type
from resources.kinds.validate import tolerate, validate
from rtes_hub.themes import THEMES

__all__ = [
    "KINDS",
    "THEMES",
    "Fact",
    "Kind",
    "Step",
    "Type",
    "completeness",
    "default_data",
    "is_empty",
    "public_facts",
    "tolerate",
    "validate",
]
