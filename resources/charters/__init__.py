"""Charters: who pledges which measures, here and on other hubs, and how far each has come (domain.md §1.9).

The charter itself is a resource. Its hub is the only writer of the scoreboard. The hub of a collectivité is the only
author of its pledge: it says it whole, by gestures, each of which makes the earlier ones useless.
"""
