"""`python -m boumb_assets` is the `boumb` command."""

from boumb_assets.cli import main

main()
