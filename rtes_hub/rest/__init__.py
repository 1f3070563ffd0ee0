"""What every address under /api/v1/ shares: errors, pages, limits, refusal of what is unknown, the description."""
