"""Draws the pictures under `content/pictures/`: standard library only, one hand for all of them."""
