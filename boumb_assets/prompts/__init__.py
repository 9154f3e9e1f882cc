"""French and English: the reader of a request, the wording of facts."""
