"""The formats that a document can be set in, a module each: the only place with a language and a format."""
