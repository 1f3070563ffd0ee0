"""Pages of pooled actions: each view finds, acts and answers."""
