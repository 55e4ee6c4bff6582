"""Answers the questions of the command line and the service from a generation's index."""
