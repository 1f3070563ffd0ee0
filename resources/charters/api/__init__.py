"""Charters and pledges for programs, under /api/v1/charters/ and /api/v1/pledges/. Rules and acts are the site's."""
