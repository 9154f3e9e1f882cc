"""The beat tracker's networks: synthetic performances of cleared scores, and their training."""
