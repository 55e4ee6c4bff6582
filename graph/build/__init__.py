"""Turns the sources into RDF 1.1: every annotation becomes a claim with its evidence, and all graphs are merged."""
