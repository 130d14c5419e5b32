"""Measures of the hands-free client."""
