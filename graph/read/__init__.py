"""Reads the sources, hand-written Turtle with RDF 1.2 annotations, and knows the line of every statement."""
