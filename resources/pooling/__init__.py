"""Pooled actions: what several collectivités do together, here and across hubs (domain.md §1.4).

The action itself is a resource. The hub of its lead is the only writer of what is shared: participants, needs, budget,
shares, milestones, decisions. Other hubs mirror it, and ask by gestures.
"""
