"""The one story: collect, judge, compare, tell. The only room that joins checks, sources and models."""
