"""Draws the pictures under `content/en/pictures/`: standard library only, one hand for all of them."""
