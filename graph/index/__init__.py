"""The SQLite projection of a generation: links, names, qualifiers and roles, as their .rq files define them."""
