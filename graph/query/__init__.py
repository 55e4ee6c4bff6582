"""Asks the graph: links, labels and free SPARQL."""
