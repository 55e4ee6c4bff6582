"""Measurements of edugraph beside other engines, over synthetic data of the project's own shape."""
