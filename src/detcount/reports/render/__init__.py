"""The renderers: each sets a document in one format."""
