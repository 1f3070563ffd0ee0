"""Forums for programs, under /api/v1/. Rules and acts are those of the site: same answers, same refusals."""
