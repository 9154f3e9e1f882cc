"""Manifests, shards, views, the engine that maps over shards, safe names."""
