"""The ledger: what may be done with each file, by layer, deny by default."""
