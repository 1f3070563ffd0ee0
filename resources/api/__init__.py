"""Resources for programs, under /api/v1/. Shapes come from the kinds; rules and acts are those of the site."""
