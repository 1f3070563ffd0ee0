"""Two demonstration hubs: who is there, what they share, say and do together. All of it is invented (data/)."""
