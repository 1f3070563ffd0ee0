"""Pooled actions for programs, under /api/v1/pooled-actions/. Shapes come from facts; rules and acts are the site's."""
