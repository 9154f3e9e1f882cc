"""The folder that the hub expects, with its card and its attributions."""
