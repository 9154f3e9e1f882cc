"""One HTTP app that speaks the apps' protocols."""
