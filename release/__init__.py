"""What happens around a release: checks that need no network, and a bundle for those who have none."""
