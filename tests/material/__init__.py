"""Tests of the edge that fetches keys."""
