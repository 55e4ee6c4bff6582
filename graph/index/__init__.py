"""The SQLite projection of a generation: what its .rq files say of links, names, dates, facets and the rest."""
