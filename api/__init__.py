"""HTTP over the core: negotiation, status codes and routes, and no SPARQL text."""
