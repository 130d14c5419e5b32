"""What is measured, each part by one command."""
