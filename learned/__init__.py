"""What our own small networks learn, and from what: scripts, not part of the installed package."""
