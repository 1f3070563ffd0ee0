"""The kinds of resource, one file each. A new kind is one file here and its line in KINDS."""
